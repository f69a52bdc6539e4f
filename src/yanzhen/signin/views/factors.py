"""A person's own second factors."""

from __future__ import annotations

import json
import time

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.devices import device_words
from yanzhen.people.gate import UserRequest, proves, users
from yanzhen.people.views.getting_in import safe_next
from yanzhen.signin import passkeys
from yanzhen.signin.actions.factors import (
    AlreadySetUp,
    LastFactor,
    WrongCode,
    add_passkey,
    remove_factor,
    renew_codes,
    set_up_app,
)
from yanzhen.signin.forms import NewAppForm, PasskeyForm
from yanzhen.signin.fresh import FRESH_FOR
from yanzhen.signin.marks import HAS_FACTOR, before_factor
from yanzhen.signin.queries import factors_of, has_factor, must_keep_factor
from yanzhen.signin.totp import new_secret

#: In the session: the secret of an app that is being set up, the codes that may still be read, and
#: where somebody was going who was led here.
SECRET = "signin.app_secret"  # noqa: S105 -- where it is, not what it is
SHOWN_CODES = "signin.codes"
GOAL = "signin.goal"


def _base(request: UserRequest) -> str:
    """Return the frame: the desk, but for whoever is held here and would find its doors closed."""
    member = request.member
    if member is None:
        return "base_outside.html"
    held = member.needs_second_factor and not has_factor(request.user)
    return "base_outside.html" if held else "base.html"


def _key(request: HttpRequest) -> str:
    return request.session.session_key or ""


@before_factor
@users
@never_cache
@require_GET
def second_factor(request: UserRequest) -> HttpResponse:
    """Show what you sign in with beside the password, and what is still missing."""
    factors = factors_of(request.user)
    needed = must_keep_factor(request.user)
    goal = safe_next(request, "")
    if goal:
        request.session[GOAL] = goal
    context = {
        "factors": factors,
        "needed": needed,
        "held": needed and not factors.any,
        "base": _base(request),
    }
    return render(request, "signin/factors.html", context)


@before_factor
@proves
@users
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def app(request: UserRequest) -> HttpResponse:
    """Set up an authenticator app: scan, then type the code it shows."""
    secret = request.session.setdefault(SECRET, new_secret())
    form = NewAppForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = set_up_app(
                request.user,
                secret=secret,
                code=form.cleaned_data["code"],
                session_key=_key(request),
                now=now(),
            )
        except WrongCode:
            form.add_error("code", _("That is not the code for now. Wait for the next one."))
        except AlreadySetUp:
            messages.warning(request, _("You have an app already. Remove it first."))
            return redirect("second-factor")
        else:
            del request.session[SECRET]
            return _on(request, made_codes=made, said=_("The app is set up."))
    adapter = get_adapter()
    url = adapter.build_totp_url(request.user, secret)
    drawing = adapter.build_totp_svg(url)
    context = {
        "form": form,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "url": url,
        "drawing": mark_safe(drawing[drawing.index("<svg") :]),  # noqa: S308 -- drawn here
        "base": _base(request),
    }
    return render(request, "signin/app.html", context, status=status)


def _on(request: UserRequest, *, made_codes: bool, said: str) -> HttpResponse:
    """Go on after a factor was added: to the recovery codes first, when they are new."""
    request.session[HAS_FACTOR] = True
    messages.success(request, said)
    if made_codes:
        request.session[SHOWN_CODES] = int(time.time())
        return redirect("recovery-codes")
    return redirect("second-factor")


@before_factor
@proves
@users
@never_cache
@require_http_methods(["GET", "POST"])
def new_passkey(request: UserRequest) -> HttpResponse:
    """Make a passkey on this device."""
    device = device_words(request.headers.get("User-Agent", ""))
    form = PasskeyForm(request.POST or None, initial={"name": device})
    status = 422 if request.method == "POST" else 200
    wrong = ""
    if request.method == "POST" and form.is_valid():
        try:
            credential = passkeys.check_new(form.cleaned_data["credential"])
        except passkeys.BadPasskey:
            wrong = _("The passkey was not made, or took too long. Try again.")
        else:
            made = add_passkey(
                request.user,
                name=form.cleaned_data["name"],
                credential=credential,
                session_key=_key(request),
                now=now(),
            )
            return _on(request, made_codes=made, said=_("The passkey is ready."))
    elif request.method == "POST" and form.has_error("credential"):
        wrong = _("The passkey was not made, or took too long. Try again.")
    context = {
        "form": form,
        "wrong": wrong,
        "options": json.dumps(passkeys.creation_options(request.user)),
        "base": _base(request),
    }
    return render(request, "signin/new_passkey.html", context, status=status)


@proves
@users
@require_POST
def factor_remove(request: UserRequest, factor_id: int) -> HttpResponse:
    """Give up the app or a passkey."""
    try:
        remove_factor(request.user, factor_id=factor_id, session_key=_key(request), now=now())
    except Authenticator.DoesNotExist:
        raise Http404 from None
    except LastFactor:
        words = _("It is your last one, and your role asks for one. Set up another first.")
        messages.warning(request, words)
    else:
        request.session.pop(HAS_FACTOR, None)
        messages.success(request, _("Removed. It no longer signs you in."))
    return redirect("second-factor")


@before_factor
@users
@never_cache
@require_http_methods(["GET", "POST"])
def recovery_codes(request: UserRequest) -> HttpResponse:
    """Show new recovery codes, this once; posted: they are kept, show them no more."""
    codes = _codes(request)
    if request.method == "POST":
        request.session.pop(SHOWN_CODES, None)
        return redirect(request.session.pop(GOAL, "") or "second-factor")
    if codes is None:
        return redirect("second-factor")
    return render(request, "signin/codes.html", {"codes": codes, "base": _base(request)})


@before_factor
@users
@never_cache
@require_GET
def recovery_codes_file(request: UserRequest) -> HttpResponse:
    """Give the codes as a text file, for as long as the page shows them."""
    codes = _codes(request)
    if codes is None:
        raise Http404
    head = _("Recovery codes of %(email)s. Each signs you in once.") % {"email": request.user.email}
    response = HttpResponse("\n".join([head, "", *codes, ""]), content_type="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


def _codes(request: UserRequest) -> list[str] | None:
    """Return the codes while they may be read: in the session that made them, until kept.

    And for as long as a proof lasts, because each of them is one.
    """
    if request.session.get(SHOWN_CODES, 0) < time.time() - FRESH_FOR.total_seconds():
        return None
    kind = Authenticator.Type.RECOVERY_CODES
    row = Authenticator.objects.filter(user=request.user, type=kind).first()
    return [str(code) for code in row.wrap().get_unused_codes()] if row else None


@proves
@users
@require_POST
def recovery_codes_new(request: UserRequest) -> HttpResponse:
    """Make new codes in place of the old."""
    renew_codes(request.user, now=now())
    request.session[SHOWN_CODES] = int(time.time())
    return redirect("recovery-codes")
