"""Sending a post to review, taking it back, and talking about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel import clock
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.writing import NothingToCut
from yanzhen.planning.models import Post
from yanzhen.review import fitness, queries
from yanzhen.review.actions.comments import comment_on
from yanzhen.review.actions.rounds import NoFlow, NotFit, Unticked, submit_post, withdraw_round
from yanzhen.review.forms import CommentForm
from yanzhen.review.models import CheckPoint, Flow, Round, Step
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
        **more,
    }
    return render(request, "review/sign.html", context, status=status)


@require_http_methods(["GET", "POST"])
@asks(Decision.POST_SUBMIT)
def submit(request: MemberRequest, post_id: int) -> HttpResponse:
    """Show the self-check; signed, send the post to review."""
    post = _post(request, post_id)
    if request.method == "GET":
        return _sign_page(request, post)
    try:
        submit_post(
            post,
            by=request.member,
            ticks=_ticked(request),
            comment=request.POST.get("comment", "")[:2000],
            now=clock.now(),
        )
    except Unticked as refused:
        return _sign_page(request, post, status=422, missing=refused.points)
    except NotFit as refused:
        return _sign_page(request, post, status=422, faults=refused.faults)
    except NothingToCut:
        return _sign_page(request, post, status=422, faults=[_("Write something first.")])
    except NoFlow:
        why = _("The workspace has no review flow. Whoever may change the flow can set one up.")
        return _sign_page(request, post, status=422, faults=[why])
    messages.success(request, _("“%(post)s” is in review.") % {"post": post.shown_title})
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
    return redirect("post", post.pk)


@require_POST
@members
def comment(request: MemberRequest, post_id: int) -> HttpResponse:
    """Add a comment to a post."""
    post = _post(request, post_id)
    form = CommentForm(request.POST)
    if form.is_valid():
        comment_on(post, by=request.member, body=form.cleaned_data["body"], now=clock.now())
    else:
        messages.error(request, _("A comment needs words, 4,000 characters at most."))
    if request.headers.get("HX-Request"):
        return redirect("review-trail", post.pk)
    return redirect("post", post.pk)
