"""The dry run: what would be planned, and what is wrong with each row. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from yanzhen.channels.models import Account
from yanzhen.channels.states import AccountState
from yanzhen.kernel.text import LONGEST_TEXT, TextRefused, clean_text, weigh
from yanzhen.people.models import Member
from yanzhen.planning.importing.dates import DateOrder, DateRefused, When, order_of, read_when
from yanzhen.planning.importing.formats import Row, Table, read_table
from yanzhen.planning.importing.readers import read_sheet
from yanzhen.planning.models import TITLE_LENGTH, Campaign, Draft, Post

#: X refuses the same text again within about a day, so the plan does too.
SAME_TEXT_WITHIN = timedelta(hours=24)
_SHOWN_HANDLES = 6


@dataclass(frozen=True, slots=True)
class Source:
    """A file to import and how to read what it leaves open.

    ``account`` is the handle for files that name none, "" when there is only one.
    """

    name: str
    content: bytes
    account: str = ""
    order: DateOrder = DateOrder.FILE


@dataclass(slots=True)
class Planned:
    """One row and the post it would become. ``errors`` stop the import, ``warnings`` do not."""

    row: Row
    texts: list[str]
    account: Account | None = None
    title: str = ""
    campaign: Campaign | None = None
    when: When | None = None
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """The outcome of a dry run. ``order`` is how dates with slashes were read."""

    table: Table
    order: DateOrder
    posts: list[Planned]

    @cached_property
    def refused(self) -> list[Planned]:
        """The rows with errors."""
        return [each for each in self.posts if each.errors]

    @cached_property
    def doubtful(self) -> list[Planned]:
        """The rows that would be imported but deserve a look."""
        return [each for each in self.posts if each.warnings and not each.errors]

    @property
    def is_clean(self) -> bool:
        """Whether every row can be imported."""
        return not self.refused


def check_plan(source: Source, *, viewer: Member, now: datetime) -> Plan:
    """Read the file and check every row against what ``viewer`` may see of their workspace.

    What is wrong is said in the reader's language.
    ``now`` is aware. The number of queries does not depend on the number of rows. Raises
    FileRefused when the file as a whole cannot be read.
    """
    table = read_table(read_sheet(source.content))
    order = source.order
    if order is DateOrder.FILE:
        order = order_of(row.date for row in table.rows)
    desk = _Desk(viewer.workspace_id, default=source.account, order=order, now=now)
    posts = [desk.check(row) for row in table.rows]
    _refuse_doubles(posts)
    _refuse_repeats(posts, viewer)
    return Plan(table, order, posts)


class _Desk:
    """What rows are checked against, loaded once."""

    def __init__(self, workspace_id: int, *, default: str, order: DateOrder, now: datetime) -> None:
        self.order = order
        self.now = now.replace(second=0, microsecond=0)
        accounts = list(Account.objects.filter(workspace_id=workspace_id).in_order())
        self.accounts = {account.handle.casefold(): account for account in accounts}
        self.only = accounts[0].handle if len(accounts) == 1 else ""
        self.default = default.strip().lstrip("@") or self.only
        self.campaigns: dict[str, Campaign] = {}
        for campaign in Campaign.objects.filter(workspace_id=workspace_id, active=True):
            self.campaigns[campaign.name.casefold()] = campaign
            self.campaigns[campaign.code.casefold()] = campaign

    def check(self, row: Row) -> Planned:
        """Return the row with everything that is wrong with it."""
        planned = Planned(row, list(row.texts))
        if row.cells_over:
            planned.errors.append(
                _(
                    "The row has %(count)d columns, more than the header. "
                    "Put text that holds commas in quotes."
                )
                % {"count": row.cells_over}
            )
            return planned
        self._account(planned)
        self._texts(planned)
        self._when(planned)
        self._campaign(planned)
        return planned

    def _account(self, planned: Planned) -> None:
        handle = planned.row.account.lstrip("@") or self.default
        planned.account = self.accounts.get(handle.casefold())
        if planned.account is None:
            planned.errors.append(self._no_account(handle))
        elif planned.account.state != AccountState.CONNECTED:
            planned.warnings.append(
                _("%(account)s is not connected to X now.") % {"account": planned.account}
            )

    def _no_account(self, handle: str) -> str:
        known = ", ".join(
            f"@{each.handle}" for each in list(self.accounts.values())[:_SHOWN_HANDLES]
        )
        if not known:
            return _("No X account is connected yet. Connect one first.")
        if not handle:
            return _("No account is named. Choose one for the file, or use one of %(known)s.") % {
                "known": known
            }
        return _("There is no account @%(handle)s here. Use one of %(known)s.") % {
            "handle": handle[:50],
            "known": known,
        }

    def _texts(self, planned: Planned) -> None:
        limit = planned.account.text_limit if planned.account else LONGEST_TEXT
        many = len(planned.texts) > 1
        for place, raw in enumerate(planned.texts):
            error = ""
            try:
                planned.texts[place] = text = clean_text(raw)
                error = _over(text, limit) if text.strip() else _("The text is empty.")
            except TextRefused as refused:
                error = str(refused)
            if error and many:
                error = _("Segment %(number)d: %(error)s") % {"number": place + 1, "error": error}
            if error:
                planned.errors.append(error)

    def _when(self, planned: Planned) -> None:
        row = planned.row
        zone = row.zone or (planned.account.zone if planned.account else "")
        if not zone:
            return  # Whose clocks? The row is refused for its account already.
        try:
            planned.when = read_when(row.date, row.time, zone, self.order)
        except DateRefused as refused:
            planned.errors.append(str(refused))
            return
        if planned.when and planned.when.at < self.now:
            planned.errors.append(
                _("%(wall)s in %(zone)s has passed. Choose a later time.")
                % {"wall": f"{planned.when.wall:%Y-%m-%d %H:%M}", "zone": zone}
            )
        elif planned.when is None:
            planned.warnings.append(_("No date: it will wait among the posts without a time."))

    def _campaign(self, planned: Planned) -> None:
        row = planned.row
        try:
            planned.title = " ".join(clean_text(row.title).split())
        except TextRefused as refused:
            planned.errors.append(_("Title: %(error)s") % {"error": refused})
        if len(planned.title) > TITLE_LENGTH:
            planned.warnings.append(
                _("The title is cut after %(most)d characters.") % {"most": TITLE_LENGTH}
            )
            planned.title = planned.title[:TITLE_LENGTH]
        if not row.campaign:
            return
        planned.campaign = self.campaigns.get(row.campaign.casefold())
        if planned.campaign is None:
            planned.errors.append(
                _("There is no campaign “%(name)s”. Add it first, or leave the cell empty.")
                % {"name": row.campaign[:80]}
            )


def _over(text: str, limit: int) -> str:
    counted = weigh(text, limit)
    if counted.valid:
        return ""
    return _("%(weight)d of %(limit)d: %(over)d over.") % {
        "weight": counted.weight,
        "limit": limit,
        "over": -counted.remaining,
    }


_Key = tuple[int, tuple[str, ...]]


def _key(planned: Planned) -> _Key | None:
    if planned.account is None or not any(text.strip() for text in planned.texts):
        return None
    return planned.account.pk, tuple(planned.texts)


def _too_close(one: datetime | None, other: datetime | None) -> bool:
    """Posts without a time may end up anywhere, so two of them count as close."""
    if one is None or other is None:
        return one is other
    return abs(one - other) < SAME_TEXT_WITHIN


def _refuse_doubles(posts: Iterable[Planned]) -> None:
    seen: dict[_Key, list[tuple[datetime | None, int]]] = defaultdict(list)
    for planned in posts:
        key = _key(planned)
        if key is None:
            continue
        at = planned.when.at if planned.when else None
        same = next((line for other, line in seen[key] if _too_close(at, other)), None)
        seen[key].append((at, planned.row.line))
        if same is not None:
            planned.errors.append(
                _(
                    "The same text for the same account as line %(line)d, less than 24 hours "
                    "apart. X refuses repeats: change or delete one."
                )
                % {"line": same}
            )


def _refuse_repeats(posts: list[Planned], viewer: Member) -> None:
    """Compare with what is planned already: one query, over the file's span and a day around it."""
    existing = _existing(posts, viewer)
    for planned in posts:
        key = _key(planned)
        if key is None:
            continue
        at = planned.when.at if planned.when else None
        title = next((name for other, name in existing.get(key, ()) if _too_close(at, other)), None)
        if title is not None:
            planned.errors.append(
                _(
                    "“%(title)s” has the same text for the same account, less than 24 hours "
                    "apart. X refuses repeats: change or delete one."
                )
                % {"title": title}
            )


def _existing(
    posts: Iterable[Planned], viewer: Member
) -> Mapping[_Key, list[tuple[datetime | None, str]]]:
    moments = [planned.when.at for planned in posts if planned.when]
    seen = Post.objects.visible_to(viewer).live()
    drafts = Draft.objects.filter(post__in=seen)
    timed = drafts.none()
    if moments:
        first, last = min(moments) - SAME_TEXT_WITHIN, max(moments) + SAME_TEXT_WITHIN
        timed = drafts.filter(post__due_at__gt=first, post__due_at__lt=last)
    if any(planned.when is None for planned in posts):
        timed |= drafts.filter(post__due_at=None)
    found: dict[_Key, list[tuple[datetime | None, str]]] = defaultdict(list)
    rows = timed.values_list(
        "post__account_id", "post__due_at", "post__title", "post__excerpt", "texts"
    )
    for account_id, due_at, title, excerpt, texts in rows:
        found[account_id, tuple(texts)].append((due_at, title or excerpt[:40]))
    return found
