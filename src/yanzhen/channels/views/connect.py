"""The ways to connect an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from yanzhen.channels import diagnosis
from yanzhen.channels.actions import starting
from yanzhen.channels.actions.settings import SecretNeeded, set_developer_app
from yanzhen.channels.actions.starting import CannotConnect
from yanzhen.channels.forms import AppForm, KeysForm
from yanzhen.channels.models import Account, DeveloperApp
from yanzhen.channels.platforms import platform
from yanzhen.channels.views.accounts import account_of
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision

# Chromium applies form-action to where a form's answer redirects to as well.
may_lead_to_x: Callable[..., Any] = csp_update({"form-action": [settings.ENV.x_auth_base_url]})


def callback_address() -> str:
    """Return the address X sends people back to, as it must be entered in the developer portal."""
    return settings.BASE_URL + reverse("accounts-connected")


def _connect_page(request: MemberRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    there = platform("x")
    app = DeveloperApp.objects.filter(
        workspace_id=request.member.workspace_id, platform="x", origin=there.origin
    ).first()
    wanted = given.pop("again", None)
    if wanted is None and request.GET.get("account", "").isdecimal():
        wanted = account_of(request, request.GET["account"][:18])
    initial = {}
    if app is not None:
        initial = {"client_id": app.client_id, "confidential": "yes" if app.confidential else "no"}
    context = {
        "app": app,
        "again": wanted,
        "app_form": AppForm(initial=initial),
        "keys_form": KeysForm(),
        "callback": callback_address(),
        "scopes": there.scopes,
        "practice": settings.ENV.practice,
        "open": "",
        **given,
    }
    return render(request, "channels/connect.html", context, status=status)


def _again(request: MemberRequest) -> Account | None:
    """Return the account that the form insists on, None for any."""
    asked = request.POST.get("account", "")
    return account_of(request, asked[:18]) if asked.isdecimal() else None


@asks(Decision.ACCOUNT_CONNECT)
@may_lead_to_x
@require_GET
def connect(request: MemberRequest) -> HttpResponse:
    """Show both ways to connect an account."""
    return _connect_page(request)


@asks(Decision.ACCOUNT_CONNECT)
@may_lead_to_x
@require_POST
@sensitive_post_parameters("client_secret")
@sensitive_variables("form")
def app(request: MemberRequest) -> HttpResponse:
    """Set the workspace's X app."""
    form = AppForm(request.POST)
    again = _again(request)
    if form.is_valid():
        try:
            set_developer_app(request.member, now=now(), **form.cleaned_data)
        except SecretNeeded:
            form.add_error("client_secret", _("This client ID needs its client secret."))
        else:
            messages.info(request, _("The X app is saved. Accounts can be connected through it."))
            where = reverse("accounts-connect")
            return redirect(f"{where}?account={again.pk}" if again else where)
    return _connect_page(request, app_form=form, open="app", again=again, status=422)


@asks(Decision.ACCOUNT_CONNECT)
@may_lead_to_x
@require_POST
def start(request: MemberRequest) -> HttpResponse:
    """Send the member to X to agree."""
    try:
        url = starting.start_connecting(
            request.member, _again(request), redirect_uri=callback_address(), now=now()
        )
    except CannotConnect as refused:
        return _not_connected(request, refused, _again(request))
    return HttpResponse(status=303, headers={"Location": url})


@asks(Decision.ACCOUNT_CONNECT)
@never_cache
@require_GET
@sensitive_variables("code")
def connected(request: MemberRequest) -> HttpResponse:
    """Take the answer that X sends the member back with."""
    code = "" if "error" in request.GET else request.GET.get("code", "")
    try:
        errand = starting.answer_connecting(
            request.member, state=request.GET.get("state", ""), code=code, now=now()
        )
    except CannotConnect as refused:
        return _not_connected(request, refused, None)
    return redirect("accounts-errand", key=errand.key)


@asks(Decision.ACCOUNT_CONNECT)
@may_lead_to_x
@require_POST
@sensitive_post_parameters()
@sensitive_variables("form")
def keys(request: MemberRequest) -> HttpResponse:
    """Connect with pasted keys."""
    form = KeysForm(request.POST)
    again = _again(request)
    if not form.is_valid():
        return _connect_page(request, keys_form=form, open="keys", again=again, status=422)
    try:
        errand = starting.ask_about_keys(request.member, again, keys=form.cleaned_data, now=now())
    except CannotConnect as refused:
        return _not_connected(request, refused, again)
    return redirect("accounts-errand", key=errand.key)


def _not_connected(
    request: MemberRequest, refused: CannotConnect, again: Account | None
) -> HttpResponse:
    """Say why it did not work and what to do. Nothing was changed."""
    title, steps = diagnosis.explain(refused.code, refused.words)
    context = {
        "title": title,
        "steps": steps,
        "again": again or refused.account,
        "show_callback": refused.code in ("callback_refused", "code_refused"),
        "callback": callback_address(),
    }
    return render(request, "channels/not_connected.html", context, status=422)
