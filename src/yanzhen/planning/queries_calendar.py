"""The calendar: a month of posts as the viewer's clocks see it, and the building of its weeks.

Reading is a fixed number of queries however full the month is; building is pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Case, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanzhen.channels.models import Account
from yanzhen.kernel.holidays import Holiday
from yanzhen.people.models import Member
from yanzhen.planning.calendar_days import (
    DAY,
    WEEK,
    seen_time,
    span_of,
    window_of,
)
from yanzhen.planning.dated import MOST_DATED, Dated
from yanzhen.planning.models import Focus, Post, PostQuerySet, Theme
from yanzhen.planning.slots import SlotShown, fill
from yanzhen.planning.states import TIMEABLE, PostState

#: A cell holds this many posts; one that would hold more shows FOLDED and says how many are left.
MOST_IN_CELL = 6
FOLDED = 5
#: Posts without a time that are shown below the month.
MOST_IN_TRAY = 24

_COLUMNS = (
    *("pk", "title", "excerpt", "language", "state", "levels_done", "due_at", "account_id"),
    *("author_id", "author__user__name", "campaign__name"),
    *("embargo__lifts_at", "embargo__lifts_zone"),
)


@dataclass(frozen=True, slots=True)
class Face:
    """A member as an avatar needs them."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class EmbargoMark:
    """Until when a post is for a few only: ``lifts_at`` (aware), told in ``lifts_zone``."""

    lifts_at: datetime
    lifts_zone: str


@dataclass(frozen=True, slots=True)
class Event:
    """A post in the calendar. ``local`` is when it goes out by the viewer's clocks, None for never.

    ``lang`` is of the title; ``movable`` tells whether its time can still be changed,
    ``embargo`` that it is not for everybody yet. ``slot`` is what of the plan it fills.
    """

    pk: int
    title: str
    lang: str
    state: PostState
    levels_done: int
    account: Account
    author: Face
    campaign: str
    due_at: datetime | None
    local: datetime | None
    movable: bool
    embargo: EmbargoMark | None = None
    slot: SlotShown | None = None

    @property
    def hour(self) -> str:
        """The viewer's wall time: 17:00."""
        return f"{self.local:%H:%M}" if self.local else ""

    @property
    def seen(self) -> str:
        """Its time as this page shows it; sent back, it tells whether somebody was faster."""
        return seen_time(self.due_at)

    @property
    def told(self) -> str:
        """What colour and glyph say, in words."""
        words = {"account": str(self.account), "stage": self.state.label}
        return pgettext("calendar", "%(account)s, %(stage)s") % words


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the calendar is narrowed to; empty and None leave everything in."""

    accounts: frozenset[int] = frozenset()
    stage: str = ""
    author: int | None = None
    campaign: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One cell. ``out`` days belong to a neighbouring month; ``dated`` is what else is due.

    ``slots`` are those nothing fills, ``holidays`` what is special about the day.
    """

    date: date
    events: Sequence[Event]
    out: bool
    today: bool
    past: bool
    dated: Sequence[Dated] = ()
    slots: Sequence[SlotShown] = ()
    holidays: Sequence[Holiday] = ()

    @property
    def bare(self) -> bool:
        """Whether nothing at all stands on it."""
        return not (self.events or self.dated or self.slots or self.holidays)

    @property
    def free(self) -> bool:
        """Whether people somewhere are off."""
        return any(each.free for each in self.holidays)

    @property
    def shown(self) -> Sequence[Event]:
        """What fits into the cell."""
        return self.events if len(self.events) <= MOST_IN_CELL else self.events[:FOLDED]

    @property
    def more(self) -> int:
        """How many do not fit."""
        return len(self.events) - len(self.shown)

    @property
    def dated_shown(self) -> Sequence[Dated]:
        """What of the rest fits into the cell."""
        return self.dated[:MOST_DATED]

    @property
    def dated_more(self) -> int:
        """How many of the rest do not fit."""
        return max(0, len(self.dated) - MOST_DATED)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from ``monday``; ``number`` is ISO, ``now`` marks the one with today."""

    monday: date
    number: int
    focus: str
    days: Sequence[Day]
    now: bool
    past: bool

    @property
    def count(self) -> int:
        """How many posts."""
        return sum(len(day.events) for day in self.days)

    @property
    def open_count(self) -> int:
        """How many of them are not out yet."""
        return sum(event.state != PostState.PUBLISHED for day in self.days for event in day.events)


@dataclass(frozen=True, slots=True)
class Month:
    """``first`` is the month's first day; ``weeks`` cover it from Monday to Sunday."""

    first: date
    weeks: Sequence[Week]
    theme: Theme | None

    @property
    def days(self) -> list[Day]:
        """The month's own days."""
        return [day for week in self.weeks for day in week.days if not day.out]

    @property
    def agenda(self) -> list[Day]:
        """The month's own days on which something goes out or is due, and today."""
        return [day for day in self.days if day.today or not day.bare]

    @property
    def count(self) -> int:
        """How many posts the month itself has."""
        return sum(len(day.events) for day in self.days)

    @property
    def out_count(self) -> int:
        """How many of them are out."""
        return sum(event.state == PostState.PUBLISHED for day in self.days for event in day.events)


@dataclass(frozen=True, slots=True)
class Tray:
    """Posts without a time, the ones that have passed first; ``count`` is of all of them."""

    events: Sequence[Event]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.events)


