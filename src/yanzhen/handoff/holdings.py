"""What a leaving member may still have to do by the handoff log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanzhen.handoff.actions.handing import hand_over_points, points_of
from yanzhen.people.holdings import Holding, holds

holds(
    Holding("handoff.points", _("Points of the handoff log"), points_of, hand_over_points, order=45)
)
