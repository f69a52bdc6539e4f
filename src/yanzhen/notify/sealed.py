"""This room's sealed columns, so that they follow a change of keys."""

from __future__ import annotations

from yanzhen.channels.rotation import SealedColumn, register_sealed
from yanzhen.notify.models import Browser, Outlet, PushKey, SlackTeam

register_sealed(SealedColumn(SlackTeam, "sealed_token", place=lambda row: row.place))
register_sealed(SealedColumn(PushKey, "sealed", place=lambda row: row.place))
register_sealed(SealedColumn(Browser, "sealed", place=lambda row: row.place, related=("member",)))
for column in ("sealed", "sealed_before"):
    register_sealed(SealedColumn(Outlet, column, place=lambda row: row.place))
