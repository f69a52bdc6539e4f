"""The table of decisions, what is wrong with it, and one step that mends each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people import ports, queries
from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.actions.settling import changes_for, settle_back, settle_decision
from yanzhen.people.forms_rights import BackForm, SettleForm, back_words, seen_words
from yanzhen.people.gate import MemberRequest, asks, members, proves
from yanzhen.people.models import Delegation, Member, Role
from yanzhen.people.queries import DecisionRow
from yanzhen.people.rights import DUTIES, Decision, Voice
from yanzhen.people.views.team import refused_words


def table(request: MemberRequest) -> tuple[list[Role], list[DecisionRow]]:
    """Return the roles and the rows of the table, as they are now."""
    moment, workspace_id = now(), request.member.workspace_id
    team = Member.objects.visible_to(request.member).active().with_roles()
    staff = list(team.order_by("user__name", "pk"))
    roles = list(Role.objects.visible_to(request.member).in_order())
    away = ports.away_at(workspace_id, moment)
    return roles, queries.decision_rows(roles, staff, away=away)


@members
@require_GET
def decisions(request: MemberRequest) -> HttpResponse:
    """Show who decides, proposes, is asked and is told, with gaps and overlaps first."""
    roles, rows = table(request)
    lent = Delegation.objects.visible_to(request.member).running(now=now()).with_people()
    context = {
        "roles": roles,
        "rows": rows,
        "findings": [(row, _mend_url(row)) for row in rows if row.found],
        "lent": list(lent.order_by("ends_at", "pk")),
        "may_edit": request.member.may(Decision.ROLE_EDIT),
    }
    return render(request, "people/decisions.html", context)


def _mend_url(row: DecisionRow) -> str:
    """Return where the step is that mends a row: a delegation for who is away, else the table."""
    if row.found == "away" and DUTIES[row.decision].lendable:
        asked = {"giver": row.away[0].pk, "decision": row.decision.value}
        return f"{reverse('delegations')}?{urlencode(asked)}"
    return reverse("decision-settle", args=[row.decision.value.replace(".", "-")])


def _row(rows: Sequence[DecisionRow], slug: str) -> DecisionRow:
    for row in rows:
        if row.decision.value.replace(".", "-") == slug:
            return row
    raise Http404


@proves
@asks(Decision.ROLE_EDIT)
@require_http_methods(["GET", "POST"])
def settle(request: MemberRequest, slug: str) -> HttpResponse:
    """Show what would change if one role decided, and on a yes do it."""
    roles, rows = table(request)
    row = _row(rows, slug)
    if request.method == "POST":
        return _settle(request, row, roles)
    return _shown(request, row, roles)


def _shown(
    request: MemberRequest,
    row: DecisionRow,
    roles: Sequence[Role],
    *,
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    whole = [role for role in roles if role.accounts is None]
    chosen = _chosen(request.GET, row, whole)
    alone = row.found == "overlap"
    changes = changes_for(row.decision, chosen, roles, alone=alone) if chosen else []
    initial = {"role": chosen.pk if chosen else None, "seen": seen_words(roles), "alone": alone}
    staffed = Member.objects.visible_to(request.member).active().with_roles()
    context: dict[str, Any] = {
        "row": row,
        "form": SettleForm(member=request.member, initial=initial),
        "chosen": chosen,
        "changes": [(each.role, word(each.before), word(each.after)) for each in changes],
        "holders": [m.name for m in staffed if chosen and m.has_role(chosen.pk)],
        "note": note,
    }
    return render(request, "people/decision_settle.html", context, status=status)


def word(letter: str) -> str:
    """Return what a letter of the table means."""
    return {
        queries.DECIDES: pgettext("voice", "decides"),
        Voice.PROPOSES.value: pgettext("voice", "proposes"),
        Voice.ASKED.value: pgettext("voice", "is asked"),
        Voice.TOLD.value: pgettext("voice", "is told"),
    }.get(letter, pgettext("voice", "has no part in it"))


def _chosen(asked: QueryDict, row: DecisionRow, roles: Sequence[Role]) -> Role | None:
    """Return the role asked for; else who decides, who proposes, or the first, in that order."""
    wanted = [role for role in roles if str(role.pk) == asked.get("role", "")]
    order = (queries.DECIDES, Voice.PROPOSES.value, Voice.ASKED.value)
    ranked = sorted(
        (cell for cell in row.cells if cell.role in roles and cell.letter),
        key=lambda cell: order.index(cell.letter) if cell.letter in order else len(order),
    )
    return next(iter([*wanted, *(cell.role for cell in ranked), *roles]), None)


def _settle(request: MemberRequest, row: DecisionRow, roles: Sequence[Role]) -> HttpResponse:
    form = SettleForm(request.POST, member=request.member)
    if not form.is_valid():
        note = _("The page was incomplete. Look and try again.")
        return _shown(request, row, roles, note=note, status=422)
    try:
        changes = settle_decision(
            request.member.workspace,
            row.decision,
            **form.cleaned_data,
            by=request.member,
            now=now(),
        )
    except (ChangedMeanwhile, LastHolder) as refusal:
        roles, rows = table(request)
        row = _row(rows, row.decision.value.replace(".", "-"))
        return _shown(request, row, roles, note=refused_words(refusal), status=409)
    chosen: Role = form.cleaned_data["role"]
    text = _("Settled: %(role)s decides.") % {"role": chosen.shown_title}
    slug = row.decision.value.replace(".", "-")
    way_back = reverse("decision-settle-back", args=[slug])
    asked = urlencode({"back": back_words(changes)})
    messages.success(request, text, extra_tags=f"undo:{way_back}?{asked}" if changes else "")
    return redirect("decisions")


@proves
@asks(Decision.ROLE_EDIT)
@require_POST
def settle_undo(request: MemberRequest, slug: str) -> HttpResponse:
    """Take back what was settled; a toast says in its address which roles had what."""
    roles, rows = table(request)
    row = _row(rows, slug)
    form = BackForm(request.POST if "back" in request.POST else request.GET)
    if not form.is_valid():
        note = _("The page was incomplete. Look and try again.")
        return _shown(request, row, roles, note=note, status=422)
    workspace, back = request.member.workspace, form.cleaned_data["back"]
    try:
        settle_back(workspace, row.decision, back=back, by=request.member, now=now())
    except (ChangedMeanwhile, LastHolder) as refusal:
        return _shown(request, row, roles, note=refused_words(refusal), status=409)
    messages.success(request, _("As it was before."))
    return redirect("decisions")
