"""Links under which other calendars read the rota, and what a calendar is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yanzhen.duty.actions.linking import (
    MOST_LINKS,
    LinkRevoked,
    TooManyLinks,
    make_link,
    note_use,
    revoke_link,
)
from yanzhen.duty.forms import LinkForm
from yanzhen.duty.models import DutyLink
from yanzhen.duty.queries import entries_of
from yanzhen.duty.queries_board import rota_of
from yanzhen.duty.rules.ical import written
from yanzhen.duty.rules.spans import Span
from yanzhen.kernel.clock import now
from yanzhen.people.actions.invitations import token_hash
from yanzhen.people.feeds import as_calendar, too_often
from yanzhen.people.gate import MemberRequest, members, strangers

_BEFORE, _AFTER = timedelta(weeks=4), timedelta(weeks=13)


@members
@never_cache
@require_http_methods(["GET", "POST"])
def duty_links(request: MemberRequest) -> HttpResponse:
    """List your links, or make one; its address is on the answer, and nowhere else afterwards."""
    member = request.member
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            link, secret = make_link(shows=form.cleaned_data["shows"], by=member, now=now())
        except TooManyLinks:
            words = _("You have %(most)d links. Revoke one that you no longer need.")
            form.add_error(None, words % {"most": MOST_LINKS})
        else:
            address = settings.BASE_URL + reverse("duty-feed", args=[secret])
            web = f"webcal://{address.partition('://')[2]}"
            context = {"link": link, "address": address, "webcal": web}
            return render(request, "duty/link_made.html", context)
    links = DutyLink.objects.of(member).open().order_by("-created_at", "-pk")
    status = 422 if form.is_bound else 200
    context = {"form": form, "links": links, "rota": rota_of(member)}
    return render(request, "duty/links.html", context, status=status)


@members
@require_POST
def duty_link_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """Make one of your links useless."""
    link = get_object_or_404(DutyLink.objects.of(request.member), pk=pk)
    try:
        revoke_link(link, by=request.member, now=now())
    except LinkRevoked:
        messages.warning(request, _("This link was revoked already."))
    else:
        messages.success(request, _("The link is revoked. Calendars that use it get nothing more."))
    return redirect("duty-links")


@strangers
@require_safe
def duty_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Send the turns of a link to whoever has its address, as iCalendar."""
    found = DutyLink.objects.open().select_related("member__user", "member__workspace")
    link = get_object_or_404(found, secret_hash=token_hash(secret))
    refusal = too_often(request, f"duty {link.pk}")
    if refusal is not None:
        return refusal
    moment = now()
    note_use(link, now=moment)
    with translation.override(link.member.user.language):
        content = _calendar(link, moment).encode()
    return as_calendar(request, content, filename="yanzhen-duty.ics")


def _calendar(link: DutyLink, moment: datetime) -> str:
    """Write the turns of the link, the last four weeks and all that is planned."""
    member, own = link.member, link.shows == DutyLink.Shows.OWN
    name = _("%(workspace)s: %(shows)s") % {"workspace": member.workspace, "shows": link}
    rota = rota_of(member)
    if rota is None:
        return written(name, [])
    words = pgettext("duty calendar", "%(place)s") if own else _("%(name)s: %(place)s")
    entries = entries_of(
        rota,
        Span(moment - _BEFORE, moment + _AFTER),
        words=words,
        host=urlsplit(settings.BASE_URL).hostname or "yanzhen",
        member=member if own else None,
    )
    return written(name, entries)
