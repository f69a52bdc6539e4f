"""When a post goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.toasts import say
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.timing import WALL, time_post, untime_post
from yanzhen.planning.forms import TimeForm
from yanzhen.planning.models import Post
from yanzhen.planning.moments import moment_words
from yanzhen.planning.states import PostState
from yanzhen.planning.views.answers import time_refusals
from yanzhen.planning.views.composer import composer_context, post_for

#: An approval has been given, and stands when only the time moves.
_APPROVED = frozenset(
    {
        PostState.PASSED,
        PostState.SCHEDULED,
        PostState.HELD,
        PostState.MISSED,
        PostState.FAILED,
    }
)


@asks(Decision.POST_SCHEDULE)
@require_POST
def post_time(request: MemberRequest, pk: int) -> HttpResponse:
    """Set or move the time. The values may come in the address: that is how a move is undone."""
    post = post_for(request.member, pk)
    before = (post.due_wall, post.due_zone, post.due_fold)
    sent = request.POST if "zone" in request.POST else request.GET
    form = TimeForm(sent, member=request.member, post=post)
    if not form.is_valid():
        return _again(request, post, form)
    asked = form.cleaned_data
    try:
        with time_refusals() as refusals:
            time_post(
                post,
                by=request.member,
                wall=asked["wall"],
                zone=asked["zone"],
                fold=asked["fold"],
                now=now(),
            )
            return _moved(request, post, before)
    except MoveRefused:
        return _lost(request, post, form)
    return _again(request, post, form, refused=refusals.found)


@asks(Decision.POST_SCHEDULE)
@require_POST
def post_untime(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the post off the calendar."""
    post = post_for(request.member, pk)
    before = (post.due_wall, post.due_zone, post.due_fold)
    try:
        untime_post(post, by=request.member, now=now())
    except MoveRefused:
        return _lost(request, post, TimeForm(member=request.member, post=post))
    return say(request, _slug(request, post), _("Off the calendar now."), undo=_back(post, *before))


def _back(post: Post, wall: str, zone: str, fold: int) -> str:
    """Return the address that undoes a move."""
    if not wall:
        return reverse("post-untime", args=[post.pk])
    query = urlencode({"at": wall, "zone": zone, "fold": fold})
    return f"{reverse('post-time', args=[post.pk])}?{query}"


def _moved(request: MemberRequest, post: Post, before: tuple[str, str, int]) -> HttpResponse:
    words = {"moment": moment_words(datetime.strptime(post.due_wall, WALL))}  # noqa: DTZ007 -- a wall time has no zone
    if post.state in _APPROVED:
        text = _("Goes out %(moment)s. The approval stands: the text is the same.") % words
    else:
        text = _("Goes out %(moment)s.") % words
    return say(request, _slug(request, post), text, undo=_back(post, *before))


def _slug(request: MemberRequest, post: Post) -> HttpResponse:
    """Answer htmx with the line that names the time, and a form with the page."""
    if not request.headers.get("HX-Request"):
        return redirect("post", post.pk)
    return render(request, "planning/post.html#timing", composer_context(request, post))


def _again(
    request: MemberRequest, post: Post, form: TimeForm, *, status: int = 422, **more: Any
) -> HttpResponse:
    piece = "#timing" if request.headers.get("HX-Request") else ""
    context = composer_context(request, post, time_form=form, time_open=True, **more)
    return render(request, f"planning/post.html{piece}", context, status=status)


def _lost(request: MemberRequest, post: Post, form: TimeForm) -> HttpResponse:
    """Answer 409: say what the time and the stage are now."""
    post.refresh_from_db()
    return _again(request, post, form, status=409, time_lost=True)
