"""The files and texts a leaving member may answer for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanzhen.library.actions import handing
from yanzhen.people.holdings import Holding, holds

holds(
    Holding(
        "library.texts",
        _("Agreed lines and other texts"),
        handing.texts_of,
        handing.hand_over_texts,
        order=60,
    )
)
holds(Holding("library.assets", _("Files"), handing.assets_of, handing.hand_over_assets, order=70))
