"""What must hold after every step and at the end, read from X's ledger and from raw rows.

Nothing here asks the engine: states are read with plain SQL, and who approved which words is the
judge's own notebook, written when an action of a person has answered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection

from yanzhen.activity.feed import verify
from yanzhen.publishing.tests.simulation.remote import RemoteX, Shown
from yanzhen.publishing.tests.simulation.world import World

GRACE = timedelta(minutes=15)
TIMEOUT = timedelta(seconds=20)
IN_HAND = ("claimed", "sending")
RESTING = ("published", "cancelled", "held", "missed", "failed")
#: Moves that people read about: each must come with an event in the same transaction.
TOLD = ("ambiguous", "published", "held", "missed", "failed", "cancelled")
_ROWS = """
SELECT d.id, d.post_id, d.account_id, d.position, d.state, d.state_version, d.epoch, d.due_at,
       d.hold_reason, d.remote_id, d.after_id, d.doubt, d.checks_done, d.text, d.kind, d.target_id,
       d.owner, d.lease_until_at,
       p.due_at, p.campaign_id, p.state, a.remote_id
FROM publishing_delivery d
JOIN planning_post p ON p.id = d.post_id JOIN channels_account a ON a.id = d.account_id
ORDER BY d.id
"""
_ATTEMPTS = """
SELECT id, delivery_id, number, epoch, payload_hash, intended_at, deadline_at, open, conclusion
FROM publishing_attempt ORDER BY id
"""
#: A gate of another team closes nothing here.
_GATES = """
    SELECT scope, account_id, campaign_id FROM publishing_gate WHERE frozen AND (
        workspace_id IS NULL OR workspace_id IN (SELECT workspace_id FROM publishing_delivery))
"""
_HEADS = "SELECT coalesce(sum(number), 0) FROM activity_chainhead"


@dataclass(slots=True)
class Row:
    """One delivery as it lies in the database, with its post's plan."""

    pk: int
    post: int
    account: int
    position: int
    state: str
    version: int
    epoch: int
    due_at: datetime
    reason: str
    remote_id: str
    after: int | None
    doubt: str
    checks: int
    text: str
    kind: str
    target: str
    owner: str
    lease_until_at: datetime | None
    planned_at: datetime | None
    campaign: int | None
    post_state: str
    x_account: str

    @property
    def place(self) -> tuple:
        return (self.due_at, self.post, self.position)


@dataclass(slots=True)
class Try:
    """One attempt as it lies in the database."""

    pk: int
    delivery: int
    number: int
    epoch: int
    payload_hash: str
    intended_at: datetime
    deadline_at: datetime
    open: bool
    conclusion: str


@dataclass
class Approved:
    """What the notebook says of a post: its words and who else than its writers passed them."""

    texts: tuple[str, ...]
    by: set[int]
    valid: bool = True


