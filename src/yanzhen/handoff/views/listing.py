"""The history of handoffs, who leads now, and where the next one begins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yanzhen.handoff.actions.checks import AlreadyOpen
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.forms import HoursForm
from yanzhen.handoff.queries import history_for, strip_for
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.models import Member
from yanzhen.people.rights import DUTIES, LEAD_HOLDS, Decision, NotAllowed

A_PAGE = 30
MOST_QUERY = 100
_USUAL_AHEAD = timedelta(hours=1)


@members
@require_http_methods(["GET", "POST"])
def handoffs(request: MemberRequest) -> HttpResponse:
    """Show who leads and what was handed over; a form begins the next log."""
    if request.method == "GET":
        return _page(request)
    member, moment = request.member, now()
    if not member.leads and not member.may(Decision.LEAD_SET):
        raise NotAllowed(Decision.LEAD_SET, "no_right")
    form = HoursForm(request.POST, member=member, now=moment)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    given = form.cleaned_data
    try:
        made = open_handover(
            member.workspace,
            to=given["receiver"],
            due_at=given["due_at"],
            until_at=given["until_at"],
            by=member,
            now=moment,
        )
    except AlreadyOpen as found:
        return redirect("handoff", found.handover.pk)
    except (ValueError, Member.DoesNotExist):
        form.add_error("receiver", _("The lead went another way meanwhile. Choose again."))
        return _page(request, form=form, status=409)
    return redirect("handoff", made.pk)


def _page(
    request: MemberRequest, *, form: HoursForm | None = None, status: int = 200
) -> HttpResponse:
    member, moment = request.member, now()
    query = request.GET.get("q", "").strip()[:MOST_QUERY]
    strip = strip_for(member, now=moment)
    pages = Paginator(history_for(member, query), A_PAGE)
    context = {
        "query": query,
        "page": pages.get_page(request.GET.get("page")),
        "strip": strip,
        "lead": member.workspace.lead,
        "overdue": member.workspace.lead_overdue(moment),
        "may_take": member.may(Decision.LEAD_SET) and not member.leads,
        "may_form": member.may(Decision.LEAD_SET),
        "holds": [DUTIES[each].sentence for each in Decision if each in LEAD_HOLDS],
        "form": form or (_form(request, strip.turn) if strip.may_start else None),
        "now": moment,
    }
    return render(request, "handoff/handoffs.html", context, status=status)


def _form(request: MemberRequest, turn: Any) -> HoursForm:
    """Return the form, filled from the rota's next turn where there is one."""
    moment = now()
    start = {"due_at": moment.replace(minute=0, second=0, microsecond=0) + _USUAL_AHEAD}
    if turn is not None:
        start = {"receiver": turn.member_id, "due_at": turn.start_at, "until_at": turn.end_at}
    return HoursForm(member=request.member, now=moment, initial=start)
