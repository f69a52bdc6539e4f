"""The places of the team: their hours and their holidays."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.duty.actions.calendars import follow_calendar
from yanzhen.duty.actions.sites import add_site, change_site, remove_site, set_holidays
from yanzhen.duty.forms_rota import CalendarForm, HolidaysForm, SiteForm, holiday_lines
from yanzhen.duty.models import Site
from yanzhen.duty.queries_board import zones_of
from yanzhen.duty.refusals import REFUSALS, refused_words
from yanzhen.duty.views.answers import tried, visible
from yanzhen.kernel.clock import now
from yanzhen.kernel.holidays import country_name
from yanzhen.kernel.wall_time import zone_named
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision

#: So many public holidays of a place are listed, the next ones.
MOST_PUBLIC = 12


def _values(form: SiteForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("name", "zone", "hours", "weekdays")}


@asks(Decision.DUTY_KEEP)
@require_http_methods(["GET", "POST"])
def duty_site_new(request: MemberRequest) -> HttpResponse:
    """Add a place."""
    member = request.member
    form = SiteForm(request.POST if request.method == "POST" else None, zones=zones_of(member))
    status = 200
    if request.method == "POST":
        made, status = tried(
            form,
            lambda: add_site(member.workspace, **_values(form), by=member, now=now()),
            member,
        )
        if made is not None:
            messages.success(request, _("“%(name)s” is one of your places.") % {"name": made.name})
            return redirect("duty-site", made.pk)
    return render(request, "duty/site.html", {"form": form, "site": None}, status=status)


@asks(Decision.DUTY_KEEP)
@require_http_methods(["GET", "POST"])
def duty_site(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a place, and let it have other hours."""
    member = request.member
    site = visible(Site.objects.visible_to(member), pk)
    data = request.POST if request.method == "POST" else None
    form = SiteForm(data, zones=zones_of(member), site=site)
    status = 200
    if request.method == "POST":
        kept, status = tried(
            form, lambda: change_site(site, **_values(form), by=member, now=now()), member
        )
        if kept is not None:
            messages.success(request, _("“%(name)s” is saved.") % {"name": site.name})
            return redirect("duty-site", site.pk)
        site.refresh_from_db()
    return _page(request, site, form=form, status=status)


@asks(Decision.DUTY_KEEP)
@require_POST
def duty_calendar(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose whose public holidays a place keeps from tomorrow on."""
    member = request.member
    site = visible(Site.objects.visible_to(member), pk)
    form = CalendarForm(request.POST, site=site)
    kept, status = tried(
        form, lambda: follow_calendar(site, calendar=form.calendar, by=member, now=now()), member
    )
    if kept is not None:
        words = _("The holidays of “%(name)s” are saved.") % {"name": site.name}
        if site.calendar:
            words = _("“%(name)s” keeps the public holidays of %(country)s.") % {
                "name": site.name,
                "country": country_name(site.calendar),
            }
        messages.success(request, words)
        return redirect("duty-site", site.pk)
    return _page(request, site, calendar=form, status=status)


@asks(Decision.DUTY_KEEP)
@require_POST
def duty_holidays(request: MemberRequest, pk: int) -> HttpResponse:
    """Set the holidays of a place from tomorrow on."""
    member = request.member
    site = visible(Site.objects.visible_to(member), pk)
    form = HolidaysForm(request.POST)
    kept, status = tried(
        form,
        lambda: set_holidays(site, days=form.cleaned_data["days"], by=member, now=now()),
        member,
    )
    if kept is not None:
        messages.success(request, _("The holidays of “%(name)s” are saved.") % {"name": site.name})
        return redirect("duty-site", site.pk)
    return _page(request, site, holidays=form, status=status)


@asks(Decision.DUTY_KEEP)
@require_POST
def duty_site_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove a place."""
    site = visible(Site.objects.visible_to(request.member), pk)
    name = site.name
    try:
        remove_site(site, by=request.member, now=now())
    except REFUSALS as error:
        messages.error(request, refused_words(error, request.member))
        return redirect("duty-site", pk)
    messages.success(request, _("“%(name)s” is removed.") % {"name": name})
    return redirect("duty-overlap")


def _page(
    request: MemberRequest,
    site: Site,
    *,
    form: SiteForm | None = None,
    holidays: HolidaysForm | None = None,
    calendar: CalendarForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = now().astimezone(zone_named(site.zone)).date()
    context = {
        "site": site,
        "form": form or SiteForm(zones=zones_of(request.member), site=site),
        "calendar": calendar or CalendarForm(site=site),
        "public": [
            (day, day.named(site.calendar))
            for day in site.holidays.filter(public=True, day_date__gt=today).order_by("day_date")[
                :MOST_PUBLIC
            ]
        ],
        "holidays": holidays or HolidaysForm(initial={"days": holiday_lines(site, today)}),
    }
    return render(request, "duty/site.html", context, status=status)
