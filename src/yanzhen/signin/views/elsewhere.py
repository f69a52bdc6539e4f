"""Signing in through another house."""

from __future__ import annotations

import logging

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.gate import strangers
from yanzhen.people.limits import wait_words
from yanzhen.people.mail import address_of
from yanzhen.people.views.getting_in import safe_next
from yanzhen.signin import oidc
from yanzhen.signin.actions.elsewhere import NobodyHere, known_by
from yanzhen.signin.marks import HAS_FACTOR
from yanzhen.signin.providers import Provider, providers
from yanzhen.signin.stages import ELSEWHERE

logger = logging.getLogger(__name__)
#: In the session: the question a browser was sent away with, and where it wanted to go then.
QUESTION = "signin.question"
GOAL = "signin.elsewhere_goal"


def _provider(provider_id: str) -> Provider:
    found = providers().get(provider_id)
    if found is None:
        raise Http404
    return found


@strangers
@never_cache
@require_POST
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to a provider. A form, so that no link can start it."""
    provider = _provider(provider_id)
    if not ratelimit.consume(request, action="elsewhere"):
        return _back(request, wait_words("elsewhere"))
    there = address_of("elsewhere-back", provider_id=provider.id)
    try:
        question, goal = oidc.ask(provider, redirect_uri=there)
    except oidc.ProviderFailed as failed:
        logger.warning("sign-in through %s: %s", provider.id, failed)
        return _back(request, _unreachable(provider))
    request.session[QUESTION] = question.kept()
    request.session[GOAL] = safe_next(request, "")
    return redirect(goal)


@strangers
@never_cache
@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take what a provider sends back, once, and sign in whom it vouches for."""
    provider = _provider(provider_id)
    kept = request.session.pop(QUESTION, None)
    if kept is None or "code" not in request.GET:
        return _back(request, _("The sign-in was not finished. Try again."))
    try:
        claims = oidc.answer(
            provider,
            oidc.Question(**kept),
            state=request.GET.get("state", ""),
            code=request.GET["code"],
            issuer=request.GET.get("iss", ""),
        )
        user = known_by(provider, claims, now=now())
    except oidc.ProviderFailed as failed:
        logger.warning("sign-in through %s: %s", provider.id, failed)
        return _back(request, _unreachable(provider))
    except oidc.AnswerRefused as refused:
        logger.warning("sign-in through %s refused: %s", provider.id, refused)
        return _back(request, _("The sign-in was not finished. Try again."))
    except NobodyHere:
        words = _("%(name)s vouches for you, but no team here has invited you. Ask yours.")
        return _back(request, words % {"name": provider.name})
    record_authentication(
        request, user, ELSEWHERE, provider=provider.id, second_factor=provider.second_factor or None
    )
    goal = request.session.pop(GOAL, "") or None
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=goal))
    if provider.second_factor and request.user.is_authenticated:
        request.session[HAS_FACTOR] = True
    return answer


def _unreachable(provider: Provider) -> str:
    words = _("%(name)s cannot be reached now. Try again, or sign in with your password.")
    return words % {"name": provider.name}


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect("sign-in")
