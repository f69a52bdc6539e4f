"""How far a post's sending is, for the side of its own page, with the two ways to step in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.timing import BeforeLift
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.planning.views.answers import before_lift
from yanzhen.publishing import queries_looks, queries_post
from yanzhen.publishing.actions import scheduling
from yanzhen.publishing.forms import ReasonForm
from yanzhen.publishing.history import history_of

READY = (PostState.SCHEDULED, PostState.PASSED)


def _post(request: MemberRequest, pk: int) -> Post:
    posts = Post.objects.visible_to(request.member).select_related("account")
    return get_object_or_404(posts, pk=pk)


@require_GET
@members
def pane(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the post's deliveries; offer to hold it, or to publish it at once."""
    post = _post(request, pk)
    member, moment = request.member, now()
    context = {
        "post": post,
        "parts": queries_post.parts_of(post, now=moment),
        "look": queries_looks.look_of(post, now=moment),
        "leads": member.leads,
        "history": [] if post.state == PostState.DRAFT else history_of(post),
        "now": moment,
        "about": queries_post.about(post, now=moment),
        "may_delete": member.may(Decision.PUBLISH_DELETE, account_id=post.account_id),
        "may_write": member.may(Decision.POST_WRITE, account_id=post.account_id),
        "may_hold": post.state == PostState.SCHEDULED
        and request.member.may(Decision.POST_HOLD, account_id=post.account_id),
        "may_publish": post.state in READY
        and request.member.may(Decision.PUBLISH_NOW, account_id=post.account_id),
        "stopped": post.state
        in (
            PostState.HELD,
            PostState.MISSED,
            PostState.FAILED,
            PostState.PARTIAL,
        ),
    }
    return render(request, "publishing/_pane.html", context)


@asks(Decision.POST_HOLD)
@require_POST
def hold(request: MemberRequest, pk: int) -> HttpResponse:
    """Hold one scheduled post."""
    post = _post(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why it is held; the team sees the reason."))
        return redirect("post", pk=post.pk)
    scheduling.hold_post(post, by=request.member, reason=form.cleaned_data["reason"], now=now())
    messages.info(request, _("It is held and will not go out until it gets a time again."))
    return redirect("post", pk=post.pk)


@asks(Decision.PUBLISH_NOW)
@require_POST
def publish_now(request: MemberRequest, pk: int) -> HttpResponse:
    """Let one passed post go out at once."""
    post = _post(request, pk)
    try:
        scheduling.publish_now(post, by=request.member, now=now())
    except BeforeLift as early:
        messages.warning(request, before_lift(early).why)
        return redirect("post", pk=post.pk)
    messages.info(request, _("It goes out now."))
    return redirect("post", pk=post.pk)
