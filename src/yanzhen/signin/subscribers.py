"""What signing in does when people change: keys end, and a directory opens only what it closed."""

from __future__ import annotations

from yanzhen.activity.feed import Told
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import within
from yanzhen.people.events import (
    DELEGATION_ENDED,
    DELEGATION_OVER,
    MEMBER_LEFT,
    MEMBER_RETURNED,
    ROLE_EDITED,
    ROLE_RETIRED,
    ROLES_CHANGED,
)
from yanzhen.signin.actions.keys import end_orphan_key
from yanzhen.signin.actions.provisioning import note_who_closed


def _end_key(event: Told) -> None:
    """Somebody left, or may decide less than before: perhaps whoever made the directory's key."""
    by = Ref(event.actor_type, event.actor_id, event.actor_label)
    end_orphan_key(event.workspace_id, by=by, now=event.at)


for kind in (
    *(MEMBER_LEFT, ROLES_CHANGED, ROLE_EDITED, ROLE_RETIRED),
    *(DELEGATION_ENDED, DELEGATION_OVER),
):
    within(kind, _end_key)


def _note_who_closed(event: Told) -> None:
    """Whoever let a member go last decides whether a directory may bring them back."""
    closed = event.kind == MEMBER_LEFT.slug
    by_directory = closed and event.actor_type == "signin.scim_token"
    note_who_closed(int(event.subject_id), by_directory=by_directory)


for kind in (MEMBER_LEFT, MEMBER_RETURNED):
    within(kind, _note_who_closed)
