"""A member's notices: the list, the way on from each, and having read them all."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.notify.actions.seeing import see, see_all
from yanzhen.notify.models import Notice
from yanzhen.notify.queries import by_day, is_veiled, with_mail_trouble, with_sentences
from yanzhen.notify.wiring import triggers
from yanzhen.people.gate import MemberRequest, UserRequest, members, users
from yanzhen.people.membership import SESSION_KEY

PAGE = 50
UNREAD, URGENT = "unread", "urgent"


@members
@require_GET
def notices(request: MemberRequest) -> HttpResponse:
    """List the reader's notices, newest first, by day."""
    mine = Notice.objects.visible_to(request.member)
    chosen = request.GET.get("show", "")
    wanted = {UNREAD: mine.unread, URGENT: mine.urgent}.get(chosen, mine.all)()
    page = Paginator(with_mail_trouble(wanted).newest_first(), PAGE).get_page(
        request.GET.get("page")
    )
    lines = with_sentences(page.object_list, request.member)
    context = {
        "page": page,
        "days": by_day(lines, request.member.user.tz, now=now()),
        "any_unread": any(line.notice.seen_at is None for line in lines),
        "chosen": chosen if chosen in (UNREAD, URGENT) else "",
        "choices": [("", _("All")), (UNREAD, _("Unread")), (URGENT, _("Urgent"))],
        "newest": max((line.notice.pk for line in lines), default=0),
        "triggers": triggers(),
    }
    piece = request.headers.get("HX-Target") == "notice-rows"
    response = render(request, f"notify/notices.html{'#rows' if piece else ''}", context)
    patch_vary_headers(response, ["HX-Target"])
    return response


@users
@require_GET
@never_cache
def notice(request: UserRequest, pk: int) -> HttpResponse:
    """Note that the notice was seen and lead to what it is about.

    A mail may lead here from another brand than the one on the desk: then that one is opened.
    """
    mine = Notice.objects.belonging_to(request.user).select_related("member")
    found = get_object_or_404(mine, pk=pk)
    see(found, now=now())
    if request.member is None or request.member.workspace_id != found.workspace_id:
        request.session[SESSION_KEY] = found.workspace_id
    if is_veiled(found, found.member):
        # Not even its address: where it leads is about something this member may not read.
        messages.info(request, _("An embargoed post needs somebody on its list. You are not."))
        return redirect("notices")
    return HttpResponseRedirect(found.url)


@members
@require_POST
def notices_seen(request: MemberRequest) -> HttpResponse:
    """Mark as read what the reader's page showed, and everything before it."""
    see_all(request.member, up_to=parse_id(request.POST.get("up_to")), now=now())
    return redirect(reverse("notices"))
