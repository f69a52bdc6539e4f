"""The flow's own page: its steps and the self-check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yanzhen.kernel import clock
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.review.actions.flows import BadFlow, change_flow
from yanzhen.review.forms import MOST_STEPS, look_form, step_forms
from yanzhen.review.models import CHECK_TEXTS, Flow

MOST_POINTS = 12


def _why(bad: BadFlow) -> str:
    return {
        "empty": _("A flow needs at least one step."),
        "self_first": _("Only the first step may be the author’s self-check."),
        "alone": _("Say why nobody else looks before a post goes out."),
        "look_span": _("The last look opens from 15 minutes to 24 hours before."),
        "no_lead": _("Nobody has the lead, so nobody could look. Say first who has it."),
        "quorum": _("A step asks for more people than hold its role. Add members or lower it."),
    }[bad.why]


def _points(request: MemberRequest) -> list[tuple[str, str]]:
    """Return the self-check as it came in: seeded points untouched keep following the language."""
    pairs = zip(
        request.POST.getlist("point_slug"), request.POST.getlist("point_text"), strict=False
    )
    kept = []
    for slug, text in list(pairs)[:MOST_POINTS]:
        seeded = str(CHECK_TEXTS.get(slug, ""))
        if not text.strip():
            continue
        kept.append((slug if seeded else "", "" if text.strip() == seeded else text))
    return kept


@require_http_methods(["GET", "POST"])
@asks(Decision.FLOW_EDIT)
def flow(request: MemberRequest) -> HttpResponse:
    """Show the flow, and change it."""
    flows = Flow.objects.visible_to(request.member).select_related("workspace")
    found = get_object_or_404(flows, active=True)
    given = request.POST if request.method == "POST" else None
    forms, look = step_forms(found, given), look_form(found, given)
    context: dict[str, Any] = {
        "flow": found,
        "forms": forms,
        "look": look,
        "empty": MOST_STEPS - len(forms),
        "points": list(found.check_points.order_by("position", "pk")),
        "roles": found.workspace.roles.in_order(),
        "wrong": "",
        "reason": given.get("reason", "") if given else "",
    }
    if given is None:
        return render(request, "review/flow.html", context)
    valid = [look.is_valid(), *(form.is_valid() for form in forms)]
    if not all(valid):
        return render(request, "review/flow.html", context, status=422)
    wishes = [form.wish() for form in forms if not form.cleaned_data["drop"]]
    try:
        change_flow(
            found,
            by=request.member,
            steps=wishes,
            points=_points(request),
            look=look.wish(),
            reason=request.POST.get("reason", ""),
            now=clock.now(),
        )
    except BadFlow as bad:
        context["wrong"] = _why(bad)
        return render(request, "review/flow.html", context, status=422)
    messages.success(request, _("The flow has changed. Rounds under way keep their steps."))
    return redirect("review-flow")
