"""The page on which a team arranges the columns of its board."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yanzhen.kernel.clock import now
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.tasks.actions.columns import MOST_COLUMNS, BadColumns, ColumnWish, set_columns
from yanzhen.tasks.forms import ColumnForm
from yanzhen.tasks.models import Column
from yanzhen.tasks.queries import columns_of


def _why(bad: BadColumns) -> str:
    words = {
        "needs_todo": _("A board needs a column in which tasks are still to do."),
        "needs_done": _("A board needs a column in which tasks are done."),
        "too_many": _("A board has %(most)d columns at most.") % {"most": MOST_COLUMNS},
        "not_empty": _("“%(column)s” still holds tasks. Move them first, then remove it.")
        % {"column": bad.column},
        "changed": _("Somebody changed the columns meanwhile. Load the page again."),
    }
    return words[bad.why]


def _form_of(column: Column, place: int) -> ColumnForm:
    start = {
        "pk": column.pk,
        "title": column.title or column.shown_title,
        "state": column.state,
        "most": column.most,
        "strict": column.strict,
        "place": place,
    }
    return ColumnForm(prefix=f"c{place}", initial=start)


def _given(request: MemberRequest) -> list[ColumnForm]:
    """Return a form for each row that came in with anything in it."""
    rows = [ColumnForm(request.POST, prefix=f"c{n}") for n in range(1, MOST_COLUMNS + 2)]
    return [form for form in rows if form["pk"].data or form["title"].data]


@asks(Decision.TASK_DIRECT)
@require_http_methods(["GET", "POST"])
def task_columns(request: MemberRequest) -> HttpResponse:
    """Show the columns, and change them."""
    if request.method == "GET":
        columns = columns_of(request.member)
        return _page(request, [_form_of(each, n) for n, each in enumerate(columns, start=1)])
    forms = _given(request)
    valid = [form.is_valid() for form in forms]
    if not all(valid):
        return _page(request, forms, status=422)
    kept = [form.cleaned_data for form in forms if not form.cleaned_data["drop"]]
    kept.sort(key=lambda row: row["place"])
    wishes = [
        ColumnWish(row["pk"], row["title"], row["state"], row["most"], row["strict"])
        for row in kept
    ]
    try:
        set_columns(request.member, wishes=wishes, now=now())
    except BadColumns as bad:
        return _page(request, forms, status=409 if bad.why == "changed" else 422, wrong=_why(bad))
    except TextRefused as refused:
        return _page(request, forms, status=422, wrong=str(refused))
    messages.success(request, _("The columns of the board have changed."))
    return redirect("tasks")


def _page(
    request: MemberRequest, forms: list[ColumnForm], *, status: int = 200, wrong: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {"forms": forms, "wrong": wrong, "further": None}
    if len(forms) < MOST_COLUMNS:
        place = len(forms) + 1
        context["further"] = ColumnForm(prefix=f"c{place}", initial={"place": place})
    return render(request, "tasks/columns.html", context, status=status)
