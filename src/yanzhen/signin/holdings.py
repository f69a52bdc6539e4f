"""The key of a directory that a leaving member may know."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanzhen.people.holdings import Holding, holds
from yanzhen.signin.actions.keys import keep_keys_of, keys_of, may_keep_keys

holds(
    Holding(
        "signin.directory_key",
        _("The key of the directory"),
        keys_of,
        keep=keep_keys_of,
        may_keep=may_keep_keys,
        note=_(
            "They made it and may know it. It ends with them unless somebody who could make one "
            "keeps it."
        ),
        named=False,
        order=90,
    )
)
