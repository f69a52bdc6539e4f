"""Signing in and out, and passwords."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import force_bytes
from django.utils.http import (
    url_has_allowed_host_and_scheme,
    urlsafe_base64_decode,
    urlsafe_base64_encode,
)
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people import mail
from yanzhen.people.actions.sessions import change_password, rename_session
from yanzhen.people.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm, SignInForm
from yanzhen.people.gate import UserRequest, strangers, users
from yanzhen.people.limits import wait_words
from yanzhen.people.models import User


def safe_next(request: HttpRequest, default: str) -> str:
    """Return the page asked for by ``next`` when it is on this site, else ``default``."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if asked and safe else default


@strangers
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in by email and password."""
    goal = safe_next(request, "")
    if request.user.is_authenticated:
        return redirect(goal or settings.LOGIN_REDIRECT_URL)
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            answer = _try_sign_in(request, form, goal)
            if answer is not None:
                return answer
            status = 429 if form.has_error("__all__", "limit") else 422
    context = {"form": form, "next": goal}
    return render(request, "people/sign_in.html", context, status=status)


def _try_sign_in(request: HttpRequest, form: SignInForm, goal: str) -> HttpResponse | None:
    """Sign in and return where to go, or None with the reason in the form."""
    email, password = form.cleaned_data["email"].lower(), form.cleaned_data["password"]
    adapter = get_adapter(request)
    try:
        allowed = ratelimit.consume(request, action="login")
        user = adapter.authenticate(request, email=email, password=password) if allowed else None
    except ValidationError:
        allowed, user = False, None
    if not allowed:
        form.add_error(None, ValidationError(wait_words("login_failed"), code="limit"))
        return None
    if user is None or not user.is_active:
        # One sentence for an unknown address, a wrong password and a closed account.
        form.add_error(None, _("Email and password do not match. Check both, or set a new one."))
        return None
    login = Login(user=user, email=email, redirect_url=goal or None)
    answer: HttpResponse = perform_password_login(request, {"email": email}, login)
    return answer


@strangers
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect("sign-in")


@strangers
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Mail a link that sets a new password; the answer is the same for every address."""
    form = ForgottenForm(request.POST or None)
    context = {"form": form, "mail": mail.mail_is_set_up()}
    if request.method != "POST":
        return render(request, "people/forgotten.html", context)
    if not form.is_valid():
        return render(request, "people/forgotten.html", context, status=422)
    email = form.cleaned_data["email"].lower()
    if not ratelimit.consume(request, action="reset_password", key=email):
        form.add_error(None, wait_words("reset_password"))
        return render(request, "people/forgotten.html", context, status=429)
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        mail.send_no_account(email, request.LANGUAGE_CODE or "en")
    else:
        uid = urlsafe_base64_encode(force_bytes(user.pk))
        token = default_token_generator.make_token(user)
        mail.send_reset(user, mail.address_of("reset-password", uid=uid, token=token))
    return render(request, "people/forgotten.html", {**context, "sent_to": email})


def _user_of(uid: str, token: str) -> User | None:
    """Return whom a link from a mail is for, while it is good."""
    try:
        user = User.objects.filter(pk=int(urlsafe_base64_decode(uid)), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return user if user and default_token_generator.check_token(user, token) else None


@strangers
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def reset_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Set a new password by a link from a mail, and end every session of the person."""
    user = _user_of(uid, token)
    if user is None:
        return render(request, "people/reset_password.html", status=410)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        change_password(user, password=form.cleaned_data["password"], now=now())
        mail.send_shut_out(user, password=True)
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("sign-in")
    status = 422 if request.method == "POST" else 200
    return render(
        request, "people/reset_password.html", {"form": form, "user_name": user.name}, status=status
    )


@users
@never_cache
@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "POST"])
def password(request: UserRequest) -> HttpResponse:
    """Change your own password; other sessions end."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if not ratelimit.consume(request, action="change_password", user=request.user):
            form = ChangePasswordForm(user=request.user)
            context = {"form": form, "limit": wait_words("change_password")}
            return render(request, "people/password.html", context, status=429)
        if form.is_valid():
            key = request.session.session_key or ""
            new = form.cleaned_data["password"]
            user = change_password(request.user, password=new, session_key=key, now=now())
            update_session_auth_hash(request, user)
            rename_session(old=key, new=request.session.session_key or "")
            mail.send_shut_out(user, password=True)
            messages.success(request, _("Your password is changed. Other sessions are ended."))
            return redirect("profile")
    return render(request, "people/password.html", {"form": form}, status=status)
