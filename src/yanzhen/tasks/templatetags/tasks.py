"""What cards and rows show of a task."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yanzhen.channels.models import Account
from yanzhen.tasks import queries, words
from yanzhen.tasks.asked import Asked
from yanzhen.tasks.models import Column, Task

register = template.Library()


@register.simple_tag(takes_context=True)
def task_due(context: Context, task: Task, now: datetime) -> SafeString | str:
    """Say when a task is due by the viewer's clocks; what is late says so in words too."""
    zone = context["request"].member.user.tz
    said = words.due_words(task, zone, now=now)
    if not said or task.due_at is None:
        return ""
    state = words.due_state(task, now=now)
    if state == "late":
        said = _("%(day)s, late") % {"day": said}
    return format_html(
        '<time class="due task-due" datetime="{}" data-state="{}">{}</time>',
        task.due_wall,
        state,
        said,
    )


@register.simple_tag
def task_accounts(task: Task) -> list[Account]:
    """Give the accounts of the posts a task is about, each once."""
    return queries.accounts_of(task)


@register.simple_tag
def column_list(asked: Asked, column: Column) -> str:
    """Give the address of everything in one column."""
    return asked.column_list(column.pk)


@register.filter
def theirs(task: Task, member_id: int) -> bool:
    """Tell whether a task is the member's own."""
    return task.is_theirs(member_id)
