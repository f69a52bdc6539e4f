"""What stands between an open door and the view: a second factor where one is asked for, a proof
where the view asks for one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from yanzhen.people.gate import STRANGERS
from yanzhen.signin.fresh import is_fresh, offers_proof, take_proof
from yanzhen.signin.marks import HAS_FACTOR
from yanzhen.signin.queries import has_factor
from yanzhen.signin.views.proving import ask

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class SecondFactorMiddleware:
    """Leads whoever must set up a second factor to that page, and to no other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the work is done once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Return None to let the request in, or the way to the set-up."""
        if getattr(view, "door", None) == STRANGERS or getattr(view, "before_factor", False):
            return None
        member = request.member
        if member is None or not member.needs_second_factor or request.session.get(HAS_FACTOR):
            return None
        if has_factor(request.user):
            request.session[HAS_FACTOR] = True
            return None
        goal = request.get_full_path() if request.method == "GET" else ""
        query = f"?{urlencode({'next': goal})}" if goal and not request.htmx else ""
        return redirect(reverse("second-factor") + query)


class ProofMiddleware:
    """Asks for a fresh proof before a view that wants one, and then lets the very request through.

    Nothing of it is kept here: the page that asks carries the form's fields, and posts them with
    the proof to where they were going.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the work is done once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Return None to let the request in, or the page that asks for a proof."""
        question = getattr(view, "proves", None)
        if question is None or request.method in SAFE or is_fresh(request):
            return None
        if not question(request, **kwargs):
            return None
        wrong = take_proof(request, request.user) if offers_proof(request) else None
        return None if wrong == "" else ask(request, wrong=wrong or "")
