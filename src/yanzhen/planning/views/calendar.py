"""The calendar: a month as weeks or as a list, a week or a day by the hour, and its frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.framing import set_focus, set_theme
from yanzhen.planning.best_times import suggested
from yanzhen.planning.bulk import faces_for
from yanzhen.planning.calendar_days import DAY as ONE_DAY
from yanzhen.planning.calendar_days import span_of
from yanzhen.planning.dated import Dated, DaysAsked, dated_days
from yanzhen.planning.forms_calendar import (
    DAY,
    LIST,
    Asked,
    CalendarForm,
    FocusForm,
    NameForm,
    Offer,
)
from yanzhen.planning.good_times import GoodTimes, bands_of
from yanzhen.planning.hours import grid_of
from yanzhen.planning.models import SavedView
from yanzhen.planning.queries_calendar import Month, Wanted, Week, month_for, tray_for
from yanzhen.planning.queries_days import special_days
from yanzhen.planning.queries_keeping import first_view_of, views_for
from yanzhen.planning.queries_slots import apart_minutes_of, slots_between
from yanzhen.planning.states import PostState
from yanzhen.planning.watch import Mark, Plan, by_day, watch


@dataclass(frozen=True, slots=True)
class Sign:
    """One entry of the legend: a stage as the cells draw it, and its word."""

    state: PostState
    levels_done: int = 0
    word: Any = ""


LEGEND: Sequence[Sign] = (
    Sign(PostState.DRAFT),
    Sign(PostState.REVIEW, 1, gettext_lazy("One level passed")),
    Sign(PostState.REVIEW, 2, gettext_lazy("Two passed")),
    Sign(PostState.SCHEDULED),
    Sign(PostState.PUBLISHED),
    Sign(PostState.RETURNED),
)

#: A Monday and the six days after it, to name the days of the week.
WEEKDAYS: Sequence[date] = [date(2024, 1, 1) + ONE_DAY * step for step in range(7)]


@dataclass(frozen=True, slots=True)
class Refused:
    """A form of the calendar that was refused: ``at`` is "theme" or the week's Monday."""

    at: str
    form: NameForm


@dataclass(frozen=True, slots=True)
class Looked:
    """What one request asks of the calendar, and what else it could."""

    asked: Asked
    offer: Offer
    form: CalendarForm
    today: date

    @property
    def selects(self) -> list[BoundField]:
        """The filters that are chosen from lists."""
        return [self.form[name] for name in ("stage", "author", "campaign")]

    @property
    def today_address(self) -> str:
        """Where the month, week or day of today is, at today in a list."""
        place = f"#day-{self.today:%Y-%m-%d}" if self.asked.view == LIST else ""
        return self.asked.at(self.today) + place


def looked(request: MemberRequest) -> Looked:
    """Read the address. Raises Http404 for a month, a stage or anybody that is not there."""
    offer = Offer.to(request.member)
    form = CalendarForm(request.GET, offer=offer)
    if not form.is_valid():
        raise Http404
    today = now().astimezone(request.member.user.tz).date()
    return Looked(form.asked(today=today), offer, form, today)


def board(
    request: MemberRequest, at: Looked, *, status: int = 200, refused: Refused | None = None
) -> HttpResponse:
    """Answer with the calendar: the piece that htmx swaps, or the page."""
    member, moment = request.member, now()
    asked, accounts = at.asked, at.offer.accounts
    month = month_for(
        member,
        asked.month,
        asked.wanted,
        accounts,
        dated=_dated(member, asked.month, asked.wanted),
        slots=slots_between(member, *span_of(asked.month), asked.wanted, accounts, now=moment),
        holidays=special_days(member, *span_of(asked.month)),
        now=moment,
    )
    marks = _marks(member, at, month, now=moment)
    context = {
        "at": at,
        "asked": asked,
        "month": month,
        "marks": marks,
        "marks_by_day": by_day(marks),
        **_by_hour(member, at, month, now=moment),
        "views": _views(member, at.offer),
        "tray": tray_for(member, asked.wanted, accounts, now=moment),
        "weekdays": WEEKDAYS,
        "legend": LEGEND,
        "verbs": faces_for(member),
        "refused": refused,
        "may_write": member.may_somewhere(Decision.POST_WRITE),
        "may_move": member.may_somewhere(Decision.POST_SCHEDULE),
        "may_frame": member.may(Decision.PLAN_THEME),
    }
    headers = request.headers
    piece = headers.get("HX-Target") == "calendar" and "HX-Boosted" not in headers
    name = f"planning/calendar.html{'#board' if piece else ''}"
    answer = render(request, name, context, status=status)
    patch_vary_headers(answer, ["HX-Target", "HX-Boosted"])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _views(member: Member, offer: Offer) -> list[SavedView]:
    """Return the views to choose from; one of an account that is gone shows nothing any more."""
    return [view for view in views_for(member, SavedView.Page.CALENDAR) if offer.has(view.query)]


