"""Moving a task, deleting it, and the way back from both."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.tasks.actions import moving
from yanzhen.tasks.forms import MoveForm
from yanzhen.tasks.models import Task
from yanzhen.tasks.views.answers import Stays, moved_words, stays, task_for
from yanzhen.tasks.views.boards import looked, tasks_page
from yanzhen.tasks.views.one import task_context

OK = 200


@members
@require_POST
def task_move(request: MemberRequest, pk: int) -> HttpResponse:
    """Move a task to the column and place sent, or with ?back= to where it was before."""
    task = task_for(request.member, pk)
    undoing = "back" in request.GET
    try:
        with stays(task):
            _move(request, task, undoing=undoing)
    except Stays as refused:
        messages.error(request, str(refused))
        return _again(request, task, refused.status, undoing=undoing)
    return _again(request, task, OK, undoing=undoing)


def _move(request: MemberRequest, task: Task, *, undoing: bool) -> None:
    sent = request.POST.dict()
    if undoing:
        # In the address "column" narrows a list; where to go back to has a name of its own.
        sent = {**request.GET.dict(), "column": request.GET.get("to", "")}
    form = MoveForm(sent, member=request.member)
    if not form.is_valid():
        raise Stays(_("Choose a column to move it to."), 422)
    asked = form.cleaned_data
    if asked["seen"] != task.state_version:
        text = _("Somebody moved “%(title)s” meanwhile. You see where it is now.")
        raise Stays(text % {"title": task.title}, 409)
    was = task.column_id
    below = _below(task)
    rows = Task.objects.visible_to(request.member).live()
    before = rows.filter(pk=asked["before"]).first() if asked["before"] else None
    moved = moving.move_task(
        task,
        by=request.member,
        column=asked["column"],
        before=before,
        on_top=not asked["end"],
        now=now(),
    )
    if undoing:
        words = {"title": task.title, "column": task.column.shown_title}
        messages.success(request, _("“%(title)s” is back in “%(column)s”.") % words)
        return
    undo = _way_back(request, moved.task, was, below)
    messages.success(request, moved_words(moved, request.member), extra_tags=f"undo:{undo}")


def _below(task: Task) -> int | None:
    """Return the task right below, to find the place again."""
    others = Task.objects.live().filter(column=task.column_id, rank__gte=task.rank)
    below = others.exclude(pk=task.pk).order_by("rank", "pk")
    return below.values_list("pk", flat=True).first()


def _way_back(request: MemberRequest, task: Task, column: int, below: int | None) -> str:
    """Return the address that takes the move back while nobody has moved the task further."""
    back = {"back": 1, "to": column, "seen": task.state_version}
    back |= {"before": below} if below else {"end": 1}
    query = "&".join(filter(None, (looked(request).asked.query, urlencode(back))))
    return f"{reverse('task-move', args=[task.pk])}?{query}"


def _again(
    request: MemberRequest, task: Task, status: int, *, undoing: bool = False
) -> HttpResponse:
    """Answer with the tasks as they are now; an undo only tells the page to fetch itself."""
    if request.headers.get("HX-Target") == "tasks" and not undoing:
        return tasks_page(request, looked(request), status=status)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=status, headers={"HX-Trigger": "activity:tasks"})
    if request.POST.get("from") == "task":
        return _task(request, task.pk, status)
    if status != OK:
        return tasks_page(request, looked(request), status=status)
    return redirect(looked(request).asked.address)


def _task(request: MemberRequest, pk: int, status: int) -> HttpResponse:
    """Answer with the page of the task: led to it, or with why it stays as it is."""
    if status == OK:
        return redirect("task", pk)
    context = task_context(request, task_for(request.member, pk))
    return render(request, "tasks/task.html", context, status=status)


@members
@require_POST
def task_archive(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a task; a toast offers the way back."""
    task = task_for(request.member, pk)
    try:
        with stays(task):
            moving.archive_task(task, by=request.member, now=now())
    except Stays as refused:
        messages.error(request, str(refused))
        return _task(request, task.pk, refused.status)
    undo = reverse("task-restore", args=[task.pk])
    text = _("“%(title)s” is deleted.") % {"title": task.title}
    messages.success(request, text, extra_tags=f"undo:{undo}")
    return redirect("tasks")


@members
@require_POST
def task_restore(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring a deleted task back to its column."""
    task = task_for(request.member, pk)
    status = OK
    try:
        with stays(task):
            moving.restore_task(task, by=request.member, now=now())
        words = {"title": task.title, "column": task.column.shown_title}
        messages.success(request, _("“%(title)s” is back in “%(column)s”.") % words)
    except Stays as refused:
        messages.error(request, str(refused))
        status = refused.status
    if request.headers.get("HX-Request"):
        return HttpResponse(status=status, headers={"HX-Trigger": "activity:tasks"})
    return _task(request, task.pk, status)
