"""The board of ideas, a list of one state, and the brief beside a post."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from yanzhen.ideas.forms import LookForm
from yanzhen.ideas.models import Idea
from yanzhen.ideas.queries import board_for, ideas_for
from yanzhen.ideas.queries_files import as_shown, files_of
from yanzhen.ideas.states import IdeaState
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.planning.models import Post

IDEAS_A_PAGE = 50


@members
@require_GET
def ideas(request: MemberRequest) -> HttpResponse:
    """Show the board, or one state as a list; htmx asks for the piece below the search."""
    form = LookForm(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("q", "")
    state = form.cleaned_data.get("state", "")
    state = state if state in IdeaState else ""
    context: dict[str, object] = {"form": form, "text": text, "state": state}
    if state:
        rows = ideas_for(request.member, text=text, state=state)
        context["page"] = Paginator(rows, IDEAS_A_PAGE).get_page(request.GET.get("page"))
        context["title"] = IdeaState(state).label
    else:
        context["piles"] = piles = board_for(request.member, text=text)
        context["empty"] = not any(pile.count for pile in piles)
    piece = request.headers.get("HX-Target") == "ideas"
    answer = render(request, f"ideas/ideas.html{'#rows' if piece else ''}", context)
    patch_vary_headers(answer, ["HX-Target"])
    return answer


@members
@require_GET
def post_idea(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the brief a post was written from, for the side of its own page."""
    post = get_object_or_404(Post.objects.visible_to(request.member), pk=pk)
    rows = Idea.objects.visible_to(request.member).select_related("owner__user")
    found = rows.filter(written__post=post).first()
    files = as_shown(files_of(found, viewer=request.member), now=now()) if found else []
    return render(request, "ideas/_post_pane.html", {"idea": found, "files": files})
