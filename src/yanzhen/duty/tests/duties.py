"""Rotas for this room's tests, made through the actions."""

from __future__ import annotations

from datetime import UTC, date, datetime

from yanzhen.activity.feed import events
from yanzhen.duty.actions.layers import LayerWish, add_layer
from yanzhen.duty.models import Layer, Place, Rota, Turn
from yanzhen.duty.rules.spans import Span
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW


def utc(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Give a moment of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def make_layer(rota: Rota, by: Member, order: list[Member], **wish) -> Layer:
    """Make a layer of a week each from Monday 2 March, UTC, midnight to midnight."""
    usual = {
        "name": "Weeks",
        "zone": "UTC",
        "hours": [("00:00", "00:00")],
        "first_date": date(2026, 3, 2),
    }
    return add_layer(rota, wish=LayerWish(**(usual | wish), order=order), by=by, now=NOW)


def plan(rota: Rota, start: datetime, end: datetime, place: str = Place.PRIMARY):
    """Return who has the place between two moments: name, start and end of each turn."""
    rows = Turn.objects.filter(rota=rota, place=place).within(Span(start, end))
    return [(t.member.name, t.start_at, t.end_at) for t in rows.select_related("member__user")]


def kinds(rota: Rota) -> list[str]:
    """Return this room's kinds recorded in the workspace, oldest first, without its name."""
    found = events().objects.in_workspace(rota.workspace_id).order_by("number")
    slugs = found.values_list("kind", flat=True)
    return [kind.removeprefix("duty.") for kind in slugs if kind.startswith("duty.")]