def _by_hour(member: Member, at: Looked, month: Month, *, now: datetime) -> dict[str, Any]:
    """Return the week of the day asked for and its grid, or that of the day alone; else nothing."""
    asked = at.asked
    if not asked.by_hour or asked.day is None:
        return {"title": formats.date_format(month.first, pgettext("date format", "F Y"))}
    week = _week_of(month, asked.day)
    days = [day for day in week.days if asked.view != DAY or day.date == asked.day]
    wanted = asked.wanted.accounts
    zones = {each.zone for each in at.offer.accounts if not wanted or each.pk in wanted}
    title = span_title(days[0].date, days[-1].date)
    grid = grid_of(days, zones, viewer=member.user.tz, now=now)
    good = _good(at, [day.date for day in days], member, grid.first_hour, now=now)
    return {"week": week, "grid": grid, "title": title, "good": good}


def _good(
    at: Looked, days: Sequence[date], member: Member, first_hour: int, *, now: datetime
) -> GoodTimes | None:
    """Return the good times of the accounts shown, None unless asked for. Two queries for each."""
    if not at.asked.good:
        return None
    wanted = at.asked.wanted.accounts
    accounts = [each for each in at.offer.accounts if not wanted or each.pk in wanted]
    found = [(each, suggested(each, now=now)) for each in accounts]
    told = [best for _account, best in found if best]
    bands = bands_of(told, days, viewer=member.user.tz, first_hour=first_hour)
    return GoodTimes(told, [account for account, best in found if not best], bands)


def _week_of(month: Month, day: date) -> Week:
    return next(week for week in month.weeks if week.monday <= day <= week.days[-1].date)


def span_title(first: date, last: date) -> str:
    """Name one day, or the days from ``first`` to ``last``: 8 to 14 June 2026."""
    if first == last:
        return formats.date_format(first, pgettext("date format", "l, j F Y"))
    if first.month == last.month:
        begins = pgettext("date format, first of two days in one month", "j")
        ends = pgettext("date format, second of two days in one month", "j F Y")
    else:
        begins = pgettext("date format, first of two days", "j F")
        ends = pgettext("date format, second of two days", "j F Y")
    words = {"first": formats.date_format(first, begins), "last": formats.date_format(last, ends)}
    return pgettext("span of days", "%(first)s to %(last)s") % words


def _marks(member: Member, at: Looked, month: Month, *, now: datetime) -> Sequence[Mark]:
    """Return what to look at on the days shown.

    Nothing where posts of an account are left out, and no gaps where accounts are.
    """
    asked = at.asked
    if asked.wanted.stage or asked.wanted.author is not None or asked.wanted.campaign is not None:
        return ()
    theme = month.theme.name if month.theme else ""
    whole = not asked.wanted.accounts
    marks = watch(Plan(month.weeks, theme, apart_minutes_of(member), at.today, now, whole))
    if not asked.by_hour or asked.day is None:
        return marks
    week = _week_of(month, asked.day)
    days = {day.date for day in week.days if asked.view != DAY or day.date == asked.day}
    return [mark for mark in marks if mark.day in days]


def _dated(member: Member, first: date, wanted: Wanted) -> Mapping[date, Sequence[Dated]]:
    """Return what else is due on the days shown; nothing of it has a stage or a campaign."""
    if wanted.stage or wanted.campaign is not None:
        return {}
    start, end = span_of(first)
    return dated_days(DaysAsked(member, start, end, wanted.accounts, wanted.author))


@members
@require_GET
def calendar(request: MemberRequest) -> HttpResponse:
    """Show a month, or the board alone when htmx asks for it.

    Asked for nothing in particular, it opens with the view the member chose for that.
    """
    first = None if request.GET else first_view_of(request.member, SavedView.Page.CALENDAR)
    if first is not None and Offer.to(request.member).has(first.query):
        return redirect(first.address)
    return board(request, looked(request))


def _answer(request: MemberRequest, at: Looked) -> HttpResponse:
    """Answer a change that was made: htmx with the board, a form with the page."""
    if request.headers.get("HX-Request"):
        return board(request, at)
    return redirect(at.asked.address)


@asks(Decision.PLAN_THEME)
@require_POST
def calendar_theme(request: MemberRequest) -> HttpResponse:
    """Say what the month in the address is about."""
    at = looked(request)
    form = NameForm(request.POST)
    if not form.is_valid():
        return board(request, at, status=422, refused=Refused("theme", form))
    set_theme(month=at.asked.month, name=form.cleaned_data["name"], by=request.member, now=now())
    month = formats.date_format(at.asked.month, pgettext("date format", "F Y"))
    messages.success(request, _("The theme of %(month)s is set.") % {"month": month})
    return _answer(request, at)


@asks(Decision.PLAN_THEME)
@require_POST
def calendar_focus(request: MemberRequest) -> HttpResponse:
    """Say what a week is about."""
    at = looked(request)
    form = FocusForm(request.POST)
    if not form.is_valid():
        return board(request, at, status=422, refused=Refused(request.POST.get("week", ""), form))
    week = form.cleaned_data["week"]
    set_focus(week=week, name=form.cleaned_data["name"], by=request.member, now=now())
    number = week.isocalendar().week
    messages.success(request, _("The focus of week %(number)d is set.") % {"number": number})
    return _answer(request, at)
