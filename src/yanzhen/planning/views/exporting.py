"""Taking posts with you as a spreadsheet."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.planning.actions.exporting import export_posts
from yanzhen.planning.exporting.rows import Rows, rows_of
from yanzhen.planning.exporting.sheets import csv_lines, xlsx_file
from yanzhen.planning.forms_export import CSV, ExportForm, asked_in
from yanzhen.planning.importing.readers import MOST_ROWS
from yanzhen.planning.queries_export import chosen_posts

PAGE = "planning/export.html"


@members
@require_http_methods(["GET", "POST"])
def plan_export(request: MemberRequest) -> HttpResponseBase:
    """Ask which posts, then send them as a file. It is a POST because the log remembers it."""
    member = request.member
    if request.method == "GET":
        form = ExportForm(member=member, initial=asked_in(request.GET))
        return _page(request, form)
    form = ExportForm(request.POST, member=member)
    if not form.is_valid():
        return _page(request, form, status=422)
    posts = chosen_posts(member, form.choice())
    if not posts.exists():
        form.add_error(None, _("No post matches all of that, so there is nothing to export."))
        return _page(request, form, status=422)
    kind = form.cleaned_data["format"]
    taken = export_posts(posts, kind=kind, by=member, now=now())
    day = now().astimezone(member.user.tz).date()
    name = f"{member.workspace.slug}-{day:%Y-%m-%d}.{kind.lower()}"
    return _file(rows_of(taken, base=settings.BASE_URL), kind, name)


def _page(request: MemberRequest, form: ExportForm, *, status: int = 200) -> HttpResponse:
    return render(request, PAGE, {"form": form, "most_rows": MOST_ROWS}, status=status)


def _file(rows: Rows, kind: str, name: str) -> HttpResponseBase:
    if kind != CSV:
        return FileResponse(xlsx_file(rows), as_attachment=True, filename=name)
    answer = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
