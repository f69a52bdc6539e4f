"""What hangs on a task: its checklist, the tasks it waits for, the posts it is about."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from yanzhen.activity.spine import Kind, record
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.planning.models import Post
from yanzhen.tasks.actions.asking import require_change
from yanzhen.tasks.events import (
    FREED,
    ITEM_ADDED,
    ITEM_OPENED,
    ITEM_REMOVED,
    ITEM_TICKED,
    LINKED,
    NEEDED,
    RULE_SET,
    UNLINKED,
    TaskAbout,
)
from yanzhen.tasks.models import Item, Need, PostLink, Task
from yanzhen.tasks.states import TaskState

MOST_ITEMS = 50


class Circle(Exception):
    """The two tasks would wait for each other, directly or through others."""


class TooManyItems(Exception):
    """A checklist has MOST_ITEMS lines at most."""


def _said(kind: Kind, task: Task, what: str, *, by: Member, now: datetime) -> None:
    record(
        kind,
        TaskAbout(what=what),
        actor=by.ref,
        subject=task.ref,
        workspace_id=task.workspace_id,
        at=now,
    )


@transaction.atomic
def add_item(task: Task, *, by: Member, text: str, now: datetime) -> Item:
    """Add a line to the checklist. Raises NotAllowed, TooManyItems and TextRefused."""
    require_change(task, by)
    if task.items.count() >= MOST_ITEMS:
        raise TooManyItems
    last = task.items.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    text = " ".join(clean_text(text).split())
    item = Item.objects.create(task=task, text=text, position=position)
    _said(ITEM_ADDED, task, item.text, by=by, now=now)
    return item


@transaction.atomic
def tick_item(item: Item, *, by: Member, ticked: bool, now: datetime) -> None:
    """Tick or untick a line; nothing happens when it stands so already. Raises NotAllowed."""
    require_change(item.task, by)
    if Item.objects.filter(pk=item.pk, ticked=not ticked).update(ticked=ticked):
        _said(ITEM_TICKED if ticked else ITEM_OPENED, item.task, item.text, by=by, now=now)


@transaction.atomic
def remove_item(item: Item, *, by: Member, now: datetime) -> None:
    """Take a line out. Raises NotAllowed."""
    require_change(item.task, by)
    item.delete()
    _said(ITEM_REMOVED, item.task, item.text, by=by, now=now)


@transaction.atomic
def add_need(task: Task, *, by: Member, on: Task, now: datetime) -> None:
    """Let ``task`` wait for ``on``. Raises NotAllowed (elsewhere too) and Circle."""
    require_change(task, by)
    if on.workspace_id != task.workspace_id:
        raise NotAllowed(Decision.TASK_DIRECT, "elsewhere")
    # Two who tie at once could close a circle that neither sees: one after the other.
    Workspace.objects.select_for_update().get(pk=task.workspace_id)
    if _reaches(on.pk, task.pk, task.workspace_id):
        raise Circle
    _need, made = Need.objects.get_or_create(task=task, on=on)
    if made:
        _said(NEEDED, task, on.title, by=by, now=now)


def _reaches(start: int, goal: int, workspace_id: int) -> bool:
    """Tell whether ``start`` waits for ``goal``, itself included; one query."""
    waits: dict[int, list[int]] = defaultdict(list)
    for task, on in Need.objects.filter(task__workspace_id=workspace_id).values_list("task", "on"):
        waits[task].append(on)
    seen, ahead = set(), [start]
    while ahead:
        here = ahead.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            ahead += waits[here]
    return False


@transaction.atomic
def remove_need(need: Need, *, by: Member, now: datetime) -> None:
    """Let the task no longer wait for the other. Raises NotAllowed."""
    require_change(need.task, by)
    need.delete()
    _said(FREED, need.task, need.on.title, by=by, now=now)


def _titled(post: Post) -> str:
    """Name a post in the log of a task, which outlives the link that veils the task."""
    return gettext("an embargoed post") if post.standing_embargo else post.shown_title


@transaction.atomic
def link_post(task: Task, *, by: Member, post: Post, now: datetime) -> PostLink:
    """Let the task be about a post and follow it by the default rules. Raises NotAllowed."""
    require_change(task, by)
    if post.workspace_id != task.workspace_id:
        raise NotAllowed(Decision.TASK_DIRECT, "elsewhere")
    link, made = PostLink.objects.get_or_create(task=task, post=post)
    if made:
        _said(LINKED, task, _titled(post), by=by, now=now)
    return link


@transaction.atomic
def unlink_post(link: PostLink, *, by: Member, now: datetime) -> None:
    """Let the task no longer be about the post. Raises NotAllowed."""
    require_change(link.task, by)
    link.delete()
    _said(UNLINKED, link.task, _titled(link.post), by=by, now=now)


@transaction.atomic
def set_rule(
    link: PostLink,
    *,
    by: Member,
    when_submitted: TaskState | str,
    when_passed: TaskState | str,
    when_published: TaskState | str,
    now: datetime,
) -> None:
    """Say where the post's way takes the task; "" leaves it where it is. Raises NotAllowed."""
    require_change(link.task, by)
    link.when_submitted = when_submitted
    link.when_passed = when_passed
    link.when_published = when_published
    link.save(update_fields=["when_submitted", "when_passed", "when_published"])
    _said(RULE_SET, link.task, _titled(link.post), by=by, now=now)
