"""The list of accounts and one account: how its connection stands, how it is treated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.channels import steps
from yanzhen.channels.actions import asking, confirming, leaving, settings
from yanzhen.channels.forms import AccountForm
from yanzhen.channels.health import facts_of
from yanzhen.channels.models import Account, Credential, Picture
from yanzhen.channels.pictures import kind_of
from yanzhen.channels.platforms import platform
from yanzhen.channels.queries import voided_of
from yanzhen.channels.states import LOST, UNREADY
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision


def account_of(request: MemberRequest, account_id: int | str) -> Account:
    """Return the account, of the member's workspace. Raises Http404."""
    rows = Account.objects.visible_to(request.member).select_related(
        "credential", "connected_by__user"
    )
    return get_object_or_404(rows, pk=account_id)


def whole_or_rows(
    request: MemberRequest, template: str, context: Mapping[str, Any]
) -> HttpResponse:
    """Render the page, or only its partial ``rows`` for the page that is open already."""
    part = "#rows" if request.headers.get("HX-Request") else ""
    response = render(request, template + part, dict(context))
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


@members
@require_GET
def accounts(request: MemberRequest) -> HttpResponse:
    """Show the accounts and how their connections stand."""
    rows = Account.objects.visible_to(request.member).select_related("credential")
    found = list(rows.in_order())
    context = {
        "accounts": found,
        "lost": LOST,
        "trouble": sum(1 for a in found if a.problem or a.state in UNREADY),
        "may_connect": request.member.may_somewhere(Decision.ACCOUNT_CONNECT),
    }
    return whole_or_rows(request, "channels/accounts.html", context)


@members
@require_http_methods(["GET", "POST"])
def account(request: MemberRequest, account_id: int) -> HttpResponse:
    """Show one account, and change how it is treated."""
    shown = account_of(request, account_id)
    if request.method != "POST":
        return _account_page(request, shown, AccountForm.of(shown))
    form = AccountForm.of(shown, request.POST)
    if not form.is_valid():
        return _account_page(request, shown, form, status=422)
    settings.change_account(shown, by=request.member, now=now(), **form.cleaned_data)
    messages.info(request, _("Saved."))
    return redirect("account", account_id=shown.pk)


def _account_page(
    request: MemberRequest, shown: Account, form: AccountForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "account": shown,
        "form": form,
        "lost": LOST,
        "here": shown.origin == platform(shown.platform).origin,
        "may_connect": request.member.may(Decision.ACCOUNT_CONNECT, account_id=shown.pk),
        "voided": voided_of(shown),
    }
    return render(request, "channels/account.html", context, status=status)


@asks(Decision.ACCOUNT_CONNECT)
@require_http_methods(["GET", "POST"])
def confirm(request: MemberRequest, account_id: int) -> HttpResponse:
    """Show whose keys have come, and take the word that it is the right account, or not."""
    shown = account_of(request, account_id)
    if request.method != "POST":
        if not shown.waits_for_word:
            if shown.is_connected:
                messages.info(request, _("%(account)s is connected.") % {"account": shown})
            return redirect("account", account_id=shown.pk)
        credential = Credential.objects.get(account=shown)
        return render(
            request,
            "channels/confirm.html",
            {
                "account": shown,
                "facts": facts_of(credential),
                "steps": steps.BY_AGREEING if credential.kind == "oauth2" else steps.BY_PASTING,
                "has_picture": Picture.objects.filter(account=shown).exists(),
            },
        )
    if request.POST.get("verdict") == "another":
        confirming.turn_away(shown, by=request.member, now=now())
        messages.info(request, _("Its keys are deleted, and X is asked to void them."))
        return redirect("accounts-connect")
    confirming.confirm_account(shown, by=request.member, now=now())
    messages.info(request, _("%(account)s is connected.") % {"account": shown})
    return redirect("account", account_id=shown.pk)


@members
@require_GET
def picture(request: MemberRequest, account_id: int) -> HttpResponse:
    """Serve the account's picture from our own copy; it can do nothing but be looked at."""
    found = get_object_or_404(Picture, account=account_of(request, account_id))
    content = bytes(found.content)
    kind = kind_of(content)
    if not kind:
        raise Http404
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Cache-Control": "private, max-age=3600",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )


@asks(Decision.ACCOUNT_CONNECT)
@require_POST
def check(request: MemberRequest, account_id: int) -> HttpResponse:
    """Ask X about one account now."""
    shown = account_of(request, account_id)
    back = "health" if request.POST.get("from") == "health" else ""
    errand = asking.ask_check(shown, by=request.member, back=back, now=now())
    return redirect("accounts-errand", key=errand.key)


@asks(Decision.ACCOUNT_CONNECT)
@require_POST
def disconnect(request: MemberRequest, account_id: int) -> HttpResponse:
    """Forget one account's tokens."""
    shown = account_of(request, account_id)
    leaving.disconnect_account(shown, by=request.member, now=now())
    messages.info(request, _("%(account)s is disconnected.") % {"account": shown})
    return redirect("accounts")
