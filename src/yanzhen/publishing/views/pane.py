"""How far a post's sending is, for the side of its own page, with the two ways to step in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing import queries

READY = (PostState.SCHEDULED, PostState.PASSED)


@require_GET
@members
def pane(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the post's deliveries; offer to hold it, or to publish it at once."""
    posts = Post.objects.visible_to(request.member).select_related("account")
    post = get_object_or_404(posts, pk=pk)
    context = {
        "post": post,
        "parts": queries.parts_of(post),
        "may_hold": post.state == PostState.SCHEDULED and request.member.may(Decision.POST_HOLD),
        "may_publish": post.state in READY and request.member.may(Decision.PUBLISH_NOW),
        "stopped": post.state in (PostState.HELD, PostState.FAILED, PostState.PARTIAL),
    }
    return render(request, "publishing/_pane.html", context)
