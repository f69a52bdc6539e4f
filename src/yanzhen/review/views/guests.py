"""Inviting guests to a post in review, and ending their links."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel import clock
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, asks, proves_when
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.planning.models import Post
from yanzhen.review import queries_guests
from yanzhen.review.actions.guests import (
    MOST_LINKS,
    InviteRefused,
    LinkRevoked,
    invite_guest,
    revoke_guest,
)
from yanzhen.review.forms_guests import InviteGuestForm
from yanzhen.review.models import GuestLink, Round, RoundStep

PAGE = "review/guests.html"


def _refused(why: str) -> str:
    """Say why nobody was invited, and what to do."""
    return {
        "name": _("Say who the guest is, in one line."),
        "days": _("A link is good for 30 days at most."),
        "step": _("No guest may decide this step any more. Choose another one."),
        "embargo": _("The post is under an embargo. Tick that the guest may read it."),
        "many": _("%(most)d guests have a link to it. Revoke one first.") % {"most": MOST_LINKS},
        "decided": _(
            "You answer for one decision in this round, and it is taken. Somebody else can invite "
            "this guest to decide."
        ),
        "taken": _("Another guest may decide this step already. Revoke that link first."),
        "own_work": _(
            "You wrote part of it, so somebody else invites a guest to decide. You can invite one "
            "to read and comment."
        ),
    }[why]


def _context(post: Post, round_: Round | None) -> dict[str, Any]:
    """Return what the page shows; without an open round there is nobody to invite to."""
    newest = round_ or post.rounds.order_by("-number").first()
    steps = queries_guests.steps_for(round_) if round_ else []
    return {
        "post": post,
        "round": round_,
        "steps": steps,
        "closed": [each for each in steps if each.why_not in ("members", "last")],
        "rows": queries_guests.guests_of(newest, now=clock.now()) if newest else [],
    }


def _lends_a_high_pass(request: MemberRequest, post_id: int) -> bool:
    """Tell whether the guest may decide a level whose pass asks for a fresh proof.

    Guests have no sign-in to prove, so whoever invites them does.
    """
    steps = RoundStep.objects.visible_to(request.member).filter(round__post_id=post_id)
    return steps.proven().filter(pk=parse_id(request.POST.get("step", "")) or 0).exists()


@proves_when(_lends_a_high_pass)
@never_cache
@require_http_methods(["GET", "POST"])
@asks(Decision.GUEST_INVITE)
def guests(request: MemberRequest, post_id: int) -> HttpResponse:
    """List a post's guests, or invite one; the link is on the answer, and nowhere else later."""
    posts = Post.objects.visible_to(request.member).select_related("account", "embargo")
    post = get_object_or_404(posts, pk=post_id)
    round_ = queries_guests.open_round(post)
    context = _context(post, round_)
    if round_ is None:
        return render(request, PAGE, context, status=409 if request.method == "POST" else 200)
    form = InviteGuestForm(
        request.POST if request.method == "POST" else None,
        steps=[each.step for each in context["steps"] if not each.why_not],
        embargoed=post.standing_embargo is not None,
        initial={"language": request.user.language},
    )
    context["form"] = form
    if form.is_bound and form.is_valid():
        try:
            link, secret = invite_guest(
                round_, wish=form.wish(), by=request.member, now=clock.now()
            )
        except InviteRefused as refused:
            form.add_error(None, _refused(refused.why))
        except NotAllowed as refused:
            if refused.reason != "own_work":
                raise
            form.add_error("step", _refused("own_work"))
        except TextRefused as refused:
            form.add_error("name", str(refused))
        else:
            address = settings.BASE_URL + reverse("guest", args=[secret])
            made = {"post": post, "link": link, "address": address}
            return render(request, "review/guest_made.html", made)
    return render(request, PAGE, context, status=422 if form.is_bound else 200)


@require_POST
@asks(Decision.GUEST_INVITE)
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """End a guest's link at once."""
    links = GuestLink.objects.visible_to(request.member).select_related("round__post")
    link = get_object_or_404(links, pk=pk)
    try:
        revoke_guest(link, by=request.member, now=clock.now())
    except LinkRevoked:
        messages.warning(request, _("This link was revoked already."))
    else:
        said = _("The link of %(name)s shows nothing any more.")
        messages.success(request, said % {"name": link.name})
    return redirect("review-guests", link.round.post_id)
