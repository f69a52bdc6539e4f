"""Letting tasks follow the posts they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.people.models import Member
from yanzhen.tasks.actions.moving import settle
from yanzhen.tasks.events import FOLLOWED_PASS, FOLLOWED_PUBLISH, FOLLOWED_SUBMIT, TaskFollowed
from yanzhen.tasks.models import Column, PostLink, Task
from yanzhen.tasks.ranks import top_rank
from yanzhen.tasks.states import MOVE_TO, TASK, TaskState


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn in the life of a post: the rule of a link that it asks, and what is recorded."""

    rule: str
    kind: Kind


TURNS: Mapping[str, Turn] = {
    "submitted": Turn("when_submitted", FOLLOWED_SUBMIT),
    "passed": Turn("when_passed", FOLLOWED_PASS),
    "published": Turn("when_published", FOLLOWED_PUBLISH),
}


def follow_post(post_id: int, *, turn: str, by: Ref, now: datetime) -> int:
    """Move the tasks linked to a post as their rules say; return how many moved.

    ``turn`` is a key of TURNS and ``by`` whoever moved the post. Asks no right and no limit: the
    post did move. A task that is there already stays, so that it may run twice. For the caller's
    transaction.
    """
    rule = TURNS[turn].rule
    links = PostLink.objects.filter(post_id=post_id).exclude(**{rule: ""})
    links = links.exclude(task__state=TaskState.ARCHIVED).select_related("post")
    return sum(
        _follow(link, getattr(link, rule), TURNS[turn].kind, by=by, now=now)
        for link in links.order_by("task_id")
    )


def _follow(link: PostLink, state: str, kind: Kind, *, by: Ref, now: datetime) -> bool:
    task = Task.objects.select_for_update(of=("self",)).get(pk=link.task_id)
    columns = Column.objects.filter(workspace_id=task.workspace_id, state=state)
    column = columns.in_order().first()
    if column is None or task.state in (state, TaskState.ARCHIVED):
        return False
    before = task.column.shown_title
    rank = top_rank(column)
    was = TASK.apply(task, MOVE_TO[state], now=now, column_id=column.pk, rank=rank, updated_at=now)
    task.column = column
    record(
        kind,
        TaskFollowed(
            before=before,
            column=column.shown_title,
            post=link.post.shown_title,
            number=link.post_id,
        ),
        actor=by,
        subject=task.ref,
        workspace_id=task.workspace_id,
        at=now,
    )
    author = Member.objects.select_related("user", "workspace").get(pk=task.author_id)
    settle(task, was, by=author, now=now)
    return True
