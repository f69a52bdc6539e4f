"""What the discussion of a post shows of this room: the tasks that were made of its comments."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from yanzhen.discussion.ports import Made, tell_tasks
from yanzhen.people.models import Member
from yanzhen.tasks.models import Task
from yanzhen.tasks.states import TaskState


def made_of(member: Member, comments: Iterable[int]) -> dict[int, list[Made]]:
    """Return the tasks made of each of these comments, deleted ones left out, by its number."""
    rows = Task.objects.visible_to(member).live().filter(comment__in=list(comments))
    found: dict[int, list[Made]] = {}
    for pk, comment, title, state in rows.order_by("pk").values_list(
        "pk", "comment", "title", "state"
    ):
        made = Made(title, reverse("task", args=[pk]), done=state == TaskState.DONE)
        found.setdefault(comment, []).append(made)
    return found


tell_tasks(made_of)
