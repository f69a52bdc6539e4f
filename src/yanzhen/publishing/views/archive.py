"""The archive: what is out, with its link and its counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yanzhen.channels.platforms import platform
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision
from yanzhen.publishing.forms_archive import ArchiveForm
from yanzhen.publishing.models import Delivery, Reading, Removal
from yanzhen.publishing.queries import removal_of
from yanzhen.publishing.queries_archive import archive as archived
from yanzhen.publishing.queries_archive import latest_readings

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
    """Show what is out, of one account, campaign or month or all, newest or most seen first."""
    form = ArchiveForm(request.GET, member=request.member)
    wanted = form.wanted()
    page = Paginator(archived(request.member, wanted), PAGE).get_page(request.GET.get("page"))
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
        "form": form,
        "wanted": wanted,
        "may_write": request.member.may_somewhere(Decision.POST_WRITE),
        "may_delete": request.member.may_somewhere(Decision.PUBLISH_DELETE),
    }
    part = "#rows" if request.headers.get("HX-Request") else ""
    response = render(request, f"publishing/archive.html{part}", context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
