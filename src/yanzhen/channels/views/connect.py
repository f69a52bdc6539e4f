"""The wizard: from no X app at all to an account that is known to be the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.channels import diagnosis, steps
from yanzhen.channels.actions import starting
from yanzhen.channels.actions.settings import SecretNeeded, ask_about_app
from yanzhen.channels.actions.starting import CannotConnect, NoPractice
from yanzhen.channels.actions.stepping import reach_step
from yanzhen.channels.callback import callback_address, checks_of
from yanzhen.channels.forms import AppForm, KeysForm, PortalForm, TypeForm
from yanzhen.channels.models import Account, DeveloperApp, Setup
from yanzhen.channels.platforms import platform, practice_server
from yanzhen.channels.scopes import SCOPES
from yanzhen.channels.steps import Way
from yanzhen.channels.vault import VaultClosed
from yanzhen.channels.views.accounts import account_of
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks, proves
from yanzhen.people.rights import Decision

# Chromium applies form-action to where a form's answer redirects to as well.
may_lead_to_x: Callable[..., Any] = csp_update({"form-action": [settings.ENV.x_auth_base_url]})


def _app_of(request: MemberRequest) -> DeveloperApp | None:
    workspace_id, origin = request.member.workspace_id, platform("x").origin
    return DeveloperApp.objects.of(workspace_id, "x", origin)


def _again(request: MemberRequest) -> Account | None:
    """Return the account that is to be connected again, None for a new one."""
    asked = (request.POST if request.method == "POST" else request.GET).get("account", "")
    return account_of(request, asked[:18]) if asked.isdecimal() else None


def step_address(step: str, again: Account | None) -> str:
    """Return where a step of the wizard is, for the account to be connected again if any."""
    query = {"step": step, "account": str(again.pk) if again else ""}
    told = urlencode({name: value for name, value in query.items() if value})
    return f"{reverse('accounts-connect')}?{told}"


def _page(
    request: MemberRequest, way: Way, slug: str, *, status: int = 200, **given: Any
) -> HttpResponse:
    app = _app_of(request)
    place = way.index_of(slug)
    place = way.furthest if place is None else place
    step, again = way.steps[place], _again(request)
    context = {
        "step": step,
        "steps": way.steps,
        "place": place,
        "furthest": way.furthest,
        "way": way,
        "app": app,
        "again": again,
        "practice": settings.ENV.practice,
        "offers_practice": again is None and practice_server() is not None,
        "template": f"channels/steps/{step.slug}.html",
        **_parts_of(request, step.slug, way, app),
        **given,
    }
    return render(request, "channels/connect.html", context, status=status)


def _parts_of(
    request: MemberRequest, slug: str, way: Way, app: DeveloperApp | None
) -> dict[str, Any]:
    """Return what only one step shows."""
    if slug == steps.PORTAL.slug:
        return {
            "form": PortalForm(app_type=way.app_type),
            "callback": callback_address(),
            "checks": checks_of(request),
            "site": settings.BASE_URL,
        }
    if slug == steps.PAIR.slug:
        same = app is not None and app.confidential == (way.app_type == steps.WEB)
        initial = {"client_id": app.client_id if app and same else ""}
        connected = Account.objects.visible_to(request.member).connected()
        return {
            "form": AppForm(initial=initial),
            "stored": app if same else None,
            "others": connected.filter(credential__kind="oauth2").count(),
        }
    if slug == steps.SCOPES.slug:
        return {"scopes": SCOPES}
    if slug == steps.AGREE.slug:
        return {"callback": callback_address()}
    return {"form": KeysForm() if slug == steps.PASTE.slug else TypeForm()}


def _way(request: MemberRequest) -> Way:
    setup = Setup.objects.filter(member=request.member).first()
    return steps.way_of(setup, _app_of(request))


@asks(Decision.ACCOUNT_CONNECT)
@may_lead_to_x
@require_http_methods(["GET", "POST"])
def connect(request: MemberRequest) -> HttpResponse:
    """Show a step, the furthest open one without ?step=, and take the simple ones' answers."""
    way = _way(request)
    if request.method != "POST":
        return _page(request, way, request.GET.get("step", ""))
    taken = {
        steps.TYPE.slug: _take_type,
        steps.PORTAL.slug: _take_portal,
        steps.SCOPES.slug: _take_scopes,
    }.get(request.POST.get("step", ""))
    if taken is None or way.index_of(request.POST["step"]) is None:
        return _page(request, way, "", status=422)
    return taken(request, way)


