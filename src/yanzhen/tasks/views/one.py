"""One task: its page, and the form that makes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.activity.feed import events, sentence
from yanzhen.discussion.models import Comment
from yanzhen.kernel.clock import now
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.models import Member
from yanzhen.planning.models import Post
from yanzhen.planning.views.answers import TimeRefused, time_refusals
from yanzhen.review.models import Round, Verdict
from yanzhen.tasks.actions.asking import may_change
from yanzhen.tasks.actions.making import TaskChangedMeanwhile, change_task, create_task
from yanzhen.tasks.forms import ItemForm, RuleForm, TaskForm
from yanzhen.tasks.models import TITLE_LENGTH, Label, Task
from yanzhen.tasks.queries import (
    blockers_of,
    columns_of,
    offered_posts,
    offered_tasks,
    tasks_about,
)
from yanzhen.tasks.states import TaskState
from yanzhen.tasks.views.answers import task_for, whole

EVENTS_SHOWN = 30
#: What is shown of a comment beside its words.
_SAID = ("thread__post", "author__user")
PIECES = {
    "parts": "tasks/_parts.html",
    "history": "tasks/task.html#history",
    "standing": "tasks/task.html#standing",
}


@members
@require_GET
def task(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a task, or one piece of it with ?part=."""
    found = task_for(request.member, pk)
    name = PIECES.get(request.GET.get("part", ""), "tasks/task.html")
    answer = render(request, name, task_context(request, found))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def task_context(request: MemberRequest, task: Task, **given: Any) -> dict[str, Any]:
    """Return everything the page shows; what is ``given`` stands in place of the row's."""
    member = request.member
    seen = Task.objects.visible_to(member)
    past = (
        events()
        .objects.told_to(member)
        .about("tasks.task", str(task.pk))
        .order_by("-id")[:EVENTS_SHOWN]
    )
    links = task.links.select_related("post__account").order_by("pk")
    return {
        "task": task,
        "form": TaskForm(member=member, task=task),
        "item_form": ItemForm(),
        "items": task.items.order_by("position", "pk"),
        "needs": task.needs.filter(on__in=seen).select_related("on__column").order_by("pk"),
        "needed_by": seen.live().filter(needs__on=task).order_by("pk"),
        "blockers": blockers_of(task, member),
        "links": [(link, RuleForm(initial=_rule(link))) for link in links],
        "offered_tasks": offered_tasks(task, member),
        "offered_posts": offered_posts(member),
        "said": _said(task, member),
        "columns": columns_of(member),
        "labels": Label.objects.visible_to(member),
        "history": [(event, sentence(event)) for event in past],
        "may_change": may_change(task, member) and task.state != TaskState.ARCHIVED,
        "may_restore": may_change(task, member) and task.state == TaskState.ARCHIVED,
        "now": now(),
        **given,
    }


def _said(task: Task, member: Member) -> Comment | None:
    """Return the comment the task was made of, unless it was taken back or is kept from them."""
    if task.comment_id is None:
        return None
    comments = Comment.objects.visible_to(member).standing().select_related(*_SAID)
    return comments.filter(pk=task.comment_id).first()


def _rule(link: Any) -> dict[str, str]:
    return {name: getattr(link, name) for name in RuleForm.base_fields}


@dataclass
class Refused:
    """Why a form was not kept, and the answer's status."""

    time: TimeRefused = field(default_factory=lambda: TimeRefused(""))
    status: int = 422


def _tried(form: TaskForm, act: Callable[[], Task]) -> tuple[Task | None, Refused]:
    """Do it when the form is valid; say in the form, or beside it, why not."""
    refused = Refused()
    if not form.is_valid():
        return None, refused
    with time_refusals() as times:
        try:
            return act(), refused
        except TextRefused as text:
            form.add_error(None, str(text))
        except TaskChangedMeanwhile:
            refused.status = 409
            form.add_error(
                None,
                _(
                    "Somebody changed this task meanwhile. Your words are below;"
                    " load the page to see theirs."
                ),
            )
    refused.time = times.found
    return None, refused


