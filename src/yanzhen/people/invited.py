"""The invitations a leaving member may have sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanzhen.people.actions import handing
from yanzhen.people.holdings import Holding, holds

holds(
    Holding(
        "people.invitations",
        _("Open invitations"),
        handing.invitations_of,
        handing.hand_over_invitations,
        takers=handing.takers_of_invitations,
        end=handing.withdraw_invitations_of,
        note=_("They may know the links, which go on letting people in until they are withdrawn."),
        order=85,
    )
)