@dataclass
class Judge:
    """Collects violations; the first of them makes a seed red."""

    world: World
    x: RemoteX
    approved: dict[int, Approved]
    names: dict[int, str]
    faults: list[str] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)
    tries: dict[int, Try] = field(default_factory=dict)
    closed: list[tuple] = field(default_factory=list)
    events: int = 0
    touched: set[int] = field(default_factory=set)
    missed_while_frozen: dict[int, datetime] = field(default_factory=dict)
    written: list[tuple[int, int]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def fault(self, rule: str, what: str) -> None:
        self.faults.append(f"{rule}: {what}")
        self.world.say(f"*** {rule}: {what}")
        self.world.over = True

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def name(self, row: Row) -> str:
        return f"{self.names.get(row.post, row.post)}.{row.position}"

    def _read(self) -> tuple[dict[int, Row], dict[int, Try], list[tuple], int]:
        self.world.watching = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(_ROWS)
                rows = {r[0]: Row(*_aware(r)) for r in cursor.fetchall()}
                cursor.execute(_ATTEMPTS)
                tries = {r[0]: Try(*_aware(r)) for r in cursor.fetchall()}
                cursor.execute(_GATES)
                gates = cursor.fetchall()
                cursor.execute(_HEADS)
                return rows, tries, gates, int(cursor.fetchone()[0])
        finally:
            self.world.watching = False

    def look(self) -> None:
        """Compare what the database holds now with what it held after the step before."""
        rows, tries, self.closed, events = self._read()
        told = events > self.events
        self._ledger_only_grows(tries)
        before, self.rows, self.tries, self.events = self.rows, rows, tries, events
        for pk in set(before) - set(rows):
            self.fault("lost", f"delivery {pk} was deleted")
        for row in rows.values():
            old = before.get(row.pk)
            if old is None or old.version != row.version or old.epoch != row.epoch:
                self._moved(old, row, told=told)
        self._note_missed()

    def _ledger_only_grows(self, tries: dict[int, Try]) -> None:
        for pk, old in self.tries.items():
            new = tries.get(pk)
            if new is None:
                self.fault("ledger", f"attempt {pk} was deleted")
            elif (old.delivery, old.number, old.epoch, old.payload_hash, old.intended_at) != (
                new.delivery,
                new.number,
                new.epoch,
                new.payload_hash,
                new.intended_at,
            ):
                self.fault("ledger", f"attempt {pk} was rewritten")
        opened = [t.delivery for t in tries.values() if t.open]
        if len(opened) != len(set(opened)):
            self.fault("one open attempt", "a delivery has two")

    def _moved(self, old: Row | None, row: Row, *, told: bool) -> None:
        self.world.say(
            f"{self.name(row)} {old.state if old else '-'} > {row.state}"
            f"{' ' + row.reason + row.doubt if row.reason or row.doubt else ''}"
        )
        self.count(f"{row.state}")
        if old and (row.epoch < old.epoch or row.version < old.version):
            self.fault("epoch", f"{self.name(row)} went back")
        if old and old.state != row.state and row.state in TOLD and not told:
            self.fault("log", f"{self.name(row)} became {row.state} and nothing was recorded")
        if row.state in ("held", "missed", "failed"):
            self.touched.add(row.post)
        if old:
            self._moved_by_its_holder(old, row)
        if row.state == "claimed":
            self._claimed(row)
        elif row.state == "sending":
            self._intended(row)
        elif row.state == "published" and not self._shown(row):
            self.fault("published", f"{self.name(row)} is published and X has no such post")

    def _moved_by_its_holder(self, old: Row, row: Row) -> None:
        """Until its lease is over, no other worker may say what becomes of a claim.

        Except that it is published: X's id is a fact, whoever brings it.
        """
        mover, until = self.world.mover, old.lease_until_at
        if old.state not in IN_HAND or row.state in (old.state, "published"):
            return
        if until is None or self.world.now > until or mover is None or not mover.mortal:
            return
        if mover.owner != old.owner:
            self.fault("fence", f"{self.name(row)} of {old.owner} was moved by {mover.owner}")

    def _shown(self, row: Row) -> bool:
        if row.kind == "repost":
            return any(
                p.reposts_id == row.target and p.account == row.x_account for p in self.x.ledger
            )
        return any(
            p.id == row.remote_id and p.account == row.x_account and p.text == row.text
            for p in self.x.ledger
        )

    def _is_closed(self, row: Row) -> bool:
        return any(
            scope in ("installation", "workspace")
            or (scope == "account" and account == row.account)
            or (scope == "campaign" and campaign == row.campaign)
            for scope, account, campaign in self.closed
        )

    def _claimed(self, row: Row) -> None:
        now = self.world.now
        lane = [r for r in self.rows.values() if r.account == row.account and r.pk != row.pk]
        for other in lane:
            busy = other.state in IN_HAND or (
                other.state == "ambiguous"
                and (other.checks < 3 or other.doubt in ("authority", "limit", "money"))
                and other.doubt != "refused"
            )
            if busy:
                self.fault("lane", f"{self.name(row)} claimed while {self.name(other)} is open")
            ready = other.after is None or self.rows[other.after].state == "published"
            due = now - GRACE < other.due_at <= now
            waits = other.state == "scheduled" and ready and due and not self._is_closed(other)
            if waits and other.place < row.place and other.kind == row.kind:
                self.fault("order", f"{self.name(row)} claimed before {self.name(other)}")

    def _intended(self, row: Row) -> None:
        now = self.world.now
        self.count("intents")
        if self._is_closed(row):
            self.fault("freeze", f"{self.name(row)} intended while frozen")
        if now < row.due_at or row.planned_at is None or now < row.planned_at:
            self.fault("early", f"{self.name(row)} intended before its time")
        if now - row.due_at > GRACE:
            self.fault("late", f"{self.name(row)} intended after its grace")
        if self.missed_while_frozen.get(row.pk) == row.due_at:
            self.fault("unfreeze", f"{self.name(row)} came due in a freeze and went out by itself")
        self._is_approved(row)
        if [t for t in self.tries.values() if t.open and t.delivery == row.pk] == []:
            self.fault("attempt", f"{self.name(row)} is being sent without an attempt")

    def _is_approved(self, row: Row) -> None:
        noted = self.approved.get(row.post)
        if noted is None or not noted.valid or len(noted.by) < 2:
            self.fault("approval", f"{self.name(row)} intended without its people")
        elif row.text != noted.texts[row.position]:
            self.fault("approval", f"{self.name(row)} intended with other words")

    def _note_missed(self) -> None:
        if not self.closed:
            return
        for row in self.rows.values():
            if row.state == "scheduled" and row.due_at <= self.world.now and self._is_closed(row):
                self.missed_while_frozen[row.pk] = row.due_at

    # --- called by X ---

    def bytes_arrived(self, account: str, post, reposts_id: str) -> None:
        """Something is about to become public: is it ordered, in time, and the words passed?"""
        self.count("requests")
        sending = [r for r in self.rows.values() if r.x_account == account and r.state == "sending"]
        text = post.text if post else ""
        fits = [r for r in sending if r.text == text and (post or r.target == reposts_id)]
        if not fits:
            self.fault("order", f"bytes without an order on disk: {text or 'repost'}")
            return
        row = fits[0]
        self.written.append((row.pk, self.world.ms))
        opened = [t for t in self.tries.values() if t.open and t.delivery == row.pk]
        if not opened or self.world.now > opened[-1].deadline_at + timedelta(seconds=1):
            self.fault("deadline", f"{self.name(row)} was written after its time was up")
        noted = self.approved.get(row.post)
        if noted is None or text != noted.texts[row.position]:
            self.fault("approval", f"{self.name(row)}: other bytes than were passed")
        if post and row.position:
            parent = self.rows[row.after] if row.after else None
            if parent is None or post.reply_to_id != parent.remote_id:
                self.fault("thread", f"{self.name(row)} answers the wrong post")

    def called_early(self, account: str) -> None:
        self.fault("limit", f"a create on {account} before X's limit had reset")

    # --- at the end ---

    def conclude(self, workspace_ids: list[int]) -> None:
        """Judge the whole run, after it has come to rest with a healthy X."""
        self.look()
        for row in self.rows.values():
            if row.state not in RESTING:
                self.fault("lost", f"{self.name(row)} is still {row.state}")
            if row.state == "held" and not row.reason:
                self.fault("lost", f"{self.name(row)} is held for no reason")
            if row.state == "failed" and self._on_x(row):
                self.fault("failed", f"{self.name(row)} is called refused and is on X")
        self._nothing_twice()
        self._in_order()
        self.world.watching = True
        for workspace_id in workspace_ids:
            for broken in verify(workspace_id):
                self.fault("log", f"event {broken.number}: {broken.why}")
        self.world.watching = False

    def _on_x(self, row: Row) -> bool:
        return any(
            p.account == row.x_account and p.text == row.text and p.reposts_id == row.target
            if row.kind == "repost"
            else p.account == row.x_account and p.text == row.text
            for p in self.x.ledger
        )

    def _nothing_twice(self) -> None:
        seen: dict[tuple, list[Shown]] = {}
        for shown in self.x.ledger:
            seen.setdefault((shown.account, shown.text, shown.reposts_id), []).append(shown)
        for key, shown in seen.items():
            if len(shown) > 1:
                self.fault("double", f"{len(shown)} times on X: {key[1] or 'repost'}")

    def _in_order(self) -> None:
        first = dict(self.written)
        quiet = [r for r in self.rows.values() if r.pk in first and r.post not in self.touched]
        for one in quiet:
            for two in quiet:
                same_lane = one.account == two.account and one.kind == two.kind
                if same_lane and one.place < two.place and first[one.pk] > first[two.pk]:
                    self.fault("order", f"{self.name(two)} left before {self.name(one)}")


def _aware(values: tuple) -> list:
    """Return a raw row with its times as aware datetimes (SQLite keeps them as text)."""
    return [as_time(v) for v in values]


def as_time(value):
    """Return ``value`` as an aware datetime when it is a time, unchanged when it is not."""
    if isinstance(value, str) and len(value) >= 19 and value[4] == "-" and value[10] == " ":
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value
