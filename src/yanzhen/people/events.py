"""What people announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class Bare:
    """Payload of kinds that the actor and the subject say in full."""


@dataclass(frozen=True, slots=True)
class WorkspaceCreated:
    """Payload of people.workspace_created."""

    name: str


@dataclass(frozen=True, slots=True)
class WorkspaceChanged:
    """Payload of people.workspace_changed: the new name, IANA zone, and rule for alt text."""

    name: str
    zone: str
    alt_required: bool = True


@dataclass(frozen=True, slots=True)
class MemberInvited:
    """Payload of people.member_invited. ``role`` is a role slug, ``title`` what the actor saw."""

    role: str
    title: str


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """Payload of people.member_joined. ``role`` is a role slug."""

    role: str


@dataclass(frozen=True, slots=True)
class RolesChanged:
    """Payload of people.roles_changed: role slugs before and after, the primary one first."""

    before: list[str]
    after: list[str]


@dataclass(frozen=True, slots=True)
class RoleEdited:
    """Payload of people.role_edited: decision slugs given and taken; whether its words changed."""

    given: list[str]
    taken: list[str]
    reworded: bool


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Payload of people.handed_over: to whom (name), how many things, and how many of each kind."""

    to: str
    count: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class SecondFactorAsked:
    """Payload of people.second_factor_asked: of everybody, or of these roles (slugs)."""

    everybody: bool
    roles: list[str]


@dataclass(frozen=True, slots=True)
class LeadSet:
    """Payload of what moves the lead. ``until`` is an ISO instant with offset, "" for open end."""

    until: str


WORKSPACE_CREATED = announce(
    Kind(
        "people.workspace_created",
        WorkspaceCreated,
        _("%(actor)s created the workspace %(subject)s"),
    )
)
WORKSPACE_CHANGED = announce(
    Kind(
        "people.workspace_changed",
        WorkspaceChanged,
        _("%(actor)s changed the settings of %(subject)s"),
    )
)
MEMBER_INVITED = announce(
    Kind("people.member_invited", MemberInvited, _("%(actor)s invited %(subject)s as %(title)s"))
)
INVITATION_WITHDRAWN = announce(
    Kind(
        "people.invitation_withdrawn",
        Bare,
        _("%(actor)s withdrew the invitation of %(subject)s"),
    )
)
MEMBER_JOINED = announce(
    Kind("people.member_joined", MemberJoined, _("%(subject)s joined the workspace"))
)
ROLES_CHANGED = announce(
    Kind("people.roles_changed", RolesChanged, _("%(actor)s changed the roles of %(subject)s"))
)
MEMBER_LEFT = announce(
    Kind("people.member_left", Bare, _("%(actor)s removed %(subject)s from the workspace"))
)
MEMBER_RETURNED = announce(
    Kind("people.member_returned", Bare, _("%(actor)s brought %(subject)s back"))
)
ROLE_EDITED = announce(
    Kind("people.role_edited", RoleEdited, _("%(actor)s changed the role %(subject)s"))
)
HANDED_OVER = announce(
    Kind(
        "people.handed_over",
        HandedOver,
        _("%(actor)s reassigned what %(subject)s had in hand to %(to)s"),
    )
)
SECOND_FACTOR_ASKED = announce(
    Kind(
        "people.second_factor_asked",
        SecondFactorAsked,
        _("%(actor)s changed who needs a second step to sign in to %(subject)s"),
    )
)
LEAD_SET = announce(Kind("people.lead_set", LeadSet, _("%(actor)s gave the lead to %(subject)s")))
LEAD_TAKEN = announce(Kind("people.lead_taken", LeadSet, _("%(actor)s took the lead")))
# Older logs have it; since then the lead never ends, it moves.
LEAD_ENDED = announce(
    Kind("people.lead_ended", Bare, _("%(actor)s took the lead from %(subject)s"))
)


@dataclass(frozen=True, slots=True)
class OthersOut:
    """Payload of what ends a person's other sign-ins: the number of the one kept, 0 for none."""

    kept: int


PASSWORD_SET = announce(
    Kind(
        "people.password_set",
        OthersOut,
        _("%(actor)s set a new password; their other sessions ended"),
    )
)
OTHERS_ENDED = announce(
    Kind("people.others_ended", OthersOut, _("%(actor)s ended all their other sessions"))
)


@dataclass(frozen=True, slots=True)
class RoleMade:
    """Payload of people.role_made: what it decides, its accounts (empty: all), and its model."""

    granted: list[str]
    accounts: list[int]
    copied: str


@dataclass(frozen=True, slots=True)
class Delegated:
    """Payload of people.delegated. ``until`` is in UTC, to the minute; ``ends`` an ISO instant."""

    delegation: int
    giver: str
    giver_id: int
    receiver: str
    receiver_id: int
    decisions: list[str]
    until: str
    starts: str
    ends: str
    reason: str


@dataclass(frozen=True, slots=True)
class DelegationEnded:
    """Payload of people.delegation_ended: the number and both members."""

    delegation: int
    giver: str
    giver_id: int
    receiver: str
    receiver_id: int


@dataclass(frozen=True, slots=True)
class DelegationTimed:
    """Payload of what the clock does to a delegation. ``until`` is in UTC, to the minute."""

    delegation: int
    giver: str
    giver_id: int
    receiver: str
    receiver_id: int
    until: str


ROLE_MADE = announce(Kind("people.role_made", RoleMade, _("%(actor)s made the role %(subject)s")))
ROLE_RETIRED = announce(
    Kind("people.role_retired", Bare, _("%(actor)s put the role %(subject)s away"))
)
ROLE_RETURNED = announce(
    Kind("people.role_returned", Bare, _("%(actor)s brought the role %(subject)s back"))
)
DELEGATED = announce(
    Kind(
        "people.delegated",
        Delegated,
        _("%(receiver)s decides for %(giver)s until %(until)s, set by %(actor)s"),
        moments=("until",),
    )
)
DELEGATION_ENDED = announce(
    Kind(
        "people.delegation_ended",
        DelegationEnded,
        _("%(actor)s ended that %(receiver)s decides for %(giver)s"),
    )
)
DELEGATION_BEGUN = announce(
    Kind(
        "people.delegation_begun",
        DelegationTimed,
        _("%(receiver)s decides for %(giver)s from now on, until %(until)s"),
        moments=("until",),
    )
)
DELEGATION_ENDING = announce(
    Kind(
        "people.delegation_ending",
        DelegationTimed,
        _("%(receiver)s decides for %(giver)s for less than an hour more, until %(until)s"),
        moments=("until",),
    )
)
DELEGATION_OVER = announce(
    Kind(
        "people.delegation_over",
        DelegationTimed,
        _("%(receiver)s no longer decides for %(giver)s: the time was over at %(until)s"),
        moments=("until",),
    )
)
