"""The search page, and what the palette asks while somebody types."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yanzhen.people.gate import MemberRequest, members
from yanzhen.search.kinds import KINDS, asking, find, left_off
from yanzhen.search.words import MOST_LETTERS, terms_of

IN_PALETTE, ON_PAGE, A_PAGE = 5, 8, 30


@members
@require_GET
def search(request: MemberRequest) -> HttpResponse:
    """Show what fits the words in ``q``; with ``kind`` all of one kind, page by page."""
    query = request.GET.get("q", "")[:MOST_LETTERS]
    terms = terms_of(query)
    kind = next((kind for kind in KINDS if kind.slug == request.GET.get("kind")), None)
    context: dict[str, Any] = {"query": query, "terms": terms, "kinds": KINDS, "kind": kind}
    if kind is not None and terms:
        rows = kind.rows(request.member, terms)
        page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "hits": [kind.hit(row, terms) for row in page]}
    else:
        context["found"] = find(request.member, terms, most=ON_PAGE)
    return render(request, "search/search.html", context)


@members
@require_GET
def palette(request: MemberRequest) -> HttpResponse:
    """Answer the palette: what fits ``q``, or without words what the member wrote in last."""
    query = request.GET.get("q", "")[:MOST_LETTERS]
    terms = terms_of(query)
    context = {
        "query": query,
        "asking": asking(request.member, terms),
        "found": find(request.member, terms, most=IN_PALETTE),
        "left_off": [] if terms else left_off(request.member, most=IN_PALETTE),
    }
    return render(request, "search/_found.html", context)
