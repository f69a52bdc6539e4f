"""Putting the people of a brand on duty, for the pages of its rota."""

from __future__ import annotations

from datetime import timedelta

from yanzhen.duty.actions.layers import LayerWish, add_layer
from yanzhen.duty.actions.leaving import take_leave
from yanzhen.duty.actions.linking import make_link
from yanzhen.duty.actions.overriding import override_duty
from yanzhen.duty.actions.rotas import open_rota
from yanzhen.duty.actions.sites import add_site
from yanzhen.duty.actions.swapping import offer_swap
from yanzhen.duty.models import Turn
from yanzhen.duty.rules.layers import Change
from yanzhen.kernel import clock
from yanzhen.web.tests.house import AUTHOR, House

BERLIN = "Europe/Berlin"
DAY = timedelta(days=1)


def put_on_duty(house: House) -> None:
    """Let author and analyst take the days in turn; the analyst offers one to the author."""
    now = clock.now()
    keeper, analyst, author = (house.people[name] for name in ("team_lead", "analyst", AUTHOR))
    rota = open_rota(house.workspace, by=keeper, now=now)
    local = now.astimezone(house.workspace.tz)
    wish = LayerWish(
        name="Tage",
        zone=BERLIN,
        # Not one stretch without an end, but a turn each day, with a rest after it.
        hours=[("07:00", "19:00")],
        order=[author, analyst],
        first_date=local.date(),
        change=Change.DAY,
    )
    house.layer = add_layer(rota, wish=wish, by=keeper, now=now)
    house.duty_day = local.date() + 5 * DAY
    turns = Turn.objects.filter(rota=rota, start_at__gt=now + 6 * DAY).order_by("start_at")
    offered, covered, away = turns.filter(member=analyst)[:3]
    house.swap = offer_swap(rota, given=offered.span, asked=author, by=analyst, now=now)
    house.override = override_duty(
        rota,
        member=house.people["strategist"],
        span=covered.span,
        reason="Start",
        by=keeper,
        now=now,
    )
    house.leave = take_leave(analyst, span=away.span, by=analyst, now=now)
    house.duty_turn = Turn.objects.filter(member=author, start_at__gt=now).earliest("start_at")
    house.site = add_site(
        house.workspace,
        name="Hauptstadt",
        zone=BERLIN,
        hours=[("09:00", "18:00")],
        weekdays=range(1, 6),
        by=keeper,
        now=now,
    )
    house.duty_link, house.duty_secret = make_link(shows="own", by=author, now=now)
