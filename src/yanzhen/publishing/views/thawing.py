"""Lifting a freeze: the list, the first person's wish, the second person's yes or no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from yanzhen.kernel.clock import database_now
from yanzhen.people.gate import MemberRequest, asks, members, proves
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision
from yanzhen.publishing import freezes
from yanzhen.publishing.actions import thawing
from yanzhen.publishing.engine import compared
from yanzhen.publishing.engine.waiting import signature, waiting_behind
from yanzhen.publishing.forms_thaw import AnswerForm, PlanForm, WishForm
from yanzhen.publishing.models import Delivery, Gate, GateScope, Thaw
from yanzhen.publishing.words_gates import reason_of

CONFLICT = 409


def _gate(member: Member, pk: int) -> Gate:
    """Return a gate the member's team decides about. Raises Http404."""
    here = Q(workspace_id=member.workspace_id) | Q(scope=GateScope.INSTALLATION)
    rows = Gate.objects.select_related("changed_by__user", "workspace", "account", "campaign")
    gate = get_object_or_404(rows.filter(here), pk=pk)
    if gate.workspace_id is None and Workspace.objects.count() != 1:
        raise Http404(gate.key)
    return gate


def _page(
    request: MemberRequest,
    gate: Gate,
    *,
    wishing: WishForm | None = None,
    plan: PlanForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    if not gate.frozen:
        messages.info(request, _("That freeze is lifted already."))
        return redirect("freeze")
    member, now = request.member, database_now()
    listed = waiting_behind(gate, now=now)
    veiled = freezes.veiled_of(listed, member)
    wish = freezes.open_wish(gate)
    if wish is not None:
        rows = freezes.rows_of_wish(listed, wish.plan, veiled=veiled)
    else:
        filled = plan.filled if plan else freezes.Filled()
        rows = freezes.rows_to_fill(listed, filled, veiled=veiled)
    missing = compared.missing(gate, now=now)
    context: dict[str, Any] = {
        "gate": gate,
        "name": freezes.name_of(gate),
        "reason": reason_of(gate),
        "due": [row for row in rows if row.waiting.came_due],
        "soon": [row for row in rows if not row.waiting.came_due],
        "wish": wish,
        "mine": wish is not None and thawing.is_same_party(wish, member),
        "answered": freezes.last_answer(gate) if wish is None else None,
        "seen": signature(listed, wish.plan) if wish else "",
        "missing": [(one, freezes.trouble_words(one)) for one in missing],
        "wishing": wishing or WishForm(),
        "may_unfreeze": member.may(Decision.PUBLISH_UNFREEZE, account_id=gate.account_id),
        "may_drop": member.may(Decision.POST_DROP, account_id=gate.account_id),
        "may_schedule": member.may(Decision.POST_SCHEDULE, account_id=gate.account_id),
        "trouble": trouble,
    }
    return render(request, "publishing/thaw.html", context, status=status)


@members
@require_GET
def thaw(request: MemberRequest, pk: int) -> HttpResponse:
    """Show everything that waits behind a freeze, item by item."""
    return _page(request, _gate(request.member, pk))


@proves
@asks(Decision.PUBLISH_UNFREEZE)
@require_POST
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask for the freeze to be lifted, with a choice for every post that came due."""
    gate, now = _gate(request.member, pk), database_now()
    form = WishForm(request.POST)
    plan = PlanForm(request.POST, waiting_behind(gate, now=now), member=request.member, now=now)
    if not form.is_valid() or plan.errors:
        return _page(request, gate, wishing=form, plan=plan, status=422)
    reason = form.cleaned_data["reason"]

    def act() -> str:
        thawing.ask_thaw(gate, by=request.member, reason=reason, plan=plan.plan, now=now)
        return _("You asked to lift the freeze. A second person must confirm it.")

    return _answered(request, gate, act, wishing=form, plan=plan)


@proves
@asks(Decision.PUBLISH_UNFREEZE)
@require_POST
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Lift the freeze that somebody else asked to lift."""
    gate = _gate(request.member, pk)
    form = AnswerForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else ""

    def act() -> str:
        done = thawing.confirm_thaw(_wish(gate), by=request.member, seen=seen, now=database_now())
        return _opened(done)

    return _answered(request, gate, act)


@asks(Decision.PUBLISH_UNFREEZE)
@require_POST
def refuse(request: MemberRequest, pk: int) -> HttpResponse:
    """Say no to somebody's wish, with a reason."""
    gate = _gate(request.member, pk)
    form = WishForm(request.POST)
    if not form.is_valid():
        return _page(request, gate, wishing=form, status=422)
    reason = form.cleaned_data["reason"]

    def act() -> str:
        thawing.refuse_thaw(_wish(gate), by=request.member, reason=reason, now=database_now())
        return _("You refused. The freeze stays.")

    return _answered(request, gate, act)


@asks(Decision.PUBLISH_UNFREEZE)
@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one's own wish back."""
    gate = _gate(request.member, pk)

    def act() -> str:
        thawing.withdraw_thaw(_wish(gate), by=request.member, now=database_now())
        return _("You took your wish back. The freeze stays.")

    return _answered(request, gate, act)


def _wish(gate: Gate) -> Thaw:
    wish = freezes.open_wish(gate)
    if wish is None:
        raise thawing.NoSuchWish
    return wish


def _answered(
    request: MemberRequest,
    gate: Gate,
    act: Callable[[], str],
    *,
    wishing: WishForm | None = None,
    plan: PlanForm | None = None,
) -> HttpResponse:
    """Do it, or show the list again and say why nothing has happened."""
    try:
        said = act()
    except thawing.NotFrozen:
        messages.info(request, _("That freeze is lifted already."))
        return redirect("freeze")
    except thawing.Refused as refused:
        gate.refresh_from_db()
        trouble = _why_not(refused, request.member)
        return _page(request, gate, wishing=wishing, plan=plan, trouble=trouble, status=CONFLICT)
    messages.info(request, said)
    gate.refresh_from_db()
    return redirect("freeze") if not gate.frozen else redirect("thaw", pk=gate.pk)


def _why_not(refused: thawing.Refused, member: Member) -> str:
    """Return in the reader's language why nothing has opened, and what to do."""
    if isinstance(refused, thawing.CannotCarryOut) and refused.why == "no_right":
        return _(
            "Who asked may no longer make one of these choices. Refuse it, and let it be asked"
            " anew. Nothing has opened."
        )
    if isinstance(refused, thawing.CannotCarryOut):
        seen = Delivery.objects.visible_to(member).select_related("post")
        delivery = seen.filter(pk=refused.number).first()
        return _(
            "“%(post)s” moved on meanwhile, so what was chosen for it cannot be done. Let it be"
            " asked anew. Nothing has opened."
        ) % {"post": delivery.post if delivery else _("An embargoed post")}
    return {
        thawing.NotCompared: _("This copy is not compared with X yet. Nothing has opened."),
        thawing.AlreadyAsked: _("Somebody has asked already. See the list below."),
        thawing.NoSuchWish: _("That wish is closed by now. The freeze stays."),
        thawing.SamePerson: _("A second person must confirm it. Nothing has opened."),
        thawing.ListChanged: _(
            "The list has changed since you saw it. Look at it again. Nothing has opened."
        ),
        thawing.TimePassed: _(
            "A new time on the list has passed meanwhile. Let it be asked anew. Nothing has opened."
        ),
    }[type(refused)]


def _opened(done: thawing.Opened) -> str:
    if not done.left:
        return _("The freeze is lifted.")
    return ngettext(
        "The freeze is lifted. %(count)s post that came due waits for a person.",
        "The freeze is lifted. %(count)s posts that came due wait for a person.",
        done.left,
    ) % {"count": done.left}
