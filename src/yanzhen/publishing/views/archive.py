"""The archive: what is out, with its link and its counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yanzhen.channels.models import Account
from yanzhen.channels.platforms import platform
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision
from yanzhen.publishing.models import Delivery, Reading, Removal
from yanzhen.publishing.queries import archive as archived
from yanzhen.publishing.queries import latest_readings, removal_of

PAGE = 30


@dataclass(frozen=True)
class Line:
    """One published delivery: its address on X and its latest counts, None before the first.

    ``removal`` is the wish to delete it there, None where there is none.
    """

    delivery: Delivery
    url: str
    reading: Reading | None
    removal: Removal | None


@members
@require_GET
def archive(request: MemberRequest) -> HttpResponse:
    """Show what is out, newest first, of one account or all."""
    accounts = list(Account.objects.visible_to(request.member).in_order())
    chosen = parse_id(request.GET.get("account"))
    account = next((a for a in accounts if a.pk == chosen), None)
    page = Paginator(archived(request.member, account), PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    readings = latest_readings(shown)
    lines = [
        Line(
            delivery,
            platform(delivery.account.platform).post_url(
                delivery.account.handle, delivery.remote_id
            ),
            readings.get(delivery.pk),
            removal_of(delivery),
        )
        for delivery in shown
    ]
    context = {
        "page": page,
        "lines": lines,
        "accounts": accounts,
        "account": account,
        "may_write": request.member.may(Decision.POST_WRITE),
        "may_delete": request.member.may(Decision.PUBLISH_DELETE),
    }
    part = "#rows" if request.headers.get("HX-Request") else ""
    response = render(request, f"publishing/archive.html{part}", context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
