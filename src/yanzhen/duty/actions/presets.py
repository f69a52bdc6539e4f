"""A first rota in one step: three ways to begin, each of which can be changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yanzhen.duty.actions.layers import LayerWish, NoOrder, add_layer
from yanzhen.duty.actions.rotas import open_rota, set_rota
from yanzhen.duty.actions.sites import add_site
from yanzhen.duty.models import Layer, Place, Rota, Site
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.overlap import MONDAY_TO_FRIDAY
from yanzhen.kernel.wall_time import zone_named
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require

PAIR = 2


class AlreadyKept(ValueError):
    """The workspace has a rota with layers; change that one."""


@dataclass(frozen=True, slots=True)
class SiteWish:
    """A place as somebody wants it, with who takes turns there; hours are "HH:MM" wall times."""

    name: str
    zone: str
    hours: tuple[str, str]
    order: Sequence[Member]


@transaction.atomic
def follow_the_sun(sites: Sequence[SiteWish], *, by: Member, now: datetime) -> Rota:
    """Begin a rota that moves with the sun: each place has its hours, every day, by the week.

    Raises NotAllowed, AlreadyKept, NoOrder for a place without members, and what add_site and
    add_layer raise.
    """
    rota = _begun(by, now=now)
    for wish in sites:
        if not wish.order:
            raise NoOrder(wish.name)
        taken = Site.objects.filter(workspace_id=by.workspace_id, name=wish.name.strip()).first()
        site = taken or add_site(
            by.workspace,
            name=wish.name,
            zone=wish.zone,
            hours=[wish.hours],
            weekdays=MONDAY_TO_FRIDAY,
            by=by,
            now=now,
        )
        layer = LayerWish(
            name=site.name,
            zone=wish.zone,
            hours=[wish.hours],
            order=wish.order,
            first_date=now.astimezone(zone_named(wish.zone)).date(),
        )
        add_layer(rota, wish=layer, by=by, now=now)
    return rota


@transaction.atomic
def weekly_turns(
    order: Sequence[Member], *, name: str, zone: str, at: str, by: Member, now: datetime
) -> Rota:
    """Begin a rota round the clock that changes hands each Monday at ``at`` ("HH:MM") in ``zone``.

    From two members on, whoever is next stands behind. Raises NotAllowed, AlreadyKept, and what
    add_layer raises.
    """
    rota = _begun(by, now=now)
    today = now.astimezone(zone_named(zone)).date()
    for place, members in (
        (Place.PRIMARY, list(order)),
        (Place.BACKUP, [*order[1:], *order[:1]] if len(order) >= PAIR else []),
    ):
        if members or place == Place.PRIMARY:
            wish = LayerWish(
                name=name,
                zone=zone,
                hours=[(at, at)],
                order=members,
                first_date=today,
                place=place,
            )
            add_layer(rota, wish=wish, by=by, now=now)
    return rota


@transaction.atomic
def office_turns(
    order: Sequence[Member],
    *,
    name: str,
    zone: str,
    hours: tuple[str, str],
    by: Member,
    now: datetime,
) -> Rota:
    """Begin a rota for a small team: working hours on workdays, and nobody's nights are asked for.

    Raises NotAllowed, AlreadyKept, and what add_layer raises.
    """
    rota = set_rota(_begun(by, now=now), role=None, always=False, by=by, now=now)
    wish = LayerWish(
        name=name,
        zone=zone,
        hours=[hours],
        order=order,
        first_date=now.astimezone(zone_named(zone)).date(),
        change=Change.DAY,
        weekdays=MONDAY_TO_FRIDAY,
    )
    add_layer(rota, wish=wish, by=by, now=now)
    return rota


def _begun(by: Member, *, now: datetime) -> Rota:
    require(by, Decision.DUTY_KEEP, workspace_id=by.workspace_id)
    rota = open_rota(by.workspace, by=by, now=now)
    if Layer.objects.filter(rota=rota).exists():
        raise AlreadyKept("this workspace has layers already")
    return rota
