"""How the rota is kept: who may be on it, its layers and the places of the team."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.duty.actions.layers import add_layer, end_layer, follow_layer, reopen_layer
from yanzhen.duty.actions.minding import minding, minding_first
from yanzhen.duty.actions.rotas import set_rota
from yanzhen.duty.form_fields import OrderForm
from yanzhen.duty.forms_rota import EndForm, LayerForm, RotaForm, layer_initial
from yanzhen.duty.models import Layer, Rota, Site
from yanzhen.duty.queries_board import layers_of, zones_of
from yanzhen.duty.queries_zones import zones_ever_changed
from yanzhen.duty.refusals import REFUSALS, refused_words, status_of
from yanzhen.duty.rules.walls import ONE_DAY
from yanzhen.duty.views.answers import rota_for, tried, visible
from yanzhen.kernel.clock import now
from yanzhen.kernel.wall_time import zone_named
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision


@asks(Decision.DUTY_KEEP)
@require_http_methods(["GET", "POST"])
def duty_settings(request: MemberRequest) -> HttpResponse:
    """Show layers and places, and change who may be on duty."""
    rota = rota_for(request)
    form = RotaForm(
        request.POST if request.method == "POST" else None, rota=rota, member=request.member
    )
    status = 200
    if request.method == "POST":

        def keep() -> Rota:
            asked, moment = form.cleaned_data, now()
            deed = partial(
                set_rota,
                rota,
                role=asked["role"],
                always=asked["always"],
                by=request.member,
                now=moment,
            )
            return minding(rota, deed, accepted=asked["accepted"], now=moment)

        kept, status = tried(form, keep, request.member)
        if kept is not None:
            messages.success(request, _("The rota is laid anew. Whoever has other hours was told."))
            return redirect("duty-settings")
    layers = layers_of(rota)
    context = {
        "rota": rota,
        "form": form,
        "running": [layer for layer in layers if not _over(layer)],
        "ended": [layer for layer in layers if _over(layer)],
        "sites": Site.objects.visible_to(request.member).prefetch_related("holidays"),
        "zones_changed": zones_ever_changed(rota),
    }
    return render(request, "duty/settings.html", context, status=status)


@asks(Decision.DUTY_KEEP)
@require_http_methods(["GET", "POST"])
def duty_layer_new(request: MemberRequest) -> HttpResponse:
    """Add a layer; with the first one the rota begins."""
    member = request.member
    begin = {
        "zone": member.workspace.zone,
        "weekdays": [1, 2, 3, 4, 5, 6, 7],
        "first_date": now().astimezone(member.workspace.tz).date(),
        "place": "primary",
        "change": "week",
    }
    form, order = _layer_forms(request, begin)
    status = 200
    if request.method == "POST":

        def act() -> Layer:
            wish, moment = form.wish(order.cleaned_data["order"]), now()
            return minding_first(
                partial(add_layer, wish=wish, by=member, now=moment),
                accepted=form.cleaned_data["accepted"],
                by=member,
                now=moment,
            )

        layer, status = tried(form, act, member, order)
        if layer is not None:
            text = _("“%(name)s” is on the rota.") % {"name": layer.name}
            messages.success(request, text)
            return redirect("duty-settings")
    context = {"form": form, "order": order, "layer": None}
    return render(request, "duty/layer.html", context, status=status)


@asks(Decision.DUTY_KEEP)
@require_http_methods(["GET", "POST"])
def duty_layer(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a layer from a day ahead on: it ends the day before, and another one follows."""
    member = request.member
    layer = visible(Layer.objects.visible_to(member).prefetch_related("order"), pk)
    places = sorted(layer.order.all(), key=lambda row: row.position)
    begin = layer_initial(layer, max(_today(layer) + ONE_DAY, layer.first_date))
    form, order = _layer_forms(request, begin, order=[row.member_id for row in places])
    status = 200
    if request.method == "POST":

        def follow() -> Layer:
            wish = form.wish(order.cleaned_data["order"])
            return minding(
                layer.rota,
                lambda: follow_layer(layer, wish=wish, by=member, now=now()),
                accepted=form.cleaned_data["accepted"],
                now=now(),
            )

        changed, status = tried(form, follow, member, order)
        if changed is not None:
            text = _("“%(name)s” changes on %(day)s. What was before stands.")
            messages.success(
                request, text % {"name": changed.name, "day": f"{changed.first_date:%Y-%m-%d}"}
            )
            return redirect("duty-settings")
    over = _over(layer)
    context = {
        "form": form,
        "order": order,
        "layer": layer,
        "over": over,
        "end_form": EndForm(initial={"last_date": _today(layer)}),
    }
    return render(request, "duty/layer.html", context, status=status)


@asks(Decision.DUTY_KEEP)
@require_POST
def duty_layer_end(request: MemberRequest, pk: int) -> HttpResponse:
    """End a layer on a day; a toast offers the way back."""
    layer = visible(Layer.objects.visible_to(request.member), pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the last day, today or later."))
        return redirect("duty-layer", layer.pk)
    before = layer.last_date
    try:
        end_layer(layer, last_date=form.cleaned_data["last_date"], by=request.member, now=now())
    except REFUSALS as error:
        messages.error(request, refused_words(error, request.member))
        return redirect("duty-layer", layer.pk)
    back = f"?last={before:%Y-%m-%d}" if before else ""
    undo = reverse("duty-layer-reopen", args=[layer.pk]) + back
    text = _("“%(name)s” ends on %(day)s.")
    words = text % {"name": layer.name, "day": f"{layer.last_date:%Y-%m-%d}"}
    messages.success(request, words, extra_tags=f"undo:{undo}")
    return redirect("duty-settings")


@asks(Decision.DUTY_KEEP)
@require_POST
def duty_layer_reopen(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the end of a layer back, to the last day it had before (?last=)."""
    layer = visible(Layer.objects.visible_to(request.member), pk)
    try:
        last: date | None = date.fromisoformat(request.GET.get("last", ""))
    except ValueError:
        last = None
    status = 200
    try:
        reopen_layer(layer, last_date=last, by=request.member, now=now())
        messages.success(request, _("“%(name)s” goes on.") % {"name": layer.name})
    except REFUSALS as error:
        messages.error(request, refused_words(error, request.member))
        status = status_of(error)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=status, headers={"HX-Refresh": "true"})
    return redirect("duty-settings")


def _layer_forms(
    request: MemberRequest, begin: dict[str, Any], *, order: list[int] | None = None
) -> tuple[LayerForm, OrderForm]:
    data = request.POST if request.method == "POST" else None
    member = request.member
    team = Member.objects.visible_to(member).active().select_related("user")
    people = list(team.order_by("user__name", "pk"))
    form = LayerForm(data, member=member, zones=zones_of(member), initial=begin)
    return form, OrderForm(data, team=people, order=order or [])


def _today(layer: Layer) -> date:
    return now().astimezone(zone_named(layer.zone)).date()


def _over(layer: Layer) -> bool:
    return layer.last_date is not None and layer.last_date < _today(layer)