def _narrowed(member: Member, wanted: Wanted) -> PostQuerySet:
    posts = Post.objects.visible_to(member).live()
    if wanted.accounts:
        posts = posts.filter(account__in=wanted.accounts)
    if wanted.stage:
        posts = posts.filter(state=wanted.stage)
    if wanted.author is not None:
        posts = posts.filter(author=wanted.author)
    if wanted.campaign is not None:
        posts = posts.filter(campaign=wanted.campaign)
    return posts


def _events(
    posts: PostQuerySet, accounts: Mapping[int, Account], zone: ZoneInfo, *, now: datetime
) -> list[Event]:
    """Read rows without building models: a full month has a thousand."""
    found = []
    for row in posts.values_list(*_COLUMNS):
        pk, title, excerpt, language, state, levels, due_at, account, author, name = row[:10]
        campaign, lifts_at, lifts_zone = row[10:]
        found.append(
            Event(
                pk=pk,
                title=title or excerpt or _("Untitled"),
                lang=_lang_of(title or excerpt, language),
                state=PostState(state),
                levels_done=levels,
                account=accounts[account],
                author=Face(author, name),
                campaign=campaign or "",
                due_at=due_at,
                local=due_at.astimezone(zone) if due_at else None,
                movable=state in TIMEABLE,
                embargo=EmbargoMark(lifts_at, lifts_zone) if lifts_at and lifts_at > now else None,
            )
        )
    return found


def _lang_of(words: str, language: str) -> str:
    """Give the lang attribute for a title: people do not always write it in the post's language."""
    if any("\u3400" <= letter <= "\u9fff" for letter in words):
        return "zh-Hans"
    return "en" if language.startswith("zh") else language


def month_for(
    member: Member,
    first: date,
    wanted: Wanted,
    accounts: Sequence[Account],
    *,
    dated: Mapping[date, Sequence[Dated]],
    slots: Sequence[SlotShown] = (),
    holidays: Mapping[date, Sequence[Holiday]] | None = None,
    now: datetime,
) -> Month:
    """Read the month that begins on ``first`` with the neighbours' visible days. Three queries.

    ``dated`` is what else stands on its days, ``slots`` are all that begin on them, ``holidays``
    what is special about them.
    """
    zone = member.user.tz
    start, end = span_of(first)
    begins, ends = window_of(start, end, zone)
    # What fills a slot that ends after the last midnight is read too, and stands on no day.
    ends = max([ends, *(slot.ends_at for slot in slots)])
    due = _narrowed(member, wanted).due_between(begins, ends)
    events = _events(due, {account.pk: account for account in accounts}, zone, now=now)
    focuses = Focus.objects.filter(
        workspace_id=member.workspace_id, week_date__gte=start, week_date__lt=end
    )
    themes = Theme.objects.filter(workspace_id=member.workspace_id, month_date=first)
    return build_month(
        first,
        events,
        focuses=dict(focuses.values_list("week_date", "name")),
        theme=themes.select_related("set_by__user").first(),
        dated=dated,
        slots=slots,
        holidays=holidays,
        today=now.astimezone(zone).date(),
    )


def build_month(
    first: date,
    events: Iterable[Event],
    *,
    focuses: Mapping[date, str],
    theme: Theme | None = None,
    dated: Mapping[date, Sequence[Dated]] | None = None,
    slots: Sequence[SlotShown] = (),
    holidays: Mapping[date, Sequence[Holiday]] | None = None,
    today: date,
) -> Month:
    """Lay ``events`` (earliest first) out in weeks; ``focuses`` are by Monday."""
    start, end = span_of(first)
    by_day: dict[date, list[Event]] = defaultdict(list)
    events = list(events)
    filled = fill(slots, events)
    for event in events:
        if event.local:
            by_day[event.local.date()].append(replace(event, slot=filled.get(event.pk)))
    empty: dict[date, list[SlotShown]] = defaultdict(list)
    taken = {slot.pk for slot in filled.values()}
    for slot in slots:
        if slot.pk not in taken:
            empty[slot.local.date()].append(slot)

    def day_of(date_: date) -> Day:
        return Day(
            date=date_,
            events=by_day.get(date_, ()),
            out=(date_.year, date_.month) != (first.year, first.month),
            today=date_ == today,
            past=date_ < today,
            dated=(dated or {}).get(date_, ()),
            slots=empty.get(date_, ()),
            holidays=(holidays or {}).get(date_, ()),
        )

    def week_of(monday: date) -> Week:
        return Week(
            monday=monday,
            number=monday.isocalendar().week,
            focus=focuses.get(monday, ""),
            days=[day_of(monday + DAY * step) for step in range(7)],
            now=monday <= today < monday + WEEK,
            past=monday + WEEK <= today,
        )

    mondays = (start + WEEK * step for step in range((end - start) // WEEK))
    return Month(first=first, weeks=[week_of(monday) for monday in mondays], theme=theme)


def tray_for(member: Member, wanted: Wanted, accounts: Sequence[Account], *, now: datetime) -> Tray:
    """Read the posts that wait for a time. Two queries."""
    posts = _narrowed(member, wanted).filter(state__in=TIMEABLE).without_time()
    passed_first = Case(When(state=PostState.PASSED, then=Value(0)), default=Value(1))
    shown = posts.order_by(passed_first, "-updated_at", "-pk")[:MOST_IN_TRAY]
    by_number = {account.pk: account for account in accounts}
    events = _events(shown, by_number, member.user.tz, now=now)
    return Tray(events=events, count=posts.count())
