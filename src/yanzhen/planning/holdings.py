"""What a leaving member may still be writing or have promised to fill."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanzhen.people.holdings import Holding, holds
from yanzhen.planning.actions import handing

holds(
    Holding(
        "planning.drafts",
        _("Drafts and returned posts"),
        handing.drafts_of,
        handing.hand_over_drafts,
        takers=handing.takers_of_drafts,
        order=10,
    )
)
holds(
    Holding(
        "planning.on_their_way",
        _("Posts in review, passed or scheduled"),
        handing.on_their_way,
        note=_("They go on as they are. What comes back can be reassigned then."),
        order=20,
    )
)
holds(
    Holding(
        "planning.slots",
        _("Slots to fill"),
        handing.slots_of,
        handing.hand_over_slots,
        takers=handing.takers_of_slots,
        named=False,
        order=30,
    )
)
