"""What the rooms below announce that members are told of."""

from __future__ import annotations

from django.urls import reverse

from yanzhen.activity.feed import Told
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.wiring import tells
from yanzhen.people.events import (
    DELEGATED,
    DELEGATION_BEGUN,
    DELEGATION_ENDED,
    DELEGATION_ENDING,
    DELEGATION_OVER,
)
from yanzhen.people.models import Member


def _tell_both(event: Told) -> None:
    """Tell both of a delegation, except whoever did it."""
    both = [event.data["giver_id"], event.data["receiver_id"]]
    told = Member.objects.active().filter(workspace_id=event.workspace_id, pk__in=both)
    if event.actor_type == "people.member":
        told = told.exclude(pk=event.actor_id)
    tell(event, members=told, url=reverse("delegations"))


tells(
    DELEGATED,
    DELEGATION_BEGUN,
    DELEGATION_ENDING,
    DELEGATION_OVER,
    DELEGATION_ENDED,
    listener=_tell_both,
)
