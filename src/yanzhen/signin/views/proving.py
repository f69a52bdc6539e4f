"""The page that asks for a proof and then lets the very request through."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from yanzhen.people.gate import UserRequest
from yanzhen.signin.fresh import FIELDS, ways_of

#: Not the form's own: each answer has a token of its own.
_NOT_CARRIED = frozenset({*FIELDS, "csrfmiddlewaretoken"})


def _came_from(request: UserRequest) -> str:
    """Return the page of this site that the form was on, "" when the browser does not say."""
    said = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(
        said, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return said if said and own else ""


def ask(request: UserRequest, *, wrong: str) -> HttpResponse:
    """Answer 403 with the form that was sent, hidden behind the question for a proof.

    A fragment asked for by htmx gets the page in place of the whole body.
    """
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_CARRIED
        for value in values
    ]
    ways = ways_of(request.user)
    context = {
        "ways": ways,
        "options": json.dumps(ways.options) if ways.options else "",
        "carried": carried,
        "goal": request.get_full_path(),
        "wrong": wrong,
        "back": _came_from(request),
    }
    response = render(request, "signin/prove.html", context, status=403)
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Push-Url"] = "false"
    add_never_cache_headers(response)
    return response
