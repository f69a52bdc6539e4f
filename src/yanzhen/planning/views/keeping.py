"""Views of the list of posts and of the calendar, kept under a name."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.toasts import say
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.models import Member
from yanzhen.planning.actions.keeping import (
    MOST_VIEWS,
    NameTaken,
    TooManyViews,
    change_view,
    keep_view,
    open_with,
    remove_view,
    restore_view,
)
from yanzhen.planning.forms import NarrowForm
from yanzhen.planning.forms_bulk import ViewForm
from yanzhen.planning.forms_calendar import CalendarForm, Offer
from yanzhen.planning.models import SavedView
from yanzhen.planning.queries_keeping import first_view_of, rows_of_views, views_for


@members
@require_http_methods(["GET", "POST"])
def views(request: MemberRequest) -> HttpResponse:
    """Show every view of a page the member sees, and keep a new one."""
    if request.method == "POST":
        return _keep(request, request.POST)
    return _page(request, _page_of(request.GET))


def _page_of(sent: QueryDict) -> str:
    """Return the SavedView.Page that is asked for; the posts where none is."""
    asked = sent.get("page", "")
    return asked if asked in SavedView.Page.values else SavedView.Page.POSTS


def _all_of(page: str) -> str:
    return f"{reverse(page)}?view={'month' if page == SavedView.Page.CALENDAR else 'all'}"


def _page(
    request: MemberRequest,
    page: str,
    wrong: ViewForm | None = None,
    about: SavedView | None = None,
) -> HttpResponse:
    member = request.member
    context = {
        "page": page,
        "all_url": _all_of(page),
        "rows": rows_of_views(views_for(member, page), member, wrong, about),
        "first": first_view_of(member, page),
    }
    return render(request, "planning/views.html", context, status=422 if wrong else 200)


def _kept_of(member: Member, page: str, sent: str) -> str:
    """Return what of a query a view keeps, "" where that is nothing or not to be read."""
    if page == SavedView.Page.CALENDAR:
        form = CalendarForm(QueryDict(sent), offer=Offer.to(member))
        return form.asked(today=now().date()).kept if form.is_valid() else ""
    narrow = NarrowForm(QueryDict(sent), member=member)
    return narrow.query() if narrow.is_valid() else ""


def _keep(request: MemberRequest, sent: QueryDict) -> HttpResponse:
    page, asked = _page_of(sent), sent.get("query", "")
    form = ViewForm(sent)
    query = _kept_of(request.member, page, asked)
    back = f"{reverse(page)}?{query}" if query else _all_of(page)
    if not query:
        messages.error(request, _("Narrow the list first, then keep what it shows."))
    elif not form.is_valid():
        messages.error(request, _("Give the view a name of at most 40 characters."))
    else:
        named = form.cleaned_data
        try:
            view = keep_view(**named, query=query, page=page, by=request.member, now=now())
        except NameTaken:
            messages.error(request, _taken(named["name"]))
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


def _back_to(page: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('posts-views')}?{urlencode({'page': page})}")


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
        return _page(request, row.page, form, row)
    return say(request, _back_to(row.page), _("The view is changed."))


@members
@require_POST
def view_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove a view; undo puts it back."""
    row = _view(request, pk)
    remove_view(row, by=request.member, now=now())
    undo = reverse("posts-view-restore", args=[row.pk])
    text = _("The view “%(name)s” is removed.") % {"name": row.name}
    return say(request, _back_to(row.page), text, undo=undo)


@members
@require_POST
def view_restore(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a removed view back."""
    row = get_object_or_404(SavedView.objects.within_reach_of(request.member), pk=pk)
    try:
        restore_view(row, by=request.member, now=now())
    except NameTaken:
        text = _("“%(name)s” stays removed: another view of its owner has that name by now.")
        messages.error(request, text % {"name": row.name})
    except TooManyViews:
        text = _("“%(name)s” stays removed: its owner has %(most)d views. Remove one first.")
        messages.error(request, text % {"name": row.name, "most": MOST_VIEWS})
    else:
        messages.success(request, _("The view “%(name)s” is back.") % {"name": row.name})
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": _back_to(row.page).url})
    return _back_to(row.page)


@members
@require_POST
def view_first(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the view's page open with it, or with everything where it did so already."""
    row = _view(request, pk)
    was = first_view_of(request.member, row.page)
    open_with(None if was == row else row, page=row.page, by=request.member)
    calendar = row.page == SavedView.Page.CALENDAR
    if was == row:
        text = (
            _("The calendar opens with everything.")
            if calendar
            else _("The list opens with all posts.")
        )
    elif calendar:
        text = _("The calendar opens with “%(name)s”.") % {"name": row.name}
    else:
        text = _("The list opens with “%(name)s”.") % {"name": row.name}
    return say(request, _back_to(row.page), text)
