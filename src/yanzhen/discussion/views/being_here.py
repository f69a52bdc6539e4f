"""Who has a post open and who writes in it: the heartbeat of its page, and taking over."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.discussion.actions.being_here import leave_post, show_presence, take_pen
from yanzhen.discussion.queries import here_at
from yanzhen.discussion.views.answers import may_take, post_for, say
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Draft


@members
@require_POST
def post_here(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a heartbeat, and answer with who else is here.

    ``page`` tells the member's pages apart, ``writes=1`` asks for the pen, ``unsaved=1`` says that
    words are not saved yet, and ``leaves=1`` is the last one of a page.
    """
    post = post_for(request.member, pk)
    page = request.POST.get("page", "")
    if request.POST.get("leaves") == "1":
        leave_post(post, by=request.member, page=page, now=now())
        return HttpResponse(status=204)
    show_presence(
        post,
        by=request.member,
        page=page,
        writes=request.POST.get("writes") == "1",
        unsaved=request.POST.get("unsaved") == "1",
        now=now(),
    )
    context = {
        "post": post,
        "here": here_at(post, request.member, now=now()),
        "may_take": may_take(request.member, post),
        "draft": Draft.objects.select_related("saved_by__user").get(post=post),
    }
    answer = render(request, "discussion/_here.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@asks(Decision.POST_WRITE)
@require_POST
def post_take_over(request: MemberRequest, pk: int) -> HttpResponse:
    """Take over writing, and open the post with the text as it is saved now."""
    post = post_for(request.member, pk)
    take_pen(post, by=request.member, now=now())
    say(request, _("You are writing now."))
    return redirect("post", pk)
