"""What tasks do when others announce something, and whom this room tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from yanzhen.activity.feed import Told
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import later, within
from yanzhen.activity.veils import veil
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.wiring import tells
from yanzhen.people.events import WORKSPACE_CREATED
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.publishing.events import PUBLISHED
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState
from yanzhen.review.events import ROUND_OPENED, ROUND_PASSED
from yanzhen.tasks import events
from yanzhen.tasks.actions.columns import seed_columns
from yanzhen.tasks.actions.following import follow_post
from yanzhen.tasks.models import Task, veiled_tasks


def _veiled(member: Member) -> QuerySet[Any, Any]:
    return Task.objects.filter(pk__in=veiled_tasks(member))


veil("tasks.task", _veiled, ground=veiled_posts, told=True)


def _give_columns(event: Told) -> None:
    """A new workspace starts with four columns."""
    seed_columns(Workspace.objects.get(pk=event.workspace_id))


def _follows(turn: str) -> Callable[[Told], None]:
    def follow(event: Told) -> None:
        by = Ref(event.actor_type, event.actor_id, event.actor_label)
        follow_post(int(event.data["post"]), turn=turn, by=by, now=event.at)

    return follow


def _follow_published(event: Told) -> None:
    """A thread is out when the last of it is."""
    rest = Delivery.objects.live().filter(post_id=int(event.data["post"]))
    if not rest.exclude(state=DeliveryState.PUBLISHED).exists():
        _follows("published")(event)


within(WORKSPACE_CREATED, _give_columns)
# Later, from the outbox: a task must never be able to hold up a decision or a sending.
later("tasks.follow_submitted", frozenset({ROUND_OPENED.slug}), _follows("submitted"))
later("tasks.follow_passed", frozenset({ROUND_PASSED.slug}), _follows("passed"))
later("tasks.follow_published", frozenset({PUBLISHED.slug}), _follow_published)


def _tell_assignee(event: Told) -> None:
    """Whoever has the task hears of it, unless they did it themselves."""
    task = Task.objects.select_related("assignee").get(pk=int(event.subject_id))
    assignee = task.assignee
    if assignee is None or (event.actor_id == str(assignee.pk) and _by_member(event)):
        return
    members = Member.objects.filter(pk=assignee.pk)
    tell(event, members=members, url=reverse("task", args=[task.pk]))


def _by_member(event: Told) -> bool:
    return event.actor_type == "people.member"


tells(
    events.ASSIGNED,
    events.UNBLOCKED,
    events.SOON,
    events.DUE,
    events.OVERDUE,
    listener=_tell_assignee,
)