def _take_type(request: MemberRequest, way: Way) -> HttpResponse:
    form = TypeForm(request.POST)
    if not form.is_valid():
        return _page(request, way, steps.TYPE.slug, form=form, status=422)
    chosen = form.cleaned_data["app_type"]
    reach_step(request.member, steps.PORTAL.slug, app_type=chosen, now=now())
    return redirect(step_address(steps.PORTAL.slug, _again(request)))


def _take_portal(request: MemberRequest, way: Way) -> HttpResponse:
    form = PortalForm(request.POST, app_type=way.app_type)
    if not form.is_valid():
        return _page(request, way, steps.PORTAL.slug, form=form, status=422)
    following = steps.PASTE if way.app_type == steps.KEYS else steps.PAIR
    reach_step(request.member, following.slug, app_type=way.app_type, now=now())
    return redirect(step_address(following.slug, _again(request)))


def _take_scopes(request: MemberRequest, way: Way) -> HttpResponse:
    reach_step(request.member, steps.AGREE.slug, app_type=way.app_type, now=now())
    return redirect(step_address(steps.AGREE.slug, _again(request)))


@proves
@asks(Decision.ACCOUNT_CONNECT)
@may_lead_to_x
@require_POST
@sensitive_post_parameters("client_secret")
@sensitive_variables("form")
def app(request: MemberRequest) -> HttpResponse:
    """Have X asked whether it knows the app; it is kept only then."""
    form, again = AppForm(request.POST), _again(request)
    if form.is_valid():
        try:
            errand = ask_about_app(request.member, again, now=now(), **form.cleaned_data)
        except SecretNeeded:
            form.add_error("client_secret", _("This client ID needs its client secret."))
        except VaultClosed:
            return _not_connected(request, CannotConnect("no_keys"), again)
        else:
            return redirect("accounts-errand", key=errand.key)
    app_type = steps.NATIVE if request.POST.get("confidential") == "no" else steps.WEB
    reached = Way(steps.BY_AGREEING, 2, app_type)
    return _page(request, reached, steps.PAIR.slug, form=form, status=422)


@proves
@asks(Decision.ACCOUNT_CONNECT)
@may_lead_to_x
@require_POST
def start(request: MemberRequest) -> HttpResponse:
    """Send the member to X to agree."""
    again = _again(request)
    try:
        url = starting.start_connecting(
            request.member, again, redirect_uri=callback_address(), now=now()
        )
    except CannotConnect as refused:
        return _not_connected(request, refused, again)
    except VaultClosed:
        return _not_connected(request, CannotConnect("no_keys"), again)
    return HttpResponse(status=303, headers={"Location": url})


@asks(Decision.ACCOUNT_CONNECT)
@never_cache
@require_GET
@sensitive_variables("code")
def connected(request: MemberRequest) -> HttpResponse:
    """Take the answer that X sends the member back with."""
    error = request.GET.get("error", "")
    code = "" if error else request.GET.get("code", "")
    try:
        errand = starting.answer_connecting(
            request.member,
            state=request.GET.get("state", ""),
            code=code,
            error="" if error == "access_denied" else error,
            now=now(),
        )
    except CannotConnect as refused:
        return _not_connected(request, refused, None)
    return redirect("accounts-errand", key=errand.key)


@proves
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
        reached = Way(steps.BY_PASTING, 2, steps.KEYS)
        return _page(request, reached, steps.PASTE.slug, form=form, status=422)
    try:
        errand = starting.ask_about_keys(request.member, again, keys=form.cleaned_data, now=now())
    except CannotConnect as refused:
        return _not_connected(request, refused, again)
    except VaultClosed:
        return _not_connected(request, CannotConnect("no_keys"), again)
    return redirect("accounts-errand", key=errand.key)


@proves
@asks(Decision.ACCOUNT_CONNECT)
@require_POST
def practice(request: MemberRequest) -> HttpResponse:
    """Have the practice server make an account and connect it. Beside the real X there is none."""
    try:
        errand = starting.ask_for_practice(request.member, now=now())
    except NoPractice:
        raise Http404 from None
    return redirect("accounts-errand", key=errand.key)


def _not_connected(
    request: MemberRequest, refused: CannotConnect, again: Account | None
) -> HttpResponse:
    """Say why it did not work and what to do. Nothing was changed."""
    title, told = diagnosis.explain(refused.code, refused.words)
    context = {
        "title": title,
        "steps": told,
        "back": step_address("", again or refused.account),
    }
    return render(request, "channels/errand_failed.html", context, status=422)
