"""Whom ideas tell, and what they keep back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from yanzhen.activity.feed import Told
from yanzhen.activity.veils import veil
from yanzhen.ideas import events
from yanzhen.ideas.models import Idea, PostOfIdea
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.wiring import tells
from yanzhen.people.models import Member
from yanzhen.planning.embargoes import veiled_posts


def _veiled(member: Member) -> QuerySet[Any, Any]:
    return PostOfIdea.objects.filter(post_id__in=veiled_posts(member))


veil("ideas.idea", _veiled, ground=veiled_posts, column="idea_id", told=True)


def _tell_owner(event: Told) -> None:
    """Whoever owns the brief hears of it, unless they did it themselves."""
    idea = Idea.objects.get(pk=int(event.subject_id))
    own = event.actor_type == "people.member" and event.actor_id == str(idea.owner_id)
    if idea.owner_id is None or own:
        return
    members = Member.objects.filter(pk=idea.owner_id)
    tell(event, members=members, url=reverse("idea", args=[idea.pk]))


tells(events.OWNED, events.DRAFTED, events.DROPPED, listener=_tell_owner)
