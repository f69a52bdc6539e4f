"""What planning does when the rooms below announce something."""

from __future__ import annotations

from yanzhen.activity.feed import Told
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import within
from yanzhen.people.events import MEMBER_LEFT
from yanzhen.planning.actions.linking import revoke_links_of


def _revoke_links(event: Told) -> None:
    """Whoever leaves takes no way in with them, and finds none again on coming back."""
    by = Ref(event.actor_type, event.actor_id, event.actor_label)
    revoke_links_of(int(event.subject_id), by=by, now=event.at)


within(MEMBER_LEFT, _revoke_links)