@members
@require_POST
def task_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a task say something else."""
    found = task_for(request.member, pk)
    form = TaskForm(request.POST, member=request.member, task=found)
    revision = whole(request.POST.get("revision", ""))
    changed, refused = _tried(
        form,
        lambda: change_task(
            found, by=request.member, wish=form.wish(), revision=revision, now=now()
        ),
    )
    if changed is None:
        context = task_context(request, found, form=form, refused=refused.time, sent=revision)
        return render(request, "tasks/task.html", context, status=refused.status)
    messages.success(request, _("“%(title)s” is saved.") % {"title": changed.title})
    return redirect("task", changed.pk)


@members
@require_http_methods(["GET", "POST"])
def task_new(request: MemberRequest) -> HttpResponse:
    """Make a task: by hand, about a post (?post=), or of what was said in a comment (?comment=) or
    decided in review (?verdict=).
    """
    member = request.member
    about = _about(request)
    if request.method == "GET":
        form = TaskForm(member=member, initial=about.beginning(request))
        return _new_page(request, form, about)
    form = TaskForm(request.POST, member=member)
    made, refused = _tried(
        form,
        lambda: create_task(
            member,
            wish=form.wish(),
            column=form.cleaned_data["column"],
            post=about.post,
            comment=about.comment,
            source=about.source,
            now=now(),
        ),
    )
    if made is None:
        return _new_page(request, form, about, refused=refused.time, status=refused.status)
    messages.success(request, _("“%(title)s” is on the board.") % {"title": made.title})
    if about.post is not None:
        return redirect("post", about.post.pk)
    return redirect("task", made.pk)


@dataclass(frozen=True, slots=True)
class About:
    """What a new task comes from."""

    post: Post | None = None
    comment: Comment | None = None
    verdict: Verdict | None = None

    @property
    def source(self) -> str:
        """As the log names it."""
        named = {"comment": self.comment, "review": self.verdict, "post": self.post}
        return next((name for name, row in named.items() if row is not None), "hand")

    @property
    def words(self) -> str:
        """What was said; "" where the task comes from no words."""
        if self.comment is not None:
            return self.comment.body
        return self.verdict.comment if self.verdict else ""

    def beginning(self, request: MemberRequest) -> dict[str, Any]:
        """Return what the form starts with; anything odd in the address is left out."""
        start: dict[str, Any] = {}
        if self.words:
            start["title"] = " ".join(self.words.split())[:TITLE_LENGTH]
            if len(self.words) > len(start["title"]):
                start["notes"] = self.words
        try:
            start["date"] = parse_date(request.GET.get("day", ""))
        except ValueError:
            start["date"] = None
        column = whole(request.GET.get("column", ""))
        if column:
            start["column"] = column
        return start


def _about(request: MemberRequest) -> About:
    """Read what the task is about. Raises Http404 for what is not there."""
    given = request.POST if request.method == "POST" else request.GET
    member = request.member
    if given.get("comment"):
        comments = Comment.objects.visible_to(member).standing().select_related(*_SAID)
        comment = get_object_or_404(comments, pk=whole(given["comment"]))
        return About(comment.thread.post, comment)
    if given.get("verdict"):
        rounds = Round.objects.visible_to(member)
        verdicts = Verdict.objects.filter(round__in=rounds).exclude(comment="")
        verdicts = verdicts.select_related("round__post", "member__user")
        verdict = get_object_or_404(verdicts, pk=whole(given["verdict"]))
        return About(verdict.round.post, verdict=verdict)
    if given.get("post"):
        return About(get_object_or_404(Post.objects.visible_to(member), pk=whole(given["post"])))
    return About()


def _new_page(
    request: MemberRequest, form: TaskForm, about: About, *, status: int = 200, **more: Any
) -> HttpResponse:
    labels = Label.objects.visible_to(request.member)
    context = {"form": form, "about": about, "labels": labels, **more}
    return render(request, "tasks/task_new.html", context, status=status)


@members
@require_GET
def post_tasks(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the tasks about a post, for the side of its own page."""
    post = get_object_or_404(Post.objects.visible_to(request.member), pk=pk)
    context = {"post": post, "tasks": tasks_about(post, request.member), "now": now()}
    return render(request, "tasks/_post_pane.html", context)
