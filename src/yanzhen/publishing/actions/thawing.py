"""Lifting a freeze: one party asks and says what becomes of each post, another one confirms.

Both see the same list, item by item. The gate opens in one transaction that makes the list again:
if anything on it is new, nothing opens. What came due during the freeze never goes out by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from yanzhen.activity.refs import SYSTEM
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, NotAllowed, require
from yanzhen.planning.models import Post
from yanzhen.publishing import events
from yanzhen.publishing.actions.freezing import (
    clean_reason,
    close_gate,
    gate_for,
    installation_gate,
    tell,
)
from yanzhen.publishing.actions.overdue import carry_out
from yanzhen.publishing.engine import compared, reaper
from yanzhen.publishing.engine.waiting import DROP, HOLD, Waiting, signature, waiting_behind
from yanzhen.publishing.models import Gate, GateScope, Thaw
from yanzhen.publishing.states import GateCause, ThawOutcome


class NotFrozen(Exception):
    """The gate is open, so there is nothing to lift."""


class Refused(Exception):
    """Nothing has opened, and the freeze stands; each kind says why."""


class NotCompared(Refused):
    """A restored copy is not compared with X yet; ``missing`` says which accounts, and why."""

    def __init__(self, missing: Sequence[compared.Missing]) -> None:
        super().__init__(", ".join(str(one.account) for one in missing))
        self.missing = missing


class AlreadyAsked(Refused):
    """Somebody has asked for it; ``thaw`` is that wish."""

    def __init__(self, thaw: Thaw) -> None:
        super().__init__(str(thaw))
        self.thaw = thaw


class NoSuchWish(Refused):
    """The wish was closed meanwhile, or there never was one."""


class ListChanged(Refused):
    """The list is not the one that was looked at; it must be shown again. Nothing has opened."""


class SamePerson(Refused):
    """Two different parties must want it."""


class TimePassed(Refused):
    """A new time on the list has passed meanwhile; ``number`` is the delivery's."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number


class CannotCarryOut(Refused):
    """What was chosen for one post cannot be done any more. Nothing has opened."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"{number}: {why}")
        self.number = number
        self.why = why


class SeveralWorkspaces(Exception):
    """The whole installation guards several teams; no member may see all of their posts."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a confirmed thaw did with what had come due."""

    dropped: int
    moved: int
    left: int


def _workspace_of(gate: Gate) -> int:
    """Return whose members decide about the gate. Raises SeveralWorkspaces."""
    if gate.workspace_id is not None:
        return gate.workspace_id
    ids = list(Workspace.objects.values_list("pk", flat=True)[:2])
    if len(ids) != 1:
        raise SeveralWorkspaces
    return ids[0]


def _require(by: Member | None, gate: Gate, first: int | None = None) -> None:
    """Ask the right of a member; the operator at the shell (None) needs none.

    ``first`` is the member who asked, when this is the second: nobody agrees by that one's right.
    """
    workspace_id = _workspace_of(gate)
    if by is not None:
        require(
            by,
            Decision.PUBLISH_UNFREEZE,
            workspace_id=workspace_id,
            account_id=gate.account_id,
            barred=() if first is None else (first,),
        )


def _lock(gate_id: int) -> Gate:
    gate = Gate.objects.select_for_update().get(pk=gate_id)
    if not gate.frozen:
        raise NotFrozen
    return gate


def _refuse_uncompared(gate: Gate, *, now: datetime) -> None:
    missing = compared.missing(gate, now=now)
    if missing:
        raise NotCompared(missing)


def _hold_what_is_due(now: datetime) -> None:
    """Hold what has come due behind any gate, post by post, as a worker does every few seconds.

    So the transaction that opens the gate has little to do, even where no worker ran.
    """
    while reaper.hold_frozen(now):
        pass


