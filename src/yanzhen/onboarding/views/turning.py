"""The steps that other pages take: the way of working, and the X account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yanzhen.channels.actions.starting import NoPractice, ask_for_practice
from yanzhen.channels.models import Account
from yanzhen.channels.platforms import practice_server
from yanzhen.kernel.clock import now
from yanzhen.onboarding.actions.progress import settle_step
from yanzhen.onboarding.actions.steps import take_way
from yanzhen.onboarding.back import BACK
from yanzhen.onboarding.views.page import go_on, step_page
from yanzhen.people.gate import MemberRequest, asks, proves, proves_when
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.review.forms_ways import WAY_REFUSALS, WayForm, chosen_words
from yanzhen.review.ways import WAYS, way_of


@proves
@asks(Decision.WORKSPACE_EDIT)
@require_http_methods(["GET", "POST"])
def way(request: MemberRequest) -> HttpResponse:
    """Choose how a team of this size works, and show what that switches on."""
    member = request.member
    current = way_of(member.workspace_id)
    alone = not Member.objects.visible_to(member).active().exclude(pk=member.pk).exists()
    begin = {"way": current.slug if current else ""}
    if alone:
        # One person wears every hat, or could not write and pass anything.
        begin = {"way": "alone", "lead": str(member.pk), "manager": str(member.pk)}
    form = WayForm(
        request.POST if request.method == "POST" else None,
        member=member,
        may_hat=member.may(Decision.MEMBER_ROLES),
        initial=begin,
    )
    if request.method == "POST" and form.is_valid() and _taken(request, form):
        return go_on(request, "way")
    parts: dict[str, Any] = {"form": form, "ways": WAYS, "alone": alone}
    status = 422 if request.method == "POST" else 200
    return step_page(request, "way", status=status, **parts)


def _taken(request: MemberRequest, form: WayForm) -> bool:
    """Choose the way, and return whether it was done; otherwise the form says why not."""
    roles = {role.slug: role for role in request.member.workspace.roles.in_order()}
    wanted = form.chosen()
    try:
        take_way(
            wanted,
            hats=form.hats(roles),
            reason=form.cleaned_data["reason"],
            by=request.member,
            now=now(),
        )
    except WAY_REFUSALS as refused:
        form.refuse(refused)
        return False
    messages.success(request, chosen_words(wanted))
    return True


def _asks_practice(request: MemberRequest) -> bool:
    return "practice" in request.POST


@proves_when(_asks_practice)
@asks(Decision.WORKSPACE_EDIT)
@require_http_methods(["GET", "POST"])
def account(request: MemberRequest) -> HttpResponse:
    """Lead to the page that connects an account, and take note when one is there."""
    connected = list(Account.objects.visible_to(request.member).connected().in_order())
    if request.method != "POST":
        return _account(request, connected)
    if "connect" in request.POST:
        request.session[BACK] = True
        return redirect("accounts-connect")
    if "practice" in request.POST:
        return _practise(request)
    if not connected:
        note = _("No account is connected yet. Connect one, or leave this step out for now.")
        return _account(request, connected, note=note, status=422)
    settle_step("account", skipped=False, by=request.member, now=now())
    return go_on(request, "account")


def _practise(request: MemberRequest) -> HttpResponse:
    try:
        errand = ask_for_practice(request.member, now=now(), then="start-account")
    except NoPractice:
        raise Http404 from None
    return redirect("accounts-errand", key=errand.key)


def _account(
    request: MemberRequest, connected: list[Account], *, note: str = "", status: int = 200
) -> HttpResponse:
    parts: dict[str, Any] = {
        "connected": connected,
        "practice": settings.ENV.practice,
        "offers_practice": practice_server() is not None,
        "note": note,
    }
    return step_page(request, "account", status=status, **parts)
