"""A rota of three places, as a team that follows the sun has it."""

from __future__ import annotations

from datetime import date

from yanzhen.duty.actions.layers import LayerWish, add_layer
from yanzhen.duty.actions.sites import add_site
from yanzhen.duty.models import Rota
from yanzhen.duty.rules.layers import Change
from yanzhen.people.tests.cast import NOW, Cast

SHANGHAI, BERLIN, ANGELES = "Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles"


def follow(rota: Rota, cast: Cast, *, until: str = "18:00") -> None:
    """Let Zhou and Lin take Shanghai, Lena and Sam Berlin, Maya Los Angeles, each from nine."""
    for name, zone, order in (
        ("Shanghai", SHANGHAI, [cast.zhou, cast.lin]),
        ("Berlin", BERLIN, [cast.lena, cast.admin]),
        ("Los Angeles", ANGELES, [cast.maya]),
    ):
        hours = [("09:00", until)]
        add_site(
            cast.workspace,
            name=name,
            zone=zone,
            hours=hours,
            weekdays=range(1, 6),
            by=cast.lin,
            now=NOW,
        )
        wish = LayerWish(
            name=name,
            zone=zone,
            hours=hours,
            order=order,
            first_date=date(2026, 3, 2),
            change=Change.DAY,
        )
        add_layer(rota, wish=wish, by=cast.lin, now=NOW)
