"""What signing in announces, in every workspace the person is a member of."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class Bare:
    """Payload of kinds that the actor and the subject say in full."""


@dataclass(frozen=True, slots=True)
class Named:
    """Payload of kinds about a thing with a name: a passkey, a provider."""

    name: str


@dataclass(frozen=True, slots=True)
class CodeUsed:
    """Payload of signin.code_used: how many recovery codes are left."""

    left: int


def _bare(slug: str, sentence: str | Promise) -> Kind:
    return announce(Kind(f"signin.{slug}", Bare, sentence))


APP_ADDED = _bare("app_added", _("%(actor)s set up an authenticator app for signing in"))
APP_REMOVED = _bare("app_removed", _("%(actor)s removed their authenticator app"))
PASSKEY_ADDED = announce(
    Kind("signin.passkey_added", Named, _("%(actor)s added the passkey %(name)s"))
)
PASSKEY_REMOVED = announce(
    Kind("signin.passkey_removed", Named, _("%(actor)s removed the passkey %(name)s"))
)
CODES_MADE = _bare("codes_made", _("%(actor)s made new recovery codes"))
CODE_USED = announce(
    Kind(
        "signin.code_used",
        CodeUsed,
        _("%(actor)s signed in with a recovery code; %(left)s are left"),
    )
)
IDENTITY_LINKED = announce(
    Kind("signin.identity_linked", Named, _("%(actor)s can now sign in through %(name)s"))
)
SCIM_TOKEN_MADE = _bare(
    "scim_token_made", _("%(actor)s made a new key for the directory of %(subject)s")
)
SCIM_TOKEN_REVOKED = _bare(
    "scim_token_revoked", _("%(actor)s shut the directory out of %(subject)s")
)
FACTORS_RESET = _bare("factors_reset", _("%(actor)s reset the second step of %(subject)s"))