def ask_thaw(
    gate: Gate, *, by: Member | None, reason: str, plan: Mapping[int, str], now: datetime
) -> Thaw:
    """Wish to lift a freeze; ``by`` None is the operator at the shell, who can only leave missed.

    ``plan`` has for every delivery that came due (see waiting_behind) "drop", "hold" or an ISO 8601
    time. May not be called inside a transaction. Raises NotAllowed (also for choices the asker may
    not make), NotFrozen, SeveralWorkspaces, NotCompared, AlreadyAsked, TimePassed, CannotCarryOut
    (a part may be on X), TextRefused, and ListChanged when something came due that ``plan`` does
    not know.
    """
    _require(by, gate)
    _hold_what_is_due(now)
    with transaction.atomic():
        gate = _lock(gate.pk)
        _refuse_uncompared(gate, now=now)
        standing = Thaw.objects.filter(gate=gate, closed_at=None).first()
        if standing is not None:
            raise AlreadyAsked(standing)
        due = [one for one in waiting_behind(gate, now=now) if one.came_due]
        if by is None:
            chosen = dict.fromkeys((one.delivery.pk for one in due), HOLD)
        else:
            chosen = {one.delivery.pk: _choice(plan, one, by=by, now=now) for one in due}
        thaw = Thaw.objects.create(
            gate=gate,
            reason=clean_reason(reason),
            plan={str(pk): choice for pk, choice in chosen.items()},
            asked_by=by,
            by_shell=by is None,
            asked_at=now,
        )
        actor = by.ref if by is not None else SYSTEM
        tell(events.THAW_ASKED, gate, thaw.reason, count=len(due), by=actor, now=now)
    return thaw


def _choice(plan: Mapping[int, str], one: Waiting, *, by: Member, now: datetime) -> str:
    """Return what the asker chose for one post, their right asked. Raises as ask_thaw does."""
    pk = one.delivery.pk
    choice = plan.get(pk)
    if choice is None:
        raise ListChanged
    if choice == HOLD:
        return choice
    decision = Decision.POST_DROP if choice == DROP else Decision.POST_SCHEDULE
    delivery = one.delivery
    require(by, decision, workspace_id=delivery.workspace_id, account_id=delivery.account_id)
    if one.unsettled:
        raise CannotCarryOut(pk, "unsettled")
    if choice != DROP and datetime.fromisoformat(choice) <= now:
        raise TimePassed(pk)
    return choice


def _open_wish(thaw_id: int) -> Thaw:
    thaw = Thaw.objects.select_related("asked_by__user").filter(pk=thaw_id, closed_at=None).first()
    if thaw is None:
        raise NoSuchWish
    return thaw


def _close(
    thaw: Thaw, outcome: ThawOutcome, *, by: Member | None, note: str = "", now: datetime
) -> None:
    won = Thaw.objects.filter(pk=thaw.pk, closed_at=None).update(
        closed_at=now, closed_by=by, outcome=outcome, note=note
    )
    if not won:
        raise NoSuchWish


def is_same_party(thaw: Thaw, by: Member | None) -> bool:
    """Tell whether ``by`` (None: the operator) is who asked. A person counts once in all brands."""
    if by is None or thaw.asked_by is None:
        return thaw.by_shell and by is None
    return thaw.asked_by.user_id == by.user_id


def confirm_thaw(thaw: Thaw, *, by: Member | None, seen: str, now: datetime) -> Opened:
    """Lift the freeze as it was asked; ``seen`` is the signature of the list that was shown.

    ``by`` None is the operator at the shell. May not be called inside a transaction. Raises
    NotAllowed, SamePerson, NoSuchWish, NotFrozen, NotCompared, ListChanged, TimePassed,
    CannotCarryOut; after any of them nothing has opened.
    """
    _require(by, thaw.gate, thaw.asked_by_id)
    if is_same_party(thaw, by):
        raise SamePerson
    _hold_what_is_due(now)
    with transaction.atomic():
        gate = _lock(thaw.gate_id)
        thaw = _open_wish(thaw.pk)
        _refuse_uncompared(gate, now=now)
        listed = waiting_behind(gate, now=now)
        if signature(listed, thaw.plan) != seen:
            raise ListChanged
        done = _carry_out(thaw, listed, now=now)
        _close(thaw, ThawOutcome.CONFIRMED, by=by, now=now)
        _keep_uncompared_closed(gate)
        Gate.objects.filter(pk=gate.pk).update(
            frozen=False,
            epoch=F("epoch") + 1,
            cause="",
            left=[],
            reason=thaw.reason,
            changed_by=by,
            changed_at=now,
        )
        actor = by.ref if by is not None else SYSTEM
        tell(events.UNFROZEN, gate, thaw.reason, count=done.left, by=actor, now=now)
    return done


