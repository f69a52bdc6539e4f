"""What hangs on a task: its checklist, what it waits for, the posts it is about."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.planning.models import Post
from yanzhen.tasks.actions import parts
from yanzhen.tasks.forms import ItemForm, RuleForm
from yanzhen.tasks.models import Item, Need, PostLink, Task
from yanzhen.tasks.views.answers import Stays, stays, task_for
from yanzhen.tasks.views.one import task_context

OK = 200
_NUMBER = re.compile(r"(?:^|/)\s*#?(\d{1,12})(?:\D|$)", re.ASCII)


def _number(sent: str) -> int | None:
    """Read the number of a row: 12, #12, "12 · its title", or the address of its page."""
    found = _NUMBER.search(sent.strip())
    return int(found[1]) if found else None


def _again(request: MemberRequest, task: Task, status: int = OK) -> HttpResponse:
    """Answer with the parts as they are now: the piece for htmx, the page for a plain form."""
    piece = bool(request.headers.get("HX-Request"))
    if status == OK and not piece:
        return redirect("task", task.pk)
    name = "tasks/_parts.html" if piece else "tasks/task.html"
    context = task_context(request, task_for(request.member, task.pk))
    return render(request, name, context, status=status)


def _refused(request: MemberRequest, task: Task, words: str, status: int = 422) -> HttpResponse:
    messages.error(request, words)
    return _again(request, task, status)


@members
@require_POST
def task_item_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Add a line to the checklist."""
    task = task_for(request.member, pk)
    form = ItemForm(request.POST)
    if not form.is_valid():
        return _refused(request, task, _("A step needs words, 200 characters at most."))
    try:
        with stays(task):
            parts.add_item(task, by=request.member, text=form.cleaned_data["text"], now=now())
    except parts.TooManyItems:
        return _refused(request, task, _("A checklist has 50 steps at most. Make a second task."))
    except Stays as refused:
        return _refused(request, task, str(refused), refused.status)
    return _again(request, task)


@members
@require_POST
def task_item(request: MemberRequest, pk: int) -> HttpResponse:
    """Tick a line of a checklist, untick it, or (do=remove) take it out."""
    rows = Item.objects.filter(task__workspace_id=request.member.workspace_id)
    item = get_object_or_404(rows.select_related("task"), pk=pk)
    try:
        with stays(item.task):
            if request.POST.get("do") == "remove":
                parts.remove_item(item, by=request.member, now=now())
            else:
                ticked = request.POST.get("ticked") == "1"
                parts.tick_item(item, by=request.member, ticked=ticked, now=now())
    except Stays as refused:
        return _refused(request, item.task, str(refused), refused.status)
    return _again(request, item.task)


@members
@require_POST
def task_need_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a task wait for another one."""
    task = task_for(request.member, pk)
    number = _number(request.POST.get("on", ""))
    on = Task.objects.visible_to(request.member).live().filter(pk=number or 0).first()
    if on is None:
        return _refused(request, task, _("Choose a task from the list, or type its number."))
    try:
        with stays(task):
            parts.add_need(task, by=request.member, on=on, now=now())
    except parts.Circle:
        text = _("“%(on)s” waits for this task itself, so neither could begin.")
        if on.pk == task.pk:
            text = _("“%(on)s” cannot wait for itself.")
        return _refused(request, task, text % {"on": on.title})
    except Stays as refused:
        return _refused(request, task, str(refused), refused.status)
    return _again(request, task)


@members
@require_POST
def task_need_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a task no longer wait for the other."""
    rows = Need.objects.filter(task__workspace_id=request.member.workspace_id)
    need = get_object_or_404(rows.select_related("task", "on"), pk=pk)
    try:
        with stays(need.task):
            parts.remove_need(need, by=request.member, now=now())
    except Stays as refused:
        return _refused(request, need.task, str(refused), refused.status)
    return _again(request, need.task)


@members
@require_POST
def task_link_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a task be about a post."""
    task = task_for(request.member, pk)
    number = _number(request.POST.get("post", ""))
    post = Post.objects.visible_to(request.member).filter(pk=number or 0).first()
    if post is None:
        text = _("Choose a post from the list, or type its number or the address of its page.")
        return _refused(request, task, text)
    try:
        with stays(task):
            parts.link_post(task, by=request.member, post=post, now=now())
    except Stays as refused:
        return _refused(request, task, str(refused), refused.status)
    return _again(request, task)


@members
@require_POST
def task_link(request: MemberRequest, pk: int) -> HttpResponse:
    """Say where a post's way takes the task, or (do=remove) let it no longer be about it."""
    rows = PostLink.objects.filter(task__workspace_id=request.member.workspace_id)
    link = get_object_or_404(rows.select_related("task", "post"), pk=pk)
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _refused(request, link.task, _("Choose one of the columns’ meanings."))
    try:
        with stays(link.task):
            if request.POST.get("do") == "remove":
                parts.unlink_post(link, by=request.member, now=now())
            else:
                parts.set_rule(link, by=request.member, **form.cleaned_data, now=now())
    except Stays as refused:
        return _refused(request, link.task, str(refused), refused.status)
    return _again(request, link.task)
