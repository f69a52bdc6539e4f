"""What to look at in a plan: posts too near to one another, and gaps where something was meant.

Pure: it is told what the calendar has read already, so that warnings cost no further query. A post
under an embargo is not among that for those it is kept from, and no warning speaks of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yanzhen.kernel.holidays import Holiday
from yanzhen.planning.queries_calendar import Day, Event, Week
from yanzhen.planning.states import SETTLED

#: An empty slot that begins within this, or has begun and not ended, is due soon.
SOON = timedelta(hours=48)
#: A month with a theme should have something on each working day that is as near as this.
THEME_DAYS = 7
_WEEKEND = 5


class Concern(StrEnum):
    """What is the matter."""

    CLOSE = "close"
    HOLIDAY = "holiday"
    SLOT = "slot"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to look at: on which day, in ``words``, and where it can be mended."""

    concern: Concern
    day: date
    words: str
    short: str
    url: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is watched: the weeks shown with all their posts, and what the month is about.

    ``apart`` is how many minutes two posts of one account should be apart. ``today`` is the
    viewer's, ``now`` aware. With ``whole`` False some accounts are left out: then what is missing
    on a day, in a week or of a theme is not known.
    """

    weeks: Sequence[Week]
    theme: str
    apart: int
    today: date
    now: datetime
    whole: bool = True

    @property
    def days(self) -> list[Day]:
        """All days shown."""
        return [day for week in self.weeks for day in week.days]


def watch(plan: Plan) -> list[Mark]:
    """Return everything to look at, the nearest day first."""
    marks = [*_close(plan), *_holidays(plan), *_slots(plan)]
    if plan.whole:
        marks += [*_days(plan), *_weeks(plan)]
    order = list(Concern)
    return sorted(marks, key=lambda mark: (mark.day, order.index(mark.concern), mark.words))


def by_day(marks: Sequence[Mark]) -> Mapping[date, Sequence[Mark]]:
    """Return the marks of each day that has any."""
    days: dict[date, list[Mark]] = {}
    for mark in marks:
        days.setdefault(mark.day, []).append(mark)
    return days


def _close(plan: Plan) -> Iterator[Mark]:
    accounts: dict[int, list[Event]] = {}
    for day in plan.days:
        for event in day.events:
            accounts.setdefault(event.account.pk, []).append(event)
    for events in accounts.values():
        for one, other in pairwise(events):
            if other.due_at is None or one.due_at is None or other.local is None:
                continue
            minutes = int((other.due_at - one.due_at).total_seconds() // 60)
            if minutes < plan.apart and other.due_at >= plan.now and other.state not in SETTLED:
                words = {
                    "one": one.title,
                    "other": other.title,
                    "account": str(other.account),
                    "minutes": minutes,
                    "apart": plan.apart,
                }
                text = ngettext(
                    "“%(one)s” and “%(other)s” go out on %(account)s %(minutes)s minute apart; "
                    "the team keeps %(apart)s.",
                    "“%(one)s” and “%(other)s” go out on %(account)s %(minutes)s minutes apart; "
                    "the team keeps %(apart)s.",
                    minutes,
                )
                short = _("%(minutes)s min apart") % words
                url = reverse("post", args=[other.pk]) + "#timing"
                yield Mark(Concern.CLOSE, other.local.date(), text % words, short, url)


def _holidays(plan: Plan) -> Iterator[Mark]:
    """Point at posts that go out on a free day, by the date where their readers live."""
    special = {day.date: day.holidays for day in plan.days if day.free}
    for day in plan.days:
        hit: dict[Holiday, list[Event]] = {}
        for event in day.events:
            if event.due_at is None or event.due_at < plan.now or event.state in SETTLED:
                continue
            for each in special.get(event.due_at.astimezone(event.account.tz).date(), ()):
                if each.free:
                    hit.setdefault(each, []).append(event)
        for holiday, events in hit.items():
            yield _on_holiday(day, holiday, events)


def _on_holiday(day: Day, holiday: Holiday, events: Sequence[Event]) -> Mark:
    words = {"title": events[0].title, "holiday": holiday.told, "count": len(events)}
    if len(events) == 1:
        text = _("“%(title)s” goes out on a holiday: %(holiday)s.") % words
        url = reverse("post", args=[events[0].pk]) + "#timing"
    else:
        text = _("%(count)s posts go out on a holiday: %(holiday)s.") % words
        url = f"{reverse('calendar')}?{urlencode({'day': day.date.isoformat(), 'view': 'day'})}"
    return Mark(Concern.HOLIDAY, day.date, text, _("Post on a holiday"), url)


def _slots(plan: Plan) -> Iterator[Mark]:
    for day in plan.days:
        for slot in day.slots:
            if plan.now < slot.ends_at and slot.starts_at < plan.now + SOON:
                words = {"slot": slot.title, "account": str(slot.account), "hour": slot.hour}
                text = _("The slot “%(slot)s” on %(account)s at %(hour)s is still empty.") % words
                url = reverse("slot", args=[slot.pk])
                yield Mark(Concern.SLOT, day.date, text, _("Slot still empty"), url)


def _days(plan: Plan) -> Iterator[Mark]:
    for day in plan.days:
        text = "" if day.events or day.date < plan.today else _gap(plan, day)
        if text:
            yield Mark(Concern.DAY, day.date, text, _("Nothing planned"), _new_on(day.date))


def _gap(plan: Plan, day: Day) -> str:
    """Say what was meant for a day without posts, "" for nothing. Slots due soon speak alone."""
    if day.slots:
        later = any(slot.starts_at >= plan.now + SOON for slot in day.slots)
        return _("Nothing is written yet for a day with slots.") if later else ""
    near = day.date < plan.today + timedelta(days=THEME_DAYS)
    if plan.theme and near and not day.out and _worked(day):
        return _("Nothing goes out on this day of “%(theme)s”.") % {"theme": plan.theme}
    return ""


def _worked(day: Day) -> bool:
    """Whether the team can be expected to work: a weekday nobody has off, or one made up for."""
    if any(each.working for each in day.holidays):
        return True
    return day.date.weekday() < _WEEKEND and not day.free


def _weeks(plan: Plan) -> Iterator[Mark]:
    for week in plan.weeks:
        last = week.days[-1].date
        if week.focus and not week.count and last >= plan.today:
            day = max(week.monday, plan.today)
            words = {"number": week.number, "focus": week.focus}
            text = _("Week %(number)s, “%(focus)s”, has no post yet.") % words
            yield Mark(Concern.WEEK, day, text, _("No post this week"), _new_on(day))


def _new_on(day: date) -> str:
    return f"{reverse('post-new')}?{urlencode({'day': day.isoformat()})}"
