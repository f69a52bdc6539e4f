"""Signing in through another house."""

from __future__ import annotations

import logging

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.gate import strangers
from yanzhen.people.limits import wait_words
from yanzhen.people.mail import address_of
from yanzhen.people.views.getting_in import safe_next
from yanzhen.signin import oidc, saml
from yanzhen.signin.actions.answers import keep_answer, take_answer
from yanzhen.signin.actions.elsewhere import NobodyHere, known_by
from yanzhen.signin.marks import HAS_FACTOR
from yanzhen.signin.providers import House, Provider, SamlProvider, providers
from yanzhen.signin.stages import ELSEWHERE

logger = logging.getLogger(__name__)
#: In the session: the question a browser was sent away with, and where it wanted to go then.
QUESTION = "signin.question"
GOAL = "signin.elsewhere_goal"


def _provider(provider_id: str) -> House:
    found = providers().get(provider_id)
    if found is None:
        raise Http404
    return found


def _saml(provider_id: str) -> SamlProvider:
    found = _provider(provider_id)
    if not isinstance(found, SamlProvider):
        raise Http404
    return found


@strangers
@never_cache
@require_POST
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to a provider. A form, so that no link can start it.

    By a page that goes on at once: a redirect would be a form sent to another site, which our
    pages may not do.
    """
    provider = _provider(provider_id)
    if not ratelimit.consume(request, action="elsewhere"):
        return _back(request, wait_words("elsewhere"))
    try:
        question, goal = _question(provider)
    except oidc.ProviderFailed as failed:
        logger.warning("sign-in through %s: %s", provider.id, failed)
        return _back(request, _unreachable(provider))
    request.session[QUESTION] = question
    request.session[GOAL] = safe_next(request, "")
    return render(request, "signin/leaving.html", {"provider": provider, "goal": goal})


def _question(provider: House) -> tuple[dict[str, str], str]:
    """Return a new question as the session keeps it, and where it is asked."""
    if isinstance(provider, SamlProvider):
        number, goal = saml.ask(provider)
        return {"provider": provider.id, "number": number}, goal
    assert isinstance(provider, Provider)  # noqa: S101 -- there are these two
    there = address_of("elsewhere-back", provider_id=provider.id)
    question, goal = oidc.ask(provider, redirect_uri=there)
    return question.kept(), goal


@strangers
@never_cache
@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take what an OpenID Connect provider sends back, once, and sign in whom it vouches for."""
    provider = _provider(provider_id)
    if not isinstance(provider, Provider):
        raise Http404
    kept = request.session.pop(QUESTION, None)
    if kept is None or "code" not in request.GET or "state" not in kept:
        return _unfinished(request)
    try:
        claims = oidc.answer(
            provider,
            oidc.Question(**kept),
            state=request.GET.get("state", ""),
            code=request.GET["code"],
            issuer=request.GET.get("iss", ""),
        )
    except oidc.ProviderFailed as failed:
        logger.warning("sign-in through %s: %s", provider.id, failed)
        return _back(request, _unreachable(provider))
    except oidc.AnswerRefused as refused:
        logger.warning("sign-in through %s refused: %s", provider.id, refused)
        return _unfinished(request)
    return _enter(request, provider, claims)


@strangers
@never_cache
@csrf_exempt
@require_POST
def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take a SAML answer that a browser brings from another site, and lead to where it counts.

    The browser sends no cookies with it, so nothing is said of a session here and none is begun.
    """
    provider = _saml(provider_id)
    if not ratelimit.consume(request, action="elsewhere_answer"):
        return redirect("sign-in")
    try:
        found = saml.answer(provider, request.POST.get("SAMLResponse", ""))
        key = keep_answer(provider.id, found, now=now())
    except oidc.AnswerRefused as refused:
        logger.warning("sign-in through %s refused: %s", provider.id, refused)
        key = "refused"
    there = reverse("elsewhere-finish", kwargs={"provider_id": provider.id})
    return HttpResponse(status=303, headers={"Location": f"{there}?{urlencode({'key': key})}"})


@strangers
@never_cache
@require_GET
def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take a SAML answer that was kept, once, and sign in whom it vouches for."""
    provider = _saml(provider_id)
    kept = request.session.pop(QUESTION, None) or {}
    number = kept.get("number", "") if kept.get("provider") == provider.id else ""
    try:
        claims = take_answer(provider, request.GET.get("key", ""), asked=number, now=now())
    except oidc.AnswerRefused as refused:
        logger.warning("sign-in through %s refused: %s", provider.id, refused)
        return _unfinished(request)
    return _enter(request, provider, claims)


@strangers
@require_GET
def metadata(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Say what a SAML provider must know of us."""
    said = saml.metadata(_saml(provider_id))
    return HttpResponse(said, content_type="application/samlmetadata+xml")


def _enter(request: HttpRequest, provider: House, claims: oidc.Claims) -> HttpResponse:
    """Sign in whom a provider vouches for, if they are anybody here."""
    try:
        user = known_by(provider, claims, now=now())
    except NobodyHere:
        words = _("%(name)s vouches for you, but no team here has invited you. Ask yours.")
        return _back(request, words % {"name": provider.name})
    record_authentication(
        request, user, ELSEWHERE, provider=provider.id, second_factor=provider.second_factor or None
    )
    goal = request.session.pop(GOAL, "") or None
    entered: HttpResponse = perform_login(request, Login(user=user, redirect_url=goal))
    if provider.second_factor and request.user.is_authenticated:
        request.session[HAS_FACTOR] = True
    return entered


def _unfinished(request: HttpRequest) -> HttpResponse:
    return _back(request, _("The sign-in was not finished. Try again."))


def _unreachable(provider: House) -> str:
    words = _("%(name)s cannot be reached now. Try again, or sign in with your password.")
    return words % {"name": provider.name}


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect("sign-in")
