"""From a published post to its edit or its repost, each a post of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.channels.models import Account
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.content import PostKind
from yanzhen.planning.models import Post
from yanzhen.publishing.actions.editing import CannotEdit, edit_on_x, repost_from
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.words import STORIES, Cause

_WHY = {HoldReason.WINDOW: Cause.WINDOW, HoldReason.REMOVED: Cause.REMOVED}


@asks(Decision.POST_WRITE)
@require_POST
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Start an edit of what is out and open it."""
    rows = Delivery.objects.visible_to(request.member)
    delivery = get_object_or_404(rows.select_related("account", "post__campaign"), pk=pk)
    try:
        post = edit_on_x(delivery, by=request.member, now=now())
    except CannotEdit as refused:
        messages.warning(request, str(STORIES[_WHY[refused.reason]].happened))
        return redirect("post", pk=delivery.post_id)
    messages.info(request, _("Change the words, then send the edit through review."))
    return redirect("post", pk=post.pk)


@asks(Decision.POST_WRITE)
@require_http_methods(["GET", "POST"])
def repost(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose which account shows which of the post's segments again, and start that."""
    posts = Post.objects.visible_to(request.member).select_related("account")
    post = get_object_or_404(posts, pk=pk)
    out = Delivery.objects.published().filter(post=post).exclude(kind=PostKind.REPOST)
    parts = list(out.select_related("account", "post__campaign").order_by("position", "pk"))
    own = Account.objects.visible_to(request.member).in_order()
    accounts = [each for each in own if each.pk != post.account_id]
    wanted = parse_id(request.POST.get("delivery") or request.GET.get("delivery"))
    chosen = next((each for each in parts if each.pk == wanted), parts[0] if parts else None)
    status = 200
    if request.method == "POST":
        asked = parse_id(request.POST.get("account"))
        account = next((each for each in accounts if each.pk == asked), None)
        if account is not None and chosen is not None:
            return _start(request, chosen, account)
        status = 422
    context = {"post": post, "parts": parts, "accounts": accounts, "chosen": chosen}
    context["refused"] = status != 200  # noqa: PLR2004 -- 200 is "fine"
    return render(request, "publishing/repost.html", context, status=status)


def _start(request: MemberRequest, delivery: Delivery, account: Account) -> HttpResponse:
    try:
        made = repost_from(delivery, account, by=request.member, now=now())
    except CannotEdit as refused:
        messages.warning(request, str(STORIES[_WHY[refused.reason]].happened))
        return redirect("post", pk=delivery.post_id)
    messages.info(request, _("Send the repost through review; it has no words of its own."))
    return redirect("post", pk=made.pk)
