"""The form of all logs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yanzhen.handoff.actions.forming import MOST_SECTIONS, FormChanged, SectionWish, set_form
from yanzhen.handoff.forms import SectionForm
from yanzhen.handoff.models import Section
from yanzhen.handoff.states import SectionKind
from yanzhen.kernel.clock import now
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision

NEW = "new"


@asks(Decision.LEAD_SET)
@require_http_methods(["GET", "POST"])
def form(request: MemberRequest) -> HttpResponse:
    """Show the sections, and save them in the order of their places."""
    sections = list(Section.objects.visible_to(request.member).in_order())
    if request.method == "GET":
        return _page(request, _rows(sections))
    rows = _rows(sections, request)
    if not all(each.is_valid() for _section, each in rows):
        return _page(request, rows, status=422)
    try:
        set_form(request.member.workspace, wishes=_wishes(rows), by=request.member, now=now())
    except FormChanged:
        note = _("Keep one section at least and %(most)d at most, and look whether they changed.")
        return _page(request, rows, note=note % {"most": MOST_SECTIONS}, status=409)
    except TextRefused as refused:
        return _page(request, rows, note=str(refused), status=422)
    messages.success(request, _("The form is saved. Logs from now on follow it."))
    return redirect("handoff-form")


Rows = list[tuple[Section | None, SectionForm]]


def _rows(sections: list[Section], request: MemberRequest | None = None) -> Rows:
    """Return a form for each section and one for a new one, filled from the request if given."""
    posted = request.POST if request else None
    rows: Rows = []
    for place, section in enumerate(sections, start=1):
        initial = {
            "title": section.title,
            "kind": section.kind,
            "required": section.required,
            "used": section.used,
            "place": place,
        }
        rows.append((section, SectionForm(posted, prefix=str(section.pk), initial=initial)))
    empty = {"kind": SectionKind.LIST, "used": True, "place": len(sections) + 1}
    wanted = posted if posted and posted.get(f"{NEW}-title", "").strip() else None
    rows.append((None, SectionForm(wanted, prefix=NEW, initial=empty)))
    if request and wanted is None:
        rows.pop()
    return rows


def _wishes(rows: Rows) -> list[SectionWish]:
    wishes = []
    for section, each in rows:
        given = each.cleaned_data
        kind = SectionKind(section.kind if section else given["kind"] or SectionKind.LIST)
        wish = SectionWish(
            section.pk if section else None,
            given["title"] or ("" if section is None or section.slug else section.title),
            kind,
            given["required"],
            given["used"],
        )
        wishes.append((given["place"], wish))
    return [wish for _place, wish in sorted(wishes, key=lambda pair: pair[0])]


def _page(request: MemberRequest, rows: Rows, *, note: str = "", status: int = 200) -> HttpResponse:
    context = {"rows": rows, "note": note}
    return render(request, "handoff/form.html", context, status=status)
