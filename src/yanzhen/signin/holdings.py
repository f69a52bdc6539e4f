"""The key of a directory that a leaving member may know."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanzhen.people.holdings import Holding, holds
from yanzhen.signin.actions.keys import keep_keys_of, keys_of

holds(
    Holding(
        "signin.directory_key",
        _("The key of the directory"),
        keys_of,
        keep=keep_keys_of,
        note=_("They made it and may know it. It ends with them unless you keep it."),
        named=False,
        order=90,
    )
)
