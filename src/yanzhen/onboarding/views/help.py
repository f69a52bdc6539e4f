"""Help: a short text for each page, and all of them in a row."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from yanzhen.onboarding.topics import listed, topic
from yanzhen.people.gate import MemberRequest, members


@members
@require_GET
def help_index(request: MemberRequest) -> HttpResponse:
    """List what there is help for."""
    topics = listed(get_language() or "")
    return render(request, "onboarding/help_index.html", {"topics": topics})


@members
@require_GET
def help_topic(request: MemberRequest, name: str) -> HttpResponse:
    """Show the help for one page; htmx gets the text alone, for the panel."""
    found = topic(name, get_language() or "")
    if found is None:
        raise Http404
    part = "#text" if request.headers.get("HX-Request") else ""
    response = render(request, f"onboarding/help.html{part}", {"topic": found, "name": name})
    response.headers["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response
