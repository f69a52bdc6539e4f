"""Many missed posts of one account at once: the summary first, then one decision for all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from yanzhen.channels.models import Account
from yanzhen.kernel.clock import now
from yanzhen.kernel.wall_time import resolve
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision
from yanzhen.planning.views.answers import TimeRefused, time_refusals
from yanzhen.publishing import inbox
from yanzhen.publishing.actions.rescheduling import reschedule_all, spaced
from yanzhen.publishing.actions.resolving import give_up_all
from yanzhen.publishing.forms import FirstTimeForm, ReasonForm
from yanzhen.publishing.models import Delivery

MOST = 100


def _account(request: MemberRequest, pk: int) -> Account:
    return get_object_or_404(Account.objects.visible_to(request.member), pk=pk)


def _chosen(request: MemberRequest, account: Account) -> list[Delivery]:
    """Return those of the account's missed deliveries that were ticked, earliest first."""
    ticked = {int(pk) for pk in request.POST.getlist("post") if pk.isascii() and pk.isdigit()}
    return [d for d in inbox.missed_of(request.member, account)[:MOST] if d.pk in ticked]


def _page(
    request: MemberRequest, account: Account, *, status: int = 200, **more: Any
) -> HttpResponse:
    found = list(inbox.missed_of(request.member, account)[:MOST])
    context = {
        "account": account,
        "missed": found,
        "ticked": {d.pk for d in found},
        "time_form": FirstTimeForm(member=request.member, account=account),
        "drop_form": ReasonForm(auto_id="drop-%s"),
        "may_time": request.member.may_somewhere(Decision.POST_SCHEDULE),
        "may_resolve": request.member.may_somewhere(Decision.PUBLISH_RESOLVE),
        **more,
    }
    return render(request, "publishing/missed.html", context, status=status)


@members
@require_GET
def missed(request: MemberRequest, account_id: int) -> HttpResponse:
    """Show what the account missed, all of it ticked."""
    return _page(request, _account(request, account_id))


@asks(Decision.POST_SCHEDULE)
@require_POST
def reschedule(request: MemberRequest, account_id: int) -> HttpResponse:
    """Show the new times, and on a second yes set them: the first as asked, distances kept."""
    account = _account(request, account_id)
    chosen = _chosen(request, account)
    form = FirstTimeForm(request.POST, member=request.member, account=account)
    ticked = {d.pk for d in chosen}
    more: dict[str, Any] = {"time_form": form, "ticked": ticked, "opened": "time"}
    if not chosen:
        form.add_error(None, _("Tick the posts that are meant."))
    if not form.is_valid():
        return _page(request, account, status=422, **more)
    told = form.cleaned_data
    refused: TimeRefused | None = None
    with time_refusals() as refusals:
        first_at = resolve(told["wall"], told["zone"], told["fold"]).at
        if "sure" in request.POST:
            return _moved(request, chosen, first_at)
        more["moves"] = spaced(chosen, first_at=first_at)
        return _page(request, account, **more)
    refused = refusals.found
    return _page(request, account, status=422, refused=refused, **more)


def _moved(request: MemberRequest, chosen: list[Delivery], first_at: datetime) -> HttpResponse:
    moves = reschedule_all(chosen, first_at=first_at, by=request.member, now=now())
    messages.info(
        request,
        ngettext("%(n)d post has a new time.", "%(n)d posts have new times.", len(moves))
        % {"n": len(moves)},
    )
    return redirect("failures")


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def drop(request: MemberRequest, account_id: int) -> HttpResponse:
    """Say which are dropped, and on a second yes drop them."""
    account = _account(request, account_id)
    chosen = _chosen(request, account)
    form: forms.Form = ReasonForm(request.POST, auto_id="drop-%s")
    more: dict[str, Any] = {"drop_form": form, "ticked": {d.pk for d in chosen}, "opened": "drop"}
    if not chosen:
        form.add_error(None, _("Tick the posts that are meant."))
    if not form.is_valid():
        return _page(request, account, status=422, **more)
    if "sure" not in request.POST:
        return _page(request, account, dropping=chosen, **more)
    reason = form.cleaned_data["reason"]
    count = give_up_all(chosen, reason=reason, by=request.member, now=now())
    messages.info(
        request,
        ngettext("%(n)d post is dropped.", "%(n)d posts are dropped.", count) % {"n": count},
    )
    return redirect("failures")
