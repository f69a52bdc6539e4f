"""Coming in: the second step after the password, and the passkey in place of both."""

from __future__ import annotations

import json

from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.core import ratelimit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.gate import strangers
from yanzhen.people.limits import wait_words
from yanzhen.people.models import User
from yanzhen.people.views.getting_in import safe_next
from yanzhen.signin import passkeys
from yanzhen.signin.actions.factors import WrongCode, use_code
from yanzhen.signin.forms import CodeForm, UsedPasskeyForm
from yanzhen.signin.queries import factors_of
from yanzhen.signin.stages import SecondStage

#: From the web to the limits: a person's tries are counted whichever browser they come from.
_LIMIT = "second_factor"


@strangers
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of whoever has just given the right password."""
    stage = LoginStageController.enter(request, SecondStage.key)
    if stage is None:
        return redirect(settings.LOGIN_REDIRECT_URL if request.user.is_authenticated else "sign-in")
    user = stage.login.user
    form = CodeForm(request.POST if "code" in request.POST else None)
    wrong, status = "", 200
    if request.method == "POST":
        if not ratelimit.consume(request, action=_LIMIT, key=str(user.pk)):
            wrong, status = wait_words(_LIMIT), 429
        else:
            wrong, status = _try(request, user, form), 422
            if not wrong:
                ratelimit.clear(request, action=_LIMIT, key=str(user.pk))
                answer: HttpResponse = stage.exit()
                return answer
    factors = factors_of(user)
    context = {
        "form": form,
        "wrong": wrong,
        "factors": factors,
        "options": json.dumps(passkeys.request_options(user)) if factors.passkeys else "",
    }
    return render(request, "signin/second_step.html", context, status=status)


def _try(request: HttpRequest, user: User, form: CodeForm) -> str:
    """Return "" for a right code or passkey, noted in the session; else what is wrong."""
    if "credential" in request.POST:
        try:
            answer = UsedPasskeyForm(request.POST)
            credential = answer.cleaned_data["credential"] if answer.is_valid() else None
            row = passkeys.check_used(credential, user=user)
        except passkeys.BadPasskey:
            return _("That passkey did not work. Try again, or use a code.")
    elif not form.is_valid():
        return _("Type the code.")
    else:
        try:
            row = use_code(user, code=form.cleaned_data["code"], now=now())
        except WrongCode:
            return _("That code is wrong, or was used already. Wait for the next one.")
    row.user = user
    post_authentication(request, row)
    return ""


@strangers
@never_cache
@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey alone. GET gives the browser its question as JSON."""
    if request.method == "GET":
        return JsonResponse(passkeys.request_options(None))
    if not ratelimit.consume(request, action="passkey"):
        messages.error(request, wait_words("passkey"))
        return redirect("sign-in")
    form = UsedPasskeyForm(request.POST)
    try:
        credential = form.cleaned_data["credential"] if form.is_valid() else None
        row = passkeys.check_used(credential, user=None)
    except passkeys.BadPasskey:
        row = None
    if row is None or not row.user.is_active:
        # One sentence for a key we do not know and for a closed account.
        messages.error(request, _("That passkey lets nobody in here. Sign in with your password."))
        return redirect("sign-in")
    login = Login(user=row.user, redirect_url=safe_next(request, "") or None)
    answer: HttpResponse = perform_passwordless_login(request, row, login)
    return answer


@strangers
@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    """Leave the second step; the password has to be given again."""
    if not request.user.is_authenticated:
        request.session.flush()
    return redirect("sign-in")
