"""Import a plan: choose a file, see what it would do, then do all of it or nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.channels.models import Account
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.importing import PlanRefused, import_plan
from yanzhen.planning.importing.blanks import blank_csv, blank_rows, blank_xlsx
from yanzhen.planning.importing.form import PlanFile
from yanzhen.planning.importing.parking import ParkedLost, park, unpark
from yanzhen.planning.importing.plan import Plan, Source, check_plan
from yanzhen.planning.importing.readers import FileRefused

PAGE = "planning/import_plan.html"
#: Rows shown of each kind; the figures above them always count all.
MOST_SHOWN = 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _form(request: MemberRequest, data: bool = False) -> PlanFile:
    accounts = Account.objects.visible_to(request.member).in_order()
    if data:
        return PlanFile(request.POST, request.FILES, accounts=accounts)
    return PlanFile(accounts=accounts)


def _shown(plan: Plan, source: Source, member_id: int) -> dict[str, Any]:
    """Bad rows first, each kind in file order: what must be fixed must not be searched for."""
    fine = [each for each in plan.posts if not each.errors and not each.warnings]
    return {
        "plan": plan,
        "file": source.name,
        "parked": park(source, member_id=member_id) if plan.is_clean else "",
        "rows": [
            *plan.refused[:MOST_SHOWN],
            *plan.doubtful[:MOST_SHOWN],
            *fine[:MOST_SHOWN],
        ],
        "most_shown": MOST_SHOWN,
    }


@require_http_methods(["GET", "POST"])
@asks(Decision.PLAN_IMPORT)
def plan_import(request: MemberRequest) -> HttpResponse:
    """Show the form, or check a file and show the dry run. Nothing is written."""
    if request.method == "GET":
        return render(request, PAGE, {"form": _form(request)})
    form = _form(request, data=True)
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422)
    source = form.source()
    try:
        plan = check_plan(source, viewer=request.member, now=now())
    except FileRefused as refused:
        form.add_error("file", str(refused))
        return render(request, PAGE, {"form": form}, status=422)
    context = {"form": form, **_shown(plan, source, request.member.pk)}
    return render(request, PAGE, context, status=200 if plan.is_clean else 422)


@require_POST
@asks(Decision.PLAN_IMPORT)
def plan_import_confirm(request: MemberRequest) -> HttpResponse:
    """Import the checked file. When the plan changed meanwhile, show the new dry run with 409."""
    form = _form(request)
    try:
        source = unpark(request.POST.get("parked", ""), member_id=request.member.pk)
    except ParkedLost:
        problem = _("The checked file is no longer at hand. Choose it again; nothing was imported.")
        return render(request, PAGE, {"form": form, "problem": problem}, status=422)
    try:
        posts = import_plan(source=source, by=request.member, now=now())
    except PlanRefused as refused:
        problem = _("The plan changed since the check, so nothing was imported.")
        shown = _shown(refused.plan, source, request.member.pk)
        return render(request, PAGE, {"form": form, "problem": problem, **shown}, status=409)
    words = ngettext(
        "%(count)d post is imported as a draft.",
        "%(count)d posts are imported as drafts.",
        len(posts),
    )
    messages.success(request, words % {"count": len(posts)})
    return redirect("posts")


@require_GET
@asks(Decision.PLAN_IMPORT)
def plan_import_blank(request: MemberRequest, kind: str) -> HttpResponse:
    """Send a file to fill in, as CSV or Excel."""
    if kind not in {"csv", "xlsx"}:
        raise Http404
    account = Account.objects.visible_to(request.member).in_order().first()
    rows = blank_rows(account, now=now())
    content = blank_csv(rows) if kind == "csv" else blank_xlsx(rows)
    response = HttpResponse(
        content, content_type="text/csv; charset=utf-8" if kind == "csv" else _XLSX
    )
    response["Content-Disposition"] = f'attachment; filename="yanzhen-plan.{kind}"'
    return response
