"""The activity log: what happened, who did it, and a file of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET

from yanzhen.activity.feed import Told, events, sentence
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.web.forms import LogFilter

PAGE = 60
COLUMNS = ("number", "at_utc", "kind", "actor", "subject", "sentence", "lead", "hash")


def _asked(request: MemberRequest) -> tuple[LogFilter, Any]:
    """Return the filter as given and the events it lets through, newest first.

    None when it makes no sense: more than was asked for would be taken for what was.
    """
    form = LogFilter(request.GET)
    found = events().objects.told_to(request.member)
    found = form.narrow(found) if form.is_valid() else found.none()
    return form, found.newest_first()


def _before(request: HttpRequest) -> int | None:
    """Return the event to continue below, None for the first page or nonsense."""
    return parse_id(request.GET.get("before"))


@require_GET
@asks(Decision.AUDIT_READ)
def log(request: MemberRequest) -> HttpResponse:
    """Show the log, newest first, by filter and page."""
    form, found = _asked(request)
    return _page(request, form, found)


def _page(request: MemberRequest, form: LogFilter, found: Any) -> HttpResponse:
    before = _before(request)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form,
        "rows": [(event, sentence(event)) for event in rows[:PAGE]],
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "filtered": bool([value for value in query.values() if value]),
        "query": query.urlencode(),
    }
    part = "#rows" if request.headers.get("HX-Request") else ""
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    response = render(request, f"web/log.html{part}", context, status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def _safe(cell: str) -> str:
    """Return the cell so that a spreadsheet shows it and never runs it."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


class _Line:
    """A file that gives back what was written to it."""

    def write(self, line: str) -> str:
        return line


def _lines(found: Any, language: str) -> Iterator[str]:
    """Give the file line by line. It is sent when the request's own language is no longer set."""
    writer = csv.writer(_Line())
    # The mark lets Excel read Chinese.
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    event: Told
    for event in found.iterator(chunk_size=1000):
        with translation.override(language):
            said = sentence(event)
        cells = (
            str(event.number),
            event.at.isoformat(timespec="seconds"),
            event.kind,
            event.actor_label,
            event.subject_label,
            said,
            event.lead_name,
            event.hash,
        )
        yield str(writer.writerow([_safe(cell) for cell in cells]))


@require_GET
@asks(Decision.AUDIT_READ)
def log_csv(request: MemberRequest) -> HttpResponseBase:
    """Send the filtered log as a CSV file, UTF-8, times in UTC."""
    form, found = _asked(request)
    if not form.is_valid():
        return _page(request, form, found)
    response = StreamingHttpResponse(
        _lines(found, translation.get_language() or "en"), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="activity.csv"'
    return response
