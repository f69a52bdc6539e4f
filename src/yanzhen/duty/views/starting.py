"""A first rota, from one of three ways to begin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yanzhen.duty.actions.minding import TooHard, minding_first
from yanzhen.duty.actions.presets import SiteWish, follow_the_sun, office_turns, weekly_turns
from yanzhen.duty.form_fields import OrderForm
from yanzhen.duty.forms_rota import StartForm, StartSiteForm
from yanzhen.duty.models import Rota
from yanzhen.duty.queries_board import zones_of
from yanzhen.duty.refusals import REFUSALS, refused_words, status_of
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.people.zones import city_words

SUN, WEEKLY, OFFICE = "sun", "weekly", "office"
WAYS = (SUN, WEEKLY, OFFICE)
MOST_SITES = 3
LEAST_SITES = 2
SMALL_TEAM = 2
_HOURS = (time(9), time(18))


@asks(Decision.DUTY_KEEP)
@require_http_methods(["GET", "POST"])
def duty_start(request: MemberRequest) -> HttpResponse:
    """Show the ways to begin, and begin in the one chosen."""
    sent = request.POST if request.method == "POST" else request.GET
    way = sent.get("way", "")
    way = way if way in WAYS else _likely(request.member)
    if request.method == "POST":
        return _begin(request, way)
    return _page(request, way, _sun(request) if way == SUN else _plain(request, way))


def _likely(member: Member) -> str:
    """Return the way that fits the team as it is."""
    team = Member.objects.visible_to(member).active().select_related("user")
    zones = {each.zone for each in team}
    if len(zones) >= LEAST_SITES:
        return SUN
    return WEEKLY if len(team) > SMALL_TEAM else OFFICE


def _sun(request: MemberRequest) -> dict[str, Any]:
    """Return a form for each place; where most of the team is first."""
    member = request.member
    data = request.POST if request.method == "POST" else None
    by_zone: dict[str, list[Member]] = {}
    for each in _team(member):
        by_zone.setdefault(each.zone, []).append(each)
    ranked = sorted(by_zone, key=lambda zone: -len(by_zone[zone]))[:MOST_SITES]
    zones = zones_of(member)
    sites = []
    for n in range(MOST_SITES):
        begin: dict[str, Any] = {"start": _HOURS[0], "end": _HOURS[1]}
        if n < len(ranked):
            people = by_zone[ranked[n]]
            city = next((each.user.city for each in people if each.user.city), "")
            begin |= {"name": city or city_words(ranked[n]), "zone": ranked[n]}
            begin["order"] = [each.pk for each in people]
        sites.append(StartSiteForm(data, member=member, zones=zones, prefix=f"s{n}", initial=begin))
    return {"sites": sites}


def _plain(request: MemberRequest, way: str) -> dict[str, Any]:
    """Return the form of the other two ways and the order of members."""
    member = request.member
    data = request.POST if request.method == "POST" else None
    team = _team(member)
    begin = {"zone": member.workspace.zone, "start": _HOURS[0], "end": _HOURS[1]}
    chosen = team if way == WEEKLY else [member]
    return {
        "form": StartForm(data, zones=zones_of(member), office=way == OFFICE, initial=begin),
        "order": OrderForm(data, team=team, order=[each.pk for each in chosen]),
    }


def _begin(request: MemberRequest, way: str) -> HttpResponse:
    shown = _sun(request) if way == SUN else _plain(request, way)
    forms = shown.get("sites") or [shown["form"], shown["order"]]
    valid = [form.is_valid() for form in forms]
    if not all(valid):
        return _page(request, way, shown, status=422)
    if way == SUN:
        named = [form for form in shown["sites"] if form.cleaned_data["name"].strip()]
        if len(named) < LEAST_SITES:
            wrong = _("Name two places at least. With one, choose another way to begin.")
            return _page(request, way, shown, status=422, wrong=wrong)
    try:
        _start(request, way, shown)
    except REFUSALS as error:
        wrong = refused_words(error, request.member)
        mark = error.mark if isinstance(error, TooHard) else ""
        return _page(request, way, shown, status=status_of(error), wrong=wrong, mark=mark)
    messages.success(request, _("The rota is planned for twelve weeks. Everybody on it was told."))
    return redirect("duty")


def _start(request: MemberRequest, way: str, shown: dict[str, Any]) -> Rota:
    acts: dict[str, Callable[[Member, dict[str, Any], datetime], Rota]]
    acts = {SUN: _act_sun, WEEKLY: _act_weekly, OFFICE: _act_office}
    member, moment = request.member, now()
    return minding_first(
        lambda _rota: acts[way](member, shown, moment),
        accepted=request.POST.get("accepted", ""),
        by=member,
        now=moment,
    )


def _act_sun(member: Member, shown: dict[str, Any], now: datetime) -> Rota:
    asked = [form.cleaned_data for form in shown["sites"] if form.cleaned_data["name"].strip()]
    wishes = [
        SiteWish(
            each["name"],
            each["zone"],
            (f"{each['start']:%H:%M}", f"{each['end']:%H:%M}"),
            list(each["order"]),
        )
        for each in asked
    ]
    return follow_the_sun(wishes, by=member, now=now)


def _act_weekly(member: Member, shown: dict[str, Any], now: datetime) -> Rota:
    asked, order = shown["form"].cleaned_data, shown["order"].cleaned_data["order"]
    return weekly_turns(
        order,
        name=_("Weeks"),
        zone=asked["zone"],
        at=f"{asked['start']:%H:%M}",
        by=member,
        now=now,
    )


def _act_office(member: Member, shown: dict[str, Any], now: datetime) -> Rota:
    asked, order = shown["form"].cleaned_data, shown["order"].cleaned_data["order"]
    return office_turns(
        order,
        name=_("Working hours"),
        zone=asked["zone"],
        hours=(f"{asked['start']:%H:%M}", f"{asked['end']:%H:%M}"),
        by=member,
        now=now,
    )


def _team(member: Member) -> list[Member]:
    team = Member.objects.visible_to(member).active().select_related("user")
    return list(team.order_by("user__name", "pk"))


def _page(
    request: MemberRequest, way: str, shown: dict[str, Any], *, status: int = 200, **said: str
) -> HttpResponse:
    """Show a way to begin; ``said`` is what is ``wrong``, and the ``mark`` of what is hard."""
    context = {"way": way, **said, **shown}
    return render(request, "duty/start.html", context, status=status)
