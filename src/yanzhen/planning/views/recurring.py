"""Letting a post go out again, or once."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.toasts import say
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.recurring import (
    BadRule,
    NoTimeYet,
    clear_recurrence,
    set_recurrence,
)
from yanzhen.planning.forms_recurring import RecurrenceForm
from yanzhen.planning.models import Post
from yanzhen.planning.views.composer import composer_context, post_for


@asks(Decision.POST_SCHEDULE)
@require_POST
def post_recur(request: MemberRequest, pk: int) -> HttpResponse:
    """Set the rule by which the post goes out again."""
    post = post_for(request.member, pk)
    form = RecurrenceForm(request.POST)
    if not form.is_valid():
        return _again(request, post, form)
    try:
        made = set_recurrence(post, by=request.member, rule=form.rule(), now=now())
    except NoTimeYet:
        return _again(request, post, form, why=_("Set the first time, then how it goes out again."))
    except (BadRule, OverflowError):
        return _again(request, post, form, why=_("These times cannot be. Choose fewer or nearer."))
    except MoveRefused:
        return _lost(request, post, form)
    text = _("Goes out %(times)d times.") % {"times": len(made)}
    return say(request, _panel(request, post), text)


@asks(Decision.POST_SCHEDULE)
@require_POST
def post_recur_clear(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the post go out once."""
    post = post_for(request.member, pk)
    try:
        clear_recurrence(post, by=request.member, now=now())
    except MoveRefused:
        return _lost(request, post, RecurrenceForm())
    return say(request, _panel(request, post), _("Goes out once now."))


def _panel(request: MemberRequest, post: Post) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("post", post.pk)
    return render(request, "planning/post.html#timing", composer_context(request, post))


def _again(
    request: MemberRequest, post: Post, form: RecurrenceForm, *, why: str = "", status: int = 422
) -> HttpResponse:
    piece = "#timing" if request.headers.get("HX-Request") else ""
    context = composer_context(request, post, recur_form=form, recur_open=True, recur_trouble=why)
    return render(request, f"planning/post.html{piece}", context, status=status)


def _lost(request: MemberRequest, post: Post, form: RecurrenceForm) -> HttpResponse:
    """Answer 409: reviewers have the rule before them, so it stays."""
    post.refresh_from_db()
    why = _("The post has moved on (%(stage)s). Open it for changes first.") % {
        "stage": post.get_state_display()
    }
    return _again(request, post, form, why=why, status=409)
