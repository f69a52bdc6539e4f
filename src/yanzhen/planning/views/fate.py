"""What else may become of a post: other details, another round, an end, a new beginning."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.toasts import say
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.details import change_details
from yanzhen.planning.actions.starting import copy_post
from yanzhen.planning.actions.timing import drop_post, revise_post
from yanzhen.planning.forms import DetailsForm
from yanzhen.planning.views.composer import composer_context, post_for


@asks(Decision.POST_WRITE)
@require_POST
def post_details(request: MemberRequest, pk: int) -> HttpResponse:
    """Change title, account or campaign; what is not sent stays."""
    post = post_for(request.member, pk)
    form = DetailsForm(request.POST, member=request.member, post=post)
    if not form.is_valid():
        context = composer_context(request, post, details_form=form, details_open=True)
        return render(request, "planning/post.html", context, status=422)
    asked = form.cleaned_data
    change_details(
        post,
        by=request.member,
        title=asked["title"],
        account=asked["account"],
        campaign=asked["campaign"],
        now=now(),
    )
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect("post", pk)


@asks(Decision.POST_WRITE)
@require_POST
def post_revise(request: MemberRequest, pk: int) -> HttpResponse:
    """Open the post for changes: a new round, and what was passed is void."""
    revise_post(post_for(request.member, pk), by=request.member, now=now())
    return say(request, redirect("post", pk), _("Open for changes. It needs a new review."))


@asks(Decision.POST_DROP)
@require_POST
def post_drop(request: MemberRequest, pk: int) -> HttpResponse:
    """Drop the post for good."""
    post = post_for(request.member, pk)
    drop_post(post, by=request.member, now=now())
    text = _("“%(title)s” is dropped.") % {"title": post.shown_title}
    return say(request, redirect("post", pk), text)


@asks(Decision.POST_WRITE)
@require_POST
def post_copy(request: MemberRequest, pk: int) -> HttpResponse:
    """Start a new draft from the same text."""
    started = copy_post(post_for(request.member, pk), by=request.member, now=now())
    drops = request.member.may(Decision.POST_DROP, account_id=started.account_id)
    undo = reverse("post-drop", args=[started.pk]) if drops else ""
    text = _("A new draft with the same text.")
    return say(request, redirect("post", started.pk), text, undo=undo)
