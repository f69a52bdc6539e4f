"""The tasks as a board, as a list and as the reader's own: three views of the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision
from yanzhen.tasks import asked as ask
from yanzhen.tasks.asked import Asked
from yanzhen.tasks.forms_narrow import NarrowForm
from yanzhen.tasks.queries import MOST_MINE, board_for, columns_of, mine_for, narrowed_tasks

TASKS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Looked:
    """What one request asks of the tasks, and the form that says so."""

    asked: Asked
    form: NarrowForm


def looked(request: MemberRequest) -> Looked:
    """Read the address; what makes no sense in it is said by the form."""
    form = NarrowForm(request.GET, member=request.member)
    return Looked(form.asked(), form)


@members
@require_GET
def tasks(request: MemberRequest) -> HttpResponse:
    """Show the board, the list or the reader's own tasks; the piece alone when htmx asks."""
    at = looked(request)
    return tasks_page(request, at, status=422 if at.form.errors else 200)


def tasks_page(request: MemberRequest, at: Looked, *, status: int = 200) -> HttpResponse:
    """Answer with what is asked: the piece that htmx swaps, or the page."""
    member, asked = request.member, at.asked
    context = {
        "form": at.form,
        "asked": asked,
        "now": now(),
        "may_direct": member.may(Decision.TASK_DIRECT),
        "me": member.pk,
        **_rows(request, asked),
    }
    headers = request.headers
    piece = headers.get("HX-Target") == "tasks" and "HX-Boosted" not in headers
    name = f"tasks/tasks.html{'#rows' if piece else ''}"
    answer = render(request, name, context, status=status)
    patch_vary_headers(answer, ["HX-Target", "HX-Boosted"])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _rows(request: MemberRequest, asked: Asked) -> dict[str, Any]:
    member, moment = request.member, now()
    if asked.view == ask.MINE:
        stretches = mine_for(member, asked, now=moment)
        shown = sum(len(stretch.tasks) for stretch in stretches)
        return {
            "stretches": stretches,
            "cut": shown == MOST_MINE,
            "columns": columns_of(member),
            "empty": not stretches,
        }
    if asked.view == ask.LIST:
        rows = narrowed_tasks(member, asked, now=moment).with_names().open_first()
        page = Paginator(rows, TASKS_A_PAGE).get_page(request.GET.get("page"))
        return {"page": page, "columns": columns_of(member), "empty": not page.object_list}
    board = board_for(member, asked, now=moment)
    return {"board": board, "columns": board.columns, "empty": board.count == 0}
