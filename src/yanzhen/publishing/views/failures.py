"""What needs a person: posts the engine will not decide about, and the ways to settle them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanzhen.channels.models import Errand
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Post
from yanzhen.publishing.actions import resolving, scheduling
from yanzhen.publishing.forms import LinkForm, ReasonForm
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.queries import being_checked, waiting_for_a_person
from yanzhen.publishing.states import DeliveryState
from yanzhen.publishing.words import advice, happened

PAGE = 25


@dataclass(frozen=True)
class Failure:
    """One stopped delivery as the page shows it. ``forms`` by kind: confirm, again, drop."""

    delivery: Delivery
    happened: str
    advice: str
    forms: dict[str, Form]
    open: str
    own: bool


@dataclass(frozen=True)
class Answer:
    """A form that was sent and found wanting: whose it is, which kind, and the form itself."""

    delivery_id: int
    kind: str
    form: Form


def _failure(delivery: Delivery, member: Member, answer: Answer | None) -> Failure:
    prefix = f"d{delivery.pk}"
    forms: dict[str, Form] = {
        "confirm": LinkForm(auto_id=f"{prefix}-confirm-%s"),
        "again": ReasonForm(auto_id=f"{prefix}-again-%s"),
        "drop": ReasonForm(auto_id=f"{prefix}-drop-%s"),
    }
    opened = ""
    if answer is not None and answer.delivery_id == delivery.pk:
        forms[answer.kind], opened = answer.form, answer.kind
    return Failure(
        delivery=delivery,
        happened=happened(delivery),
        advice=advice(delivery),
        forms=forms,
        open=opened,
        own=delivery.post.author_id == member.pk,
    )


def _page(
    request: MemberRequest, answer: Answer | None = None, *, status: int = 200, part: str = ""
) -> HttpResponse:
    page = Paginator(waiting_for_a_person(request.member), PAGE).get_page(request.GET.get("page"))
    may_resolve = request.member.may(Decision.PUBLISH_RESOLVE)
    holders: list[Member] = []
    if not may_resolve:
        team = Member.objects.filter(workspace_id=request.member.workspace_id)
        holders = team.holding(Decision.PUBLISH_RESOLVE)
    context: dict[str, Any] = {
        "page": page,
        "failures": [_failure(delivery, request.member, answer) for delivery in page],
        "checking": list(being_checked(request.member)[:PAGE]),
        "may_resolve": may_resolve,
        "holders": holders,
        "in_doubt": DeliveryState.AMBIGUOUS,
    }
    return render(request, f"publishing/failures.html{part}", context, status=status)


@members
@require_GET
def failures(request: MemberRequest) -> HttpResponse:
    """Show what needs a person, oldest first, and what X is being asked about."""
    response = _page(request, part="#rows" if request.headers.get("HX-Request") else "")
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def _delivery(request: MemberRequest, pk: int) -> Delivery:
    rows = Delivery.objects.visible_to(request.member).select_related("account", "post")
    return get_object_or_404(rows, pk=pk)


def _settle(
    request: MemberRequest,
    delivery: Delivery,
    kind: str,
    form: Form,
    act: Callable[[Form], Errand | str],
) -> HttpResponse:
    """Run one decision and say what came of it, or wait for what X says about it."""
    if not form.is_valid():
        return _page(request, Answer(delivery.pk, kind, form), status=422)
    came = act(form)
    if isinstance(came, Errand):
        return redirect("accounts-errand", key=came.key)
    messages.info(request, came)
    return redirect("failures")


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Link the post that is on X."""
    delivery = _delivery(request, pk)

    def act(form: Form) -> Errand:
        return resolving.ask_to_confirm(
            delivery, link=form.cleaned_data["link"], by=request.member, now=now()
        )

    form = LinkForm(request.POST, auto_id=f"d{pk}-confirm-%s")
    return _settle(request, delivery, "confirm", form, act)


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def again(request: MemberRequest, pk: int) -> HttpResponse:
    """Send it again, unless X shows it after all."""
    delivery = _delivery(request, pk)

    def act(form: Form) -> Errand | str:
        errand = resolving.ask_to_send_again(
            delivery, reason=form.cleaned_data["reason"], by=request.member, now=now()
        )
        return errand or _("It goes out now.")

    form = ReasonForm(request.POST, auto_id=f"d{pk}-again-%s")
    return _settle(request, delivery, "again", form, act)


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def drop(request: MemberRequest, pk: int) -> HttpResponse:
    """Give up what is not out yet."""
    delivery = _delivery(request, pk)

    def act(form: Form) -> str:
        resolving.give_up(
            delivery, reason=form.cleaned_data["reason"], by=request.member, now=now()
        )
        return _("It will not go out.")

    form = ReasonForm(request.POST, auto_id=f"d{pk}-drop-%s")
    return _settle(request, delivery, "drop", form, act)


def _post(request: MemberRequest, pk: int) -> Post:
    return get_object_or_404(Post.objects.visible_to(request.member), pk=pk)


@asks(Decision.POST_HOLD)
@require_POST
def hold(request: MemberRequest, pk: int) -> HttpResponse:
    """Hold one scheduled post."""
    post = _post(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why it is held; the team sees the reason."))
        return redirect("post", pk=post.pk)
    scheduling.hold_post(post, by=request.member, reason=form.cleaned_data["reason"], now=now())
    messages.info(request, _("It is held and will not go out until it gets a time again."))
    return redirect("post", pk=post.pk)


@asks(Decision.PUBLISH_NOW)
@require_POST
def publish_now(request: MemberRequest, pk: int) -> HttpResponse:
    """Let one passed post go out at once."""
    post = _post(request, pk)
    scheduling.publish_now(post, by=request.member, now=now())
    messages.info(request, _("It goes out now."))
    return redirect("post", pk=post.pk)
