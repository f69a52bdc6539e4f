"""Where groups come from, as people choose and read it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yanzhen.signin.actions.outside import SCIM
from yanzhen.signin.providers import providers


def choices() -> list[tuple[str, str]]:
    """Return the sources a group can be of, as (source, name): those that tell groups."""
    telling = [(each.id, each.name) for each in providers().values() if each.groups]
    return [(SCIM, _("Directory (SCIM)")), *telling]


def name_of(source: str) -> str:
    """Return how a source is called; its own id when the operator has taken it away."""
    if source == SCIM:
        return _("Directory (SCIM)")
    found = providers().get(source)
    return found.name if found else source
