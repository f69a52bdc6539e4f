"""What people announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class WorkspaceCreated:
    """Payload of people.workspace_created."""

    name: str


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """Payload of people.member_joined. ``role`` is a role slug."""

    role: str


WORKSPACE_CREATED = announce(
    Kind(
        "people.workspace_created",
        WorkspaceCreated,
        _("%(actor)s created the workspace %(subject)s"),
    )
)
MEMBER_JOINED = announce(
    Kind("people.member_joined", MemberJoined, _("%(subject)s joined the workspace"))
)
