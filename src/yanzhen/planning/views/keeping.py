"""Views of the list of posts, kept under a name."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.planning.actions.keeping import (
    MOST_VIEWS,
    NameTaken,
    TooManyViews,
    change_view,
    keep_view,
    open_with,
    remove_view,
)
from yanzhen.planning.forms import NarrowForm
from yanzhen.planning.forms_bulk import ViewForm
from yanzhen.planning.models import SavedView
from yanzhen.planning.queries_keeping import first_view_of, rows_of_views, views_for
from yanzhen.planning.views.answers import say


@members
@require_http_methods(["GET", "POST"])
def views(request: MemberRequest) -> HttpResponse:
    """Show every view the member sees, and keep a new one.

    The values of a new one may come in the address: that is how a removal is undone.
    """
    if request.method == "POST":
        return _keep(request, request.POST if "name" in request.POST else request.GET)
    return _page(request)


def _page(
    request: MemberRequest, wrong: ViewForm | None = None, about: SavedView | None = None
) -> HttpResponse:
    context = {
        "rows": rows_of_views(views_for(request.member), request.member, wrong, about),
        "first": first_view_of(request.member),
    }
    return render(request, "planning/views.html", context, status=422 if wrong else 200)


def _keep(request: MemberRequest, sent: QueryDict) -> HttpResponse:
    narrow = NarrowForm(QueryDict(sent.get("query", "")), member=request.member)
    form = ViewForm(sent)
    query = narrow.query() if narrow.is_valid() else ""
    back = f"{reverse('posts')}?{query or 'view=all'}"
    if not query:
        messages.error(request, _("Narrow the list first, then keep what it shows."))
    elif not form.is_valid():
        messages.error(request, _("Give the view a name of at most 40 characters."))
    else:
        asked = form.cleaned_data
        try:
            view = keep_view(**asked, query=query, by=request.member, now=now())
        except NameTaken:
            messages.error(request, _taken(asked["name"]))
        except TooManyViews:
            text = _("You have %(most)d views. Remove one first.") % {"most": MOST_VIEWS}
            messages.error(request, text)
        else:
            messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": back})
    return redirect(back)


def _taken(name: str) -> str:
    return _("You have a view called “%(name)s”. Choose another name.") % {"name": name}


def _view(request: MemberRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.member), pk=pk)


@members
@require_POST
def view(request: MemberRequest, pk: int) -> HttpResponse:
    """Rename a view or change who sees it."""
    row = _view(request, pk)
    form = ViewForm(request.POST)
    if form.is_valid():
        try:
            change_view(row, **form.cleaned_data, by=request.member, now=now())
        except NameTaken:
            form.add_error("name", _taken(form.cleaned_data["name"]))
    if not form.is_valid():
        return _page(request, form, row)
    return say(request, redirect("posts-views"), _("The view is changed."))


@members
@require_POST
def view_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove a view; undo keeps it anew."""
    row = _view(request, pk)
    back = {"name": row.name, "query": row.query, **({"shared": "on"} if row.shared else {})}
    remove_view(row, by=request.member, now=now())
    undo = f"{reverse('posts-views')}?{urlencode(back)}"
    text = _("The view “%(name)s” is removed.") % {"name": row.name}
    return say(request, redirect("posts-views"), text, undo=undo)


@members
@require_POST
def view_first(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the member's list open with a view, or with everything where it did so already."""
    row = _view(request, pk)
    was = first_view_of(request.member)
    open_with(None if was == row else row, by=request.member)
    if was == row:
        text = _("The list opens with all posts.")
    else:
        text = _("The list opens with “%(name)s”.") % {"name": row.name}
    return say(request, redirect("posts-views"), text)
