"""The reviewer's desk: what waits, the text with its changes, and the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanzhen.discussion.views.answers import panel_context
from yanzhen.kernel import clock
from yanzhen.people.gate import MemberRequest, asks, members, proves_when
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Post
from yanzhen.planning.views.composer import address_or_none
from yanzhen.review import queries, queries_fast
from yanzhen.review.actions.rounds import pass_step, return_step
from yanzhen.review.forms import DecisionForm
from yanzhen.review.models import RoundStep
from yanzhen.review.states import Reason, VerdictKind


def _step(request: MemberRequest, step_id: int) -> RoundStep:
    """Return a step of the member's workspace, or 404."""
    steps = RoundStep.objects.visible_to(request.member).select_related(
        "role",
        "round__version",
        "round__post__account",
        "round__post__author__user",
        "round__post__embargo",
    )
    return get_object_or_404(steps, pk=step_id)


def _queue(request: MemberRequest) -> tuple[str, list[RoundStep]]:
    """Return which queue was asked for, and its steps."""
    name = request.GET.get("queue", "mine")
    if name == "team":
        return "team", queries.of_the_team(request.member)
    return "mine", queries.mine(request.member)


def _desk(request: MemberRequest, step: RoundStep | None, **more: Any) -> dict[str, Any]:
    """Return what the page and its fragments show, with ``step`` open or the first that waits."""
    now = clock.now()
    name, waiting = _queue(request)
    if step is None and waiting:
        step = waiting[0]
    return {
        "queue": name,
        "waiting": waiting,
        "late": sum(1 for each in waiting if each.due_at and each.due_at < now),
        "coming": queries.coming_to(request.member) if name == "mine" else [],
        "sheet": queries.sheet(step, member=request.member, now=now) if step else None,
        "fast": queries_fast.clock_of(step.round) if step else None,
        "reasons": Reason.choices,
        "form": DecisionForm(),
        "may_invite": request.member.may_somewhere(Decision.GUEST_INVITE),
        "look_url": address_or_none("last-look") if request.member.leads else "",
        "may_edit_flow": request.member.may(Decision.FLOW_EDIT),
        "now": now,
        **(panel_context(step.round.post, request.member) if step else {}),
        **more,
    }


@require_GET
@members
def desk(request: MemberRequest, step_id: int | None = None) -> HttpResponse:
    """Show the queue and one step; htmx asks for the step alone or for the queue alone."""
    step = _step(request, step_id) if step_id is not None else None
    context = _desk(request, step)
    part = {"review-doc": "#doc", "review-queue": "#queue"}.get(
        request.headers.get("HX-Target", ""), ""
    )
    response = render(request, f"review/desk.html{part}", context)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


def _is_high_pass(request: MemberRequest, step_id: int) -> bool:
    """Tell whether this passes one of the last levels, behind which the post goes out."""
    if request.POST.get("verdict") != VerdictKind.PASS:
        return False
    steps = RoundStep.objects.visible_to(request.member)
    return steps.proven().filter(pk=step_id).exists()


@proves_when(_is_high_pass)
@require_POST
@asks(Decision.REVIEW_DECIDE)
def decide(request: MemberRequest, step_id: int) -> HttpResponse:
    """Pass or return one step, then go on to the next that waits."""
    step = _step(request, step_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        context = _desk(request, step, form=form)
        part = "#doc" if request.headers.get("HX-Request") else ""
        return render(request, f"review/desk.html{part}", context, status=422)
    asked = form.cleaned_data
    if asked["verdict"] == VerdictKind.PASS:
        pass_step(step, by=request.member, comment=asked["comment"], now=clock.now())
        said = _("“%(post)s” passed.")
    else:
        return_step(
            step,
            by=request.member,
            reason=asked["reason"],
            comment=asked["comment"],
            now=clock.now(),
        )
        said = _("“%(post)s” returned to %(author)s.")
    post = step.round.post
    messages.success(request, said % {"post": post.shown_title, "author": post.author})
    return redirect("review")


@require_GET
@members
def trail(request: MemberRequest, post_id: int) -> HttpResponse:
    """Show where a post stands in review, for the composer's side."""
    posts = Post.objects.visible_to(request.member).select_related("account", "author__user")
    post = get_object_or_404(posts, pk=post_id)
    round_ = queries.latest_round(post)
    levels = queries.trail(round_)
    waiting = next((each.step for each in levels if each.look == "now"), None)
    own = RoundStep.objects.for_member(request.member).filter(round=round_) if waiting else None
    decides = own.order_by("position").first() if own is not None else None
    context = {
        "post": post,
        "round": round_,
        "trail": levels,
        "waiting": waiting,
        "decides": decides,
        "fast": queries_fast.clock_of(round_),
        "is_author": post.author_id == request.member.pk,
        "task_url": address_or_none("task-new"),
        "now": clock.now(),
    }
    return render(request, "review/_trail_pane.html", context)
