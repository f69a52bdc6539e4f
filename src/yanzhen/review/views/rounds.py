"""Sending a post to review, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel import clock
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.writing import NothingToCut
from yanzhen.planning.models import Post
from yanzhen.review import fitness, queries
from yanzhen.review.actions.fast_runs import LaneShut, lane_fault, submit_fast, uses_of
from yanzhen.review.actions.rounds import NoFlow, NotFit, Unticked, submit_post, withdraw_round
from yanzhen.review.models import CheckPoint, FastLane, Flow, Round, Step
from yanzhen.review.states import StepKind


def _post(request: MemberRequest, post_id: int) -> Post:
    posts = Post.objects.visible_to(request.member)
    return get_object_or_404(
        posts.select_related(
            "account", "author__user", "draft", "campaign", "workspace", "embargo"
        ),
        pk=post_id,
    )


def _ticked(request: MemberRequest) -> dict[int, bool]:
    """Return the points that came in ticked, by number; anything else is ignored."""
    numbers = (parse_id(raw) for raw in request.POST.getlist("point"))
    return {number: True for number in numbers if number is not None}


def _sign_page(
    request: MemberRequest, post: Post, *, status: int = 200, **more: Any
) -> HttpResponse:
    flow = Flow.objects.visible_to(request.member).filter(active=True).first()
    steps = list(Step.objects.filter(flow=flow).select_related("role").order_by("position"))
    content = post.draft.content
    written = content.without_empty()
    # Of an empty post the one empty segment is shown.
    content = written if written.segments else content
    context = {
        "post": post,
        "reading": queries.read(post, content),
        "points": list(CheckPoint.objects.filter(flow=flow).order_by("position", "pk")),
        "steps": steps,
        "signs": any(step.kind == StepKind.SELF for step in steps),
        "next": next((step for step in steps if step.kind == StepKind.ROLE), None),
        "faults": [
            *fitness.nobody_passes(post, steps),
            *fitness.faults(post, content, viewer=request.member, now=clock.now()),
        ],
        "is_author": post.author_id == request.member.pk,
        "ticked": _ticked(request) if request.method == "POST" else {},
        "missing": [],
        **_lane_context(request, post),
        **more,
    }
    return render(request, "review/sign.html", context, status=status)


def _lane_context(request: MemberRequest, post: Post) -> dict[str, Any]:
    """Return what the page says of the fast lane: nothing where the member may not use it."""
    lane = FastLane.objects.filter(workspace_id=post.workspace_id, active=True).first()
    if lane is None or not request.member.may(Decision.POST_FAST, account_id=post.account_id):
        return {"lane": None}
    now = clock.now()
    fault = lane_fault(lane, post, now=now)
    team = Member.objects.visible_to(request.member)
    return {
        "lane": lane,
        "lane_fault": fault,
        "lane_uses": uses_of(post, now=now),
        "lane_keepers": team.holding(Decision.FLOW_EDIT) if fault else [],
        "reasons": list(lane.reasons.filter(active=True).order_by("position", "pk")),
        "lane_open": "lane" in request.POST,
        "lane_line": request.POST.get("fast_line", "")[:200],
        "lane_reason": parse_id(request.POST.get("fast_reason", "")),
        "lane_wrong": "",
    }


def _shut_words(shut: LaneShut) -> str:
    return {
        "off": _("The fast lane is shut. Send it through the review flow."),
        "people": _("The fast lane asks fewer people than the review flow, so it is shut."),
        "used": _("The account has used up the fast lane for this week."),
        "reason": _("Choose what it is for."),
        "line": _("Say in a line why it cannot wait."),
    }[shut.why]


def _send(request: MemberRequest, post: Post) -> Round:
    """Send the post the way that was asked for."""
    comment = request.POST.get("comment", "")[:2000]
    ticks, now = _ticked(request), clock.now()
    if request.POST.get("lane") != "fast":
        return submit_post(post, by=request.member, ticks=ticks, comment=comment, now=now)
    return submit_fast(
        post,
        by=request.member,
        ticks=ticks,
        reason_id=parse_id(request.POST.get("fast_reason", "")),
        line=request.POST.get("fast_line", ""),
        comment=comment,
        now=now,
    )


#: What may be wrong with what was signed; each is said on the page that was sent.
REFUSALS = (LaneShut, Unticked, NotFit, NothingToCut, NoFlow, TextRefused)


def _refusal(why: Exception) -> dict[str, Any]:
    """Return what the page shows of a refusal."""
    if isinstance(why, LaneShut):
        return {"lane_wrong": _shut_words(why)}
    if isinstance(why, Unticked):
        return {"missing": why.points}
    if isinstance(why, NotFit):
        return {"faults": why.faults}
    if isinstance(why, NothingToCut):
        return {"faults": [_("Write something first.")]}
    if isinstance(why, NoFlow):
        words = _("The workspace has no review flow. Whoever may change the flow can set one up.")
        return {"faults": [words]}
    return {"faults": [str(why)]}


@require_http_methods(["GET", "POST"])
@asks(Decision.POST_SUBMIT)
def submit(request: MemberRequest, post_id: int) -> HttpResponse:
    """Show the self-check; signed, send the post to review."""
    post = _post(request, post_id)
    if request.method == "GET":
        return _sign_page(request, post)
    try:
        round_ = _send(request, post)
    except REFUSALS as why:
        return _sign_page(request, post, status=422, **_refusal(why))
    said = _("“%(post)s” is in review.")
    if round_.due_at is not None:
        said = _("“%(post)s” is in the fast lane. The clock runs.")
    undo = reverse("review-withdraw", args=[post.pk])
    messages.success(request, said % {"post": post.shown_title}, extra_tags=f"undo:{undo}")
    return redirect("post", post.pk)


@require_POST
@asks(Decision.POST_SUBMIT)
def withdraw(request: MemberRequest, post_id: int) -> HttpResponse:
    """Take a post back from review."""
    post = _post(request, post_id)
    round_ = get_object_or_404(
        Round.objects.visible_to(request.member).open().select_related("post"), post=post
    )
    withdraw_round(round_, by=request.member, now=clock.now())
    messages.success(request, _("“%(post)s” is a draft again.") % {"post": post.shown_title})
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse("post", args=[post.pk])})
    return redirect("post", post.pk)
