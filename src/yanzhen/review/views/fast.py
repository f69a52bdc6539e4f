"""The fast lane's pages: the report on its use, how it runs, and the clock on a post."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.kernel import clock
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Post
from yanzhen.review import queries_fast
from yanzhen.review.actions.fast_clock import RegretRefused, regret_run, unregret_run
from yanzhen.review.actions.fast_lane import BadLane, LaneWish, change_lane, least_people, people_of
from yanzhen.review.forms_fast import LaneForm, fast_step_forms, reasons_given
from yanzhen.review.models import FastLane, FastRun

PERIODS = (4, 12, 52)


def _lane(request: MemberRequest) -> FastLane:
    lanes = FastLane.objects.select_related("workspace")
    return get_object_or_404(lanes, workspace_id=request.member.workspace_id)


@require_GET
@members
def report(request: MemberRequest) -> HttpResponse:
    """Show who used the lane, for what, how long it took and what came of it."""
    asked = request.GET.get("weeks", "")
    weeks = next((each for each in PERIODS if str(each) == asked), 12)
    lane, now = _lane(request), clock.now()
    context = {
        "lane": lane,
        "people": people_of(lane),
        "report": queries_fast.report(request.member, lane, weeks=weeks, now=now),
        "weeks": weeks,
        "periods": PERIODS,
        "may_edit": request.member.may(Decision.FLOW_EDIT),
        "may_regret": request.member.may_somewhere(Decision.REVIEW_DECIDE),
        "now": now,
    }
    return render(request, "review/fast_report.html", context)


@require_POST
@asks(Decision.REVIEW_DECIDE)
def regret(request: MemberRequest, run_id: int) -> HttpResponse:
    """Mark a run as regretted, with a reason, or take the mark back."""
    runs = FastRun.objects.visible_to(request.member).select_related("round__post")
    run = get_object_or_404(runs, pk=run_id)
    now = clock.now()
    if "back" in request.POST:
        unregret_run(run, by=request.member, now=now)
        messages.success(request, _("The mark is taken back."))
        return redirect("review-fast")
    try:
        regret_run(run, by=request.member, reason=request.POST.get("reason", ""), now=now)
        messages.success(request, _("Marked as regretted."))
    except RegretRefused as refused:
        words = {
            "reason": _("Say in a line why it should not have gone through the fast lane."),
            "open": _("It is still under way. Mark it once it is decided."),
        }
        messages.error(request, words[refused.why])
    except TextRefused as refused:
        messages.error(request, str(refused))
    return redirect("review-fast")


@require_GET
@members
def post_clock(request: MemberRequest, post_id: int) -> HttpResponse:
    """Show the clock of a post in the fast lane, for the bar above the text; else nothing."""
    post = get_object_or_404(Post.objects.visible_to(request.member), pk=post_id)
    context = {"fast": queries_fast.clock_on(post), "now": clock.now()}
    return render(request, "review/_fast_bar.html", context)


def _why(bad: BadLane) -> str:
    return {
        "changed": _("Somebody changed the fast lane meanwhile. Load the page again."),
        "empty": _("The fast lane needs at least one step."),
        "reasons": _("The fast lane needs at least one reason it may be used for."),
        "quorum": _("A step asks for more people than hold its role. Add members or lower it."),
        "distinct": _("The steps ask for more people than hold their roles together."),
        "people": _(
            "That would be fewer people than the review flow asks for: at least %(count)d besides"
            " the author. The fast lane saves time, not eyes."
        )
        % {"count": bad.least},
    }[bad.why]


@require_http_methods(["GET", "POST"])
@asks(Decision.FLOW_EDIT)
def settings(request: MemberRequest) -> HttpResponse:
    """Show how the lane runs, and change it."""
    lane = _lane(request)
    given = request.POST if request.method == "POST" else None
    form = LaneForm(given) if given is not None else LaneForm.of(lane)
    steps = fast_step_forms(lane, given)
    context: dict[str, Any] = {
        "lane": lane,
        "form": form,
        "steps": steps,
        "reasons": list(lane.reasons.filter(active=True).order_by("position", "pk")),
        "roles": lane.workspace.roles.in_order(),
        "least": least_people(lane.workspace_id),
        "wrong": "",
    }
    if given is None:
        return render(request, "review/fast_settings.html", context)
    # Every form is asked, so that all that is wrong is shown at once.
    if not all([form.is_valid(), *(step.is_valid() for step in steps)]):
        return render(request, "review/fast_settings.html", context, status=422)
    asked = form.cleaned_data
    wish = LaneWish(
        active=asked["active"],
        minutes=asked["minutes"],
        weekly_most=asked["weekly_most"],
        parallel=asked["parallel"],
        steps=[step.wish() for step in steps if not step.cleaned_data["drop"]],
        reasons=reasons_given(given),
    )
    try:
        change_lane(request.member, wish=wish, seen=asked["seen"], now=clock.now())
    except (BadLane, TextRefused) as bad:
        context["wrong"] = _why(bad) if isinstance(bad, BadLane) else str(bad)
        status = 409 if isinstance(bad, BadLane) and bad.why == "changed" else 422
        return render(request, "review/fast_settings.html", context, status=status)
    messages.success(request, _("The fast lane has changed. Runs under way keep their clock."))
    return redirect("review-fast-settings")
