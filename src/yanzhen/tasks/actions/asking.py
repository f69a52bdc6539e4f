"""Whose task it is, and what that allows: everybody works on their own, some direct the others'."""

from __future__ import annotations

from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed, may, require
from yanzhen.tasks.models import Task


def may_change(task: Task, member: Member) -> bool:
    """Tell whether the member may change, move and assign the task, for showing a button."""
    if member.workspace_id != task.workspace_id or not member.active:
        return False
    return task.is_theirs(member.pk) or may(
        member, Decision.TASK_DIRECT, workspace_id=task.workspace_id
    )


def require_change(task: Task, by: Member) -> None:
    """Return quietly when ``by`` may change, move and assign the task; raise NotAllowed if not.

    A task is somebody's own when they have it or made it, or when nobody has it.
    """
    require_member(by, task.workspace_id)
    if not task.is_theirs(by.pk):
        require(by, Decision.TASK_DIRECT, workspace_id=task.workspace_id)


def require_member(by: Member, workspace_id: int) -> None:
    """Return quietly for an active member of the workspace; raise NotAllowed if not."""
    if by.workspace_id != workspace_id:
        raise NotAllowed(Decision.TASK_DIRECT, "elsewhere")
    if not by.active:
        raise NotAllowed(Decision.TASK_DIRECT, "no_right")
