"""All posts, narrowed as people ask."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision
from yanzhen.planning.bulk import faces_for
from yanzhen.planning.forms import NarrowForm
from yanzhen.planning.models import Post
from yanzhen.planning.ports import open_discussions
from yanzhen.planning.queries import narrowed_posts
from yanzhen.planning.queries_keeping import first_view_of, views_for

POSTS_A_PAGE = 50


@members
@require_GET
def posts(request: MemberRequest) -> HttpResponse:
    """List the workspace's posts, the last changed first.

    Asked for nothing in particular, it opens with the view the member chose for that.
    """
    if not request.GET and (first := first_view_of(request.member)):
        return redirect(f"{reverse('posts')}?{first.query}")
    form = NarrowForm(request.GET, member=request.member)
    if form.is_valid():
        rows, status = narrowed_posts(request.member, form.narrowing()), 200
    else:
        rows, status = Post.objects.none(), 422
    page = Paginator(rows, POSTS_A_PAGE).get_page(request.GET.get("page"))
    # htmx asks for a piece of the same address; a page it boosts or restores is a whole one.
    piece = request.headers.get("HX-Target") == "posts"
    query = form.query() if form.is_valid() else ""
    found = list(page)
    talk = open_discussions(post.pk for post in found)
    context = {
        "form": form,
        "query": query,
        "views": views_for(request.member),
        "verbs": faces_for(request.member),
        "piece": piece,
        "page": page,
        "rows": [(post, talk.get(post.pk, 0)) for post in found],
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "may_write": request.member.may_somewhere(Decision.POST_WRITE),
        "may_import": request.member.may(Decision.PLAN_IMPORT),
    }
    answer = render(
        request, f"planning/posts.html{'#rows' if piece else ''}", context, status=status
    )
    patch_vary_headers(answer, ["HX-Target"])
    return answer
