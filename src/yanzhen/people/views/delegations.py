"""Who decides for whom, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused
from yanzhen.people.actions.delegations import (
    CannotLend,
    DelegationOver,
    delegate,
    end_delegation,
    lendable_of,
)
from yanzhen.people.forms_rights import DelegationForm
from yanzhen.people.gate import MemberRequest, members, proves
from yanzhen.people.grants import held_somewhere
from yanzhen.people.models import Delegation, Member
from yanzhen.people.rights import DUTIES, Decision

MOST_PAST = 20
USUAL = timedelta(hours=8)


@proves
@members
@require_http_methods(["GET", "POST"])
def delegations(request: MemberRequest) -> HttpResponse:
    """Show what is lent, was lent and will be, and lend one's own."""
    form = _form(request)
    if request.method == "POST":
        if form.is_valid() and _lend(request, form):
            return redirect("delegations")
        return _page(request, form, status=422)
    return _page(request, form)


def _form(request: MemberRequest) -> DelegationForm:
    posted = request.POST if request.method == "POST" else None
    asked = request.GET
    initial: dict[str, Any] = {
        "giver": parse_id(asked.get("giver")) or request.member.pk,
        "receiver": parse_id(asked.get("receiver")),
        "decisions": asked.getlist("decision"),
        "ends_at": timezone.localtime(now() + USUAL).replace(second=0, microsecond=0),
    }
    for_all = request.member.may(Decision.MEMBER_ROLES)
    return DelegationForm(posted, member=request.member, for_all=for_all, initial=initial)


def _page(
    request: MemberRequest, form: DelegationForm, *, status: int = 200, note: str = ""
) -> HttpResponse:
    moment = now()
    rows = Delegation.objects.visible_to(request.member).with_people()
    standing = list(rows.not_over(now=moment).order_by("starts_at", "pk"))
    over = Q(ended_at__isnull=False) | Q(ends_at__lte=moment)
    past = rows.filter(over).order_by("-made_at", "-pk")[:MOST_PAST]
    admin = request.member.may(Decision.MEMBER_ROLES)
    context = {
        "standing": [(row, *_sentences(row), _may_end(request, row, admin)) for row in standing],
        "past": list(past),
        "form": form,
        "may_lend": admin or bool(lendable_of(request.member)),
        "note": note,
        "now": moment,
    }
    return render(request, "people/delegations.html", context, status=status)


def _sentences(row: Delegation) -> tuple[list[str], list[str]]:
    """Return what is lent, and what no longer is since the giver's own roles lack it now."""
    carried = held_somewhere(row.giver.grants)
    lent = [d for d in Decision if d.value in row.decisions]
    return (
        [str(DUTIES[d].sentence) for d in lent if d.value in carried],
        [str(DUTIES[d].sentence) for d in lent if d.value not in carried],
    )


def _may_end(request: MemberRequest, row: Delegation, admin: bool) -> bool:
    return admin or request.member.pk in (row.giver_id, row.receiver_id)


def _lend(request: MemberRequest, form: DelegationForm) -> bool:
    """Lend, and return whether it was done; otherwise the form says why not."""
    said = form.cleaned_data
    giver: Member = said.get("giver") or request.member
    try:
        made = delegate(
            giver,
            receiver=said["receiver"],
            decisions=said["decisions"],
            starts_at=said["starts_at"],
            ends_at=said["ends_at"],
            reason=said["reason"],
            by=request.member,
            now=now(),
        )
    except CannotLend as refused:
        field, words = _refused(refused)
        form.add_error(field, words)
        return False
    except TextRefused as refused:
        form.add_error("reason", str(refused))
        return False
    names = {"receiver": made.receiver.name, "giver": giver.name}
    text = _("%(receiver)s decides for %(giver)s. Both are told.") % names
    undo = reverse("delegation-end", args=[made.pk])
    messages.success(request, text, extra_tags=f"undo:{undo}")
    return True


def _refused(refused: CannotLend) -> tuple[str, str]:
    """Return the field, and what to do."""
    beyond = " ".join(str(DUTIES[d].sentence) for d in refused.decisions)
    return {
        "nothing": ("decisions", _("Choose at least one decision.")),
        "other": ("receiver", _("Choose another member of the team.")),
        "past": ("ends_at", _("Choose an end that lies ahead, after the start.")),
        "long": ("ends_at", _("Nobody decides for another longer than 31 days. Choose less.")),
        "right": (
            "decisions",
            _("These are not theirs by their own roles, so they cannot lend them: %(duties)s")
            % {"duties": beyond},
        ),
    }[refused.why]


@proves
@members
@require_POST
def delegation_end(request: MemberRequest, pk: int) -> HttpResponse:
    """End one before its time."""
    rows = Delegation.objects.visible_to(request.member).with_people()
    row = get_object_or_404(rows, pk=pk)
    try:
        end_delegation(row, by=request.member, now=now())
    except DelegationOver:
        messages.warning(request, _("That had ended already."))
    else:
        names = {"receiver": row.receiver.name, "giver": row.giver.name}
        messages.success(request, _("%(receiver)s no longer decides for %(giver)s.") % names)
    return redirect("delegations")