def _carry_out(thaw: Thaw, listed: Sequence[Waiting], *, now: datetime) -> Opened:
    """Do what was chosen for each post that came due; for the caller's transaction."""
    due = [one.delivery for one in listed if one.came_due]
    # All posts at once and in order: what follows writes to the log, whose lock others want too.
    posts = Post.objects.select_for_update().filter(pk__in={d.post_id for d in due})
    list(posts.order_by("pk").values_list("pk", flat=True))
    counts = {DROP: 0, HOLD: 0, "time": 0}
    for delivery in due:
        choice = thaw.plan.get(str(delivery.pk), HOLD)
        if choice not in (DROP, HOLD) and datetime.fromisoformat(choice) <= now:
            raise TimePassed(delivery.pk)
        try:
            carry_out(delivery, choice, by=thaw.asked_by, reason=thaw.reason, now=now)
        except NotAllowed as no:
            raise CannotCarryOut(delivery.pk, "no_right") from no
        except MoveRefused as no:
            raise CannotCarryOut(delivery.pk, no.found) from no
        counts[choice if choice in counts else "time"] += 1
    return Opened(dropped=counts[DROP], moved=counts["time"], left=counts[HOLD])


def _keep_uncompared_closed(gate: Gate) -> None:
    """Let accounts that were set aside from a restored copy's comparison wait for their own."""
    if gate.cause != GateCause.RESTORED:
        return
    left = compared.accounts_left(gate)
    Gate.objects.filter(scope=GateScope.ACCOUNT, frozen=True, account__in=left).update(
        cause=GateCause.RESTORED, reconciled_at=None
    )


def refuse_thaw(thaw: Thaw, *, by: Member | None, reason: str, now: datetime) -> None:
    """Say no to somebody's wish; the freeze stays. Raises NotAllowed, NoSuchWish, SamePerson."""
    _require(by, thaw.gate, thaw.asked_by_id)
    if is_same_party(thaw, by):
        raise SamePerson
    _end_wish(thaw, ThawOutcome.REFUSED, by=by, reason=reason, now=now)


def withdraw_thaw(thaw: Thaw, *, by: Member | None, now: datetime) -> None:
    """Take one's own wish back; the freeze stays. Raises NotAllowed, NoSuchWish, SamePerson."""
    _require(by, thaw.gate)
    if not is_same_party(thaw, by):
        raise SamePerson
    _end_wish(thaw, ThawOutcome.WITHDRAWN, by=by, reason="", now=now)


@transaction.atomic
def _end_wish(
    thaw: Thaw, outcome: ThawOutcome, *, by: Member | None, reason: str, now: datetime
) -> None:
    note = clean_reason(reason)
    _close(_open_wish(thaw.pk), outcome, by=by, note=note, now=now)
    kind = events.THAW_REFUSED if outcome == ThawOutcome.REFUSED else events.THAW_WITHDRAWN
    actor = by.ref if by is not None else SYSTEM
    tell(kind, thaw.gate, note, count=0, by=actor, now=now)


@transaction.atomic
def hand_down(*, reason: str, now: datetime) -> list[Workspace]:
    """Turn the freeze of an installation with several workspaces into one of each of them.

    Nothing opens: each team then lifts its own, two of its people seeing its own posts. Returns the
    workspaces. Raises NotFrozen.
    """
    whole = _lock(installation_gate().pk)
    teams = list(Workspace.objects.order_by("pk"))
    for workspace in teams:
        gate = gate_for(workspace)
        cause = GateCause(whole.cause or GateCause.SHELL)
        done = close_gate(gate, cause=cause, by=None, reason=whole.reason, now=now)
        if done.already and cause != GateCause.RESTORED:
            continue
        Gate.objects.filter(pk=gate.pk).update(
            cause=cause, changed_at=whole.changed_at, left=whole.left, reconciled_at=None
        )
    Gate.objects.filter(pk=whole.pk).update(
        frozen=False,
        epoch=F("epoch") + 1,
        cause="",
        left=[],
        reason=clean_reason(reason),
        changed_by=None,
        changed_at=now,
    )
    return teams
