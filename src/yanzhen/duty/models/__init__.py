"""The rota of a workspace: layers, leave, swaps and overrides, and the turns that come of them."""

from __future__ import annotations

from yanzhen.duty.models.changes import (
    Leave,
    LeaveQuerySet,
    Override,
    OverrideQuerySet,
    Swap,
    SwapQuerySet,
)
from yanzhen.duty.models.links import (
    DutyLink,
    DutyLinkQuerySet,
)
from yanzhen.duty.models.rota import (
    DealtTurn,
    Layer,
    LayerMember,
    LayerQuerySet,
    Place,
    Rota,
    RotaQuerySet,
)
from yanzhen.duty.models.sites import (
    Holiday,
    Site,
    SiteQuerySet,
)
from yanzhen.duty.models.turns import (
    Noticed,
    Turn,
    TurnQuerySet,
    Warned,
)

__all__ = [
    "DealtTurn",
    "DutyLink",
    "DutyLinkQuerySet",
    "Holiday",
    "Layer",
    "LayerMember",
    "LayerQuerySet",
    "Leave",
    "LeaveQuerySet",
    "Noticed",
    "Override",
    "OverrideQuerySet",
    "Place",
    "Rota",
    "RotaQuerySet",
    "Site",
    "SiteQuerySet",
    "Swap",
    "SwapQuerySet",
    "Turn",
    "TurnQuerySet",
    "Warned",
]
