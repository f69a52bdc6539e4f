"""Layers: added and ended, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.duty.actions.checks import NotQualified, PastDay, fresh
from yanzhen.duty.actions.hours import MONDAY, SUNDAY, BadHours, check_hours, check_weekdays
from yanzhen.duty.actions.laying import lay, lock
from yanzhen.duty.events import (
    LAYER_ADDED,
    LAYER_ENDED,
    LAYER_REOPENED,
    Bare,
    LayerAdded,
    LayerEnded,
)
from yanzhen.duty.models import Layer, LayerMember, Place, Rota, Site
from yanzhen.duty.queries import is_qualified
from yanzhen.duty.rules.layers import EVERY_DAY, Change
from yanzhen.kernel.wall_time import zone_named
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require


class NoOrder(ValueError):
    """A layer needs at least one member, each once."""


@dataclass(frozen=True, slots=True)
class LayerWish:
    """A layer as somebody wants it; the words are those of ``rules.layers.Layer``.

    ``hours`` are pairs of wall times "HH:MM".
    """

    name: str
    zone: str
    hours: Sequence[tuple[str, str]]
    order: Sequence[Member]
    first_date: date
    change: Change = Change.WEEK
    every: int = 1
    hand_over: int = 1
    weekdays: frozenset[int] = field(default=EVERY_DAY)
    last_date: date | None = None
    rank: int = 0
    place: str = Place.PRIMARY
    holidays_of: Site | None = None


@transaction.atomic
def add_layer(rota: Rota, *, wish: LayerWish, by: Member, now: datetime) -> Layer:
    """Add a layer from today (of its zone) or a later day on, and lay the turns anew.

    Raises NotAllowed, UnknownZone, BadHours, NoOrder, PastDay, NotQualified, and Site.DoesNotExist
    for a place of another workspace.
    """
    require(by, Decision.DUTY_KEEP, workspace_id=rota.workspace_id)
    rota = lock(rota.pk)
    _check_days(wish, now=now)
    order = [fresh(member) for member in wish.order]
    if not order or len({member.pk for member in order}) < len(order):
        raise NoOrder("each member once")
    for member in order:
        if not is_qualified(member, rota):
            raise NotQualified(member)
    if wish.holidays_of and wish.holidays_of.workspace_id != rota.workspace_id:
        raise Site.DoesNotExist(wish.holidays_of.pk)
    layer = Layer.objects.create(
        rota=rota,
        name=wish.name.strip(),
        place=wish.place,
        rank=wish.rank,
        zone=wish.zone,
        hours=check_hours(wish.hours),
        weekdays=check_weekdays(wish.weekdays),
        change=wish.change.value,
        every=wish.every,
        hand_over=wish.hand_over,
        first_date=wish.first_date,
        last_date=wish.last_date,
        holidays_of=wish.holidays_of,
    )
    LayerMember.objects.bulk_create(
        LayerMember(layer=layer, member=member, position=n) for n, member in enumerate(order)
    )
    record(
        LAYER_ADDED,
        LayerAdded(
            place=wish.place,
            order=[member.pk for member in order],
            first=wish.first_date.isoformat(),
        ),
        actor=by.ref,
        subject=layer.ref,
        workspace_id=rota.workspace_id,
        at=now,
    )
    lay(rota, by=by.ref, now=now)
    return layer


@transaction.atomic
def end_layer(layer: Layer, *, last_date: date, by: Member, now: datetime) -> Layer:
    """Let the shift of ``last_date`` (of the layer's zone, not before today) be its last one.

    Raises NotAllowed, and PastDay also when the layer has ended already.
    """
    rota = lock(layer.rota_id)
    require(by, Decision.DUTY_KEEP, workspace_id=rota.workspace_id)
    today = now.astimezone(zone_named(layer.zone)).date()
    fresh_layer = Layer.objects.get(pk=layer.pk)
    ended = fresh_layer.last_date is not None and fresh_layer.last_date < today
    if last_date < today or ended:
        raise PastDay("a layer ends today or later")
    layer.last_date = last_date
    layer.save(update_fields=["last_date"])
    record(
        LAYER_ENDED,
        LayerEnded(last=last_date.isoformat()),
        actor=by.ref,
        subject=layer.ref,
        workspace_id=rota.workspace_id,
        at=now,
    )
    lay(rota, by=by.ref, now=now)
    return layer


@transaction.atomic
def reopen_layer(layer: Layer, *, last_date: date | None, by: Member, now: datetime) -> Layer:
    """Take the end of a layer back while it has not come: it goes on until ``last_date``, or on.

    Raises NotAllowed, and PastDay when it is over or would end before it did.
    """
    rota = lock(layer.rota_id)
    require(by, Decision.DUTY_KEEP, workspace_id=rota.workspace_id)
    today = now.astimezone(zone_named(layer.zone)).date()
    ends = Layer.objects.get(pk=layer.pk).last_date
    if ends is None or ends < today or (last_date is not None and last_date < ends):
        raise PastDay("what has ended stands")
    layer.last_date = last_date
    layer.save(update_fields=["last_date"])
    record(
        LAYER_REOPENED,
        Bare(),
        actor=by.ref,
        subject=layer.ref,
        workspace_id=rota.workspace_id,
        at=now,
    )
    lay(rota, by=by.ref, now=now)
    return layer


@transaction.atomic
def follow_layer(layer: Layer, *, wish: LayerWish, by: Member, now: datetime) -> Layer:
    """Let another layer follow this one from the wish's first day on, tomorrow or later.

    Both in one step, so that nobody is without duty in between. Raises what end_layer and
    add_layer raise.
    """
    end_layer(layer, last_date=wish.first_date - timedelta(days=1), by=by, now=now)
    return add_layer(layer.rota, wish=wish, by=by, now=now)


def _check_days(wish: LayerWish, *, now: datetime) -> None:
    today = now.astimezone(zone_named(wish.zone)).date()
    if wish.first_date < today or (wish.last_date and wish.last_date < wish.first_date):
        raise PastDay("a layer begins today or later, and ends after it begins")
    if wish.every < 1 or not MONDAY <= wish.hand_over <= SUNDAY:
        raise BadHours("rotation")
