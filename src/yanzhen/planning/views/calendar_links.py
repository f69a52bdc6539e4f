"""Links under which other calendars read the plan: a member's own, and what a calendar is sent."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yanzhen.kernel.clock import now
from yanzhen.people.actions.invitations import token_hash
from yanzhen.people.feeds import as_calendar, too_often
from yanzhen.people.gate import MemberRequest, members, strangers
from yanzhen.planning.actions.linking import (
    MOST_LINKS,
    LinkRevoked,
    TooManyLinks,
    make_link,
    note_use,
    revoke_link,
)
from yanzhen.planning.exporting.entries import calendar_of
from yanzhen.planning.forms_export import LinkForm
from yanzhen.planning.models import CalendarLink
from yanzhen.planning.queries_export import entries_for, links_of

PAGE = "planning/calendar_links.html"


@members
@never_cache
@require_http_methods(["GET", "POST"])
def calendar_links(request: MemberRequest) -> HttpResponse:
    """List your links, or make one; its address is on the answer, and nowhere else afterwards."""
    member = request.member
    form = LinkForm(request.POST if request.method == "POST" else None, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            link, secret = make_link(**form.cleaned_data, by=member, now=now())
        except TooManyLinks:
            words = _("You have %(most)d links. Revoke one that you no longer need.")
            form.add_error(None, words % {"most": MOST_LINKS})
        else:
            address = settings.BASE_URL + reverse("calendar-feed", args=[secret])
            web = f"webcal://{address.partition('://')[2]}"
            context = {"link": link, "address": address, "webcal": web}
            return render(request, "planning/calendar_link_made.html", context)
    context = {"form": form, "links": links_of(member)}
    return render(request, PAGE, context, status=422 if form.is_bound else 200)


@members
@require_POST
def calendar_link_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """Make one of your links useless."""
    link = get_object_or_404(CalendarLink.objects.of(request.member), pk=pk)
    try:
        revoke_link(link, by=request.member, now=now())
    except LinkRevoked:
        messages.warning(request, _("This link was revoked already."))
    else:
        messages.success(request, _("The link is revoked. Calendars that use it get nothing more."))
    return redirect("calendar-links")


@strangers
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Send the posts of a link to whoever has its address, as iCalendar."""
    found = CalendarLink.objects.open().select_related("member__user", "workspace", "account")
    link = get_object_or_404(found, secret_hash=token_hash(secret))
    refusal = too_often(request, f"plan {link.pk}")
    if refusal is not None:
        return refusal
    moment = now()
    note_use(link, now=moment)
    with translation.override(link.member.user.language):
        name = _("%(workspace)s: %(shows)s") % {"workspace": link.workspace, "shows": link}
        content = calendar_of(name, entries_for(link, base=settings.BASE_URL, now=moment))
    return as_calendar(request, content, filename="yanzhen.ics")
