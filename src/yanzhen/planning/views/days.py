"""Holidays and the team's own days, in the calendar's settings."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.holidays import country_name
from yanzhen.kernel.toasts import say
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.days import (
    MOST_COUNTRIES,
    MOST_TEAM_DAYS,
    DayThere,
    NoSuchCountry,
    TooManyDays,
    add_team_day,
    hide_holidays,
    remove_team_day,
    show_holidays,
)
from yanzhen.planning.forms_days import TeamDayForm
from yanzhen.planning.models import TeamDay
from yanzhen.planning.views.calendar_settings import settings_page


def _settled() -> HttpResponse:
    return redirect("calendar-settings")


@asks(Decision.PLAN_THEME)
@require_POST
def country_add(request: MemberRequest) -> HttpResponse:
    """Show a country's holidays. The code may come in the address: that is how one is put back."""
    code = request.POST.get("country") or request.GET.get("country", "")
    words = {"country": country_name(code)}
    try:
        fresh = show_holidays(code, by=request.member, now=now())
    except NoSuchCountry:
        messages.error(request, _("Choose a country or region from the list."))
        return _settled()
    except TooManyDays:
        text = _("The calendar shows the holidays of at most %(most)s countries. Remove one first.")
        messages.error(request, text % {"most": MOST_COUNTRIES})
        return _settled()
    text = _("The calendar shows the holidays of %(country)s.") % words
    undo = reverse("holidays-remove", args=[code]) if fresh else ""
    return say(request, _settled(), text, undo=undo)


@asks(Decision.PLAN_THEME)
@require_POST
def country_remove(request: MemberRequest, code: str) -> HttpResponse:
    """Show a country's holidays no longer."""
    shown = hide_holidays(code, by=request.member, now=now())
    text = _("The calendar no longer shows the holidays of %(country)s.")
    undo = f"{reverse('holidays-add')}?{urlencode({'country': code})}" if shown else ""
    return say(request, _settled(), text % {"country": country_name(code)}, undo=undo)


@asks(Decision.PLAN_THEME)
@require_POST
def team_day_add(request: MemberRequest) -> HttpResponse:
    """Mark a day for the team. The values may come in the address: that undoes a removal."""
    form = TeamDayForm(request.POST if "name" in request.POST else request.GET)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            made = add_team_day(**sent, by=request.member, now=now())
        except DayThere:
            form.add_error("name", _("That day has this name already."))
        except TooManyDays:
            text = _("The team has %(most)s days of its own. Remove one first.")
            form.add_error(None, text % {"most": MOST_TEAM_DAYS})
        else:
            undo = reverse("team-day-remove", args=[made.pk])
            text = _("%(day)s is “%(name)s” on the calendar.") % _words(made)
            return say(request, _settled(), text, undo=undo)
    return settings_page(request, day_form=form, status=422)


@asks(Decision.PLAN_THEME)
@require_POST
def team_day_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove one of the team's days."""
    row = get_object_or_404(TeamDay.objects.visible_to(request.member), pk=pk)
    facts = {"day": row.date.isoformat(), "name": row.name}
    facts |= {name: "on" for name in ("yearly", "free") if getattr(row, name)}
    remove_team_day(row, by=request.member, now=now())
    undo = f"{reverse('team-day-add')}?{urlencode(facts)}"
    return say(request, _settled(), _("“%(name)s” is removed.") % {"name": row.name}, undo=undo)


def _words(marked: TeamDay) -> dict[str, str]:
    day = formats.date_format(marked.date, pgettext("date format", "D j F"))
    return {"day": day, "name": marked.name}
