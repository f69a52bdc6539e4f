"""A rota of three places that leaves no hour out, whatever their clocks do."""

from __future__ import annotations

from datetime import date

from yanzhen.duty.actions.layers import LayerWish, add_layer
from yanzhen.duty.actions.sites import add_site
from yanzhen.duty.models import Rota
from yanzhen.duty.rules.layers import Change
from yanzhen.people.tests.cast import NOW, Cast


def round_the_sun(rota: Rota, cast: Cast) -> None:
    """Let Zhou and Lin take Shanghai, Lena and Sam London, Maya New York, by their own walls."""
    for name, zone, hours, order in (
        ("Shanghai", "Asia/Shanghai", ("08:00", "17:00"), [cast.zhou, cast.lin]),
        ("London", "Europe/London", ("08:00", "18:00"), [cast.lena, cast.admin]),
        ("New York", "America/New_York", ("12:00", "22:00"), [cast.maya]),
    ):
        add_site(
            cast.workspace,
            name=name,
            zone=zone,
            hours=[hours],
            weekdays=range(1, 6),
            by=cast.lin,
            now=NOW,
        )
        wish = LayerWish(
            name=name,
            zone=zone,
            hours=[hours],
            order=order,
            first_date=date(2026, 3, 2),
            change=Change.DAY,
        )
        add_layer(rota, wish=wish, by=cast.lin, now=NOW)
