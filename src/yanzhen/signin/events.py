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


@dataclass(frozen=True, slots=True)
class RolesFollowed:
    """Payload of signin.roles_followed: where the groups are kept, their names, role slugs."""

    source: str
    groups: str
    given: list[str]
    taken: list[str]


@dataclass(frozen=True, slots=True)
class Mapped:
    """Payload of a line of the mapping: which group at which source, and the role's name."""

    source: str
    group: str
    role: str


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


@dataclass(frozen=True, slots=True)
class KeyOf:
    """Payload of what becomes of a directory's key whose maker leaves: the maker's name."""

    maker: str


SCIM_TOKEN_KEPT = announce(
    Kind(
        "signin.scim_token_kept",
        KeyOf,
        _("%(actor)s kept the key for the directory of %(subject)s that %(maker)s had made"),
    )
)
SCIM_TOKEN_ENDED = announce(
    Kind(
        "signin.scim_token_ended",
        KeyOf,
        _(
            "The key for the directory of %(subject)s has ended: %(maker)s, who had made it, may no"
            " longer make one"
        ),
    )
)
FACTORS_RESET = _bare("factors_reset", _("%(actor)s reset the second step of %(subject)s"))
ROLES_FOLLOWED = announce(
    Kind(
        "signin.roles_followed",
        RolesFollowed,
        _("The roles of %(subject)s follow their groups at %(source)s: %(groups)s"),
    )
)
GROUP_MAPPED = announce(
    Kind(
        "signin.group_mapped",
        Mapped,
        _("%(actor)s said: whoever is in %(group)s at %(source)s is %(role)s"),
    )
)
GROUP_UNMAPPED = announce(
    Kind(
        "signin.group_unmapped",
        Mapped,
        _("%(actor)s said: being in %(group)s at %(source)s no longer makes anybody %(role)s"),
    )
)
NEWCOMERS_ROLE = announce(
    Kind(
        "signin.newcomers_role",
        Named,
        _("%(actor)s said: members whom the directory makes start as %(name)s"),
    )
)
