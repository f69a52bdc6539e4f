"""The views a member sees of the list of posts, and of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import Form

from yanzhen.people.models import Member
from yanzhen.planning.actions.keeping import may_change
from yanzhen.planning.forms_bulk import ViewForm
from yanzhen.planning.models import FirstView, SavedView


def views_for(member: Member, page: str = SavedView.Page.POSTS) -> list[SavedView]:
    """Return the member's own views of a page and the shared ones, by name; one query."""
    rows = SavedView.objects.visible_to(member).on(page).select_related("owner__user")
    return list(rows.order_by("name", "pk"))


def first_view_of(member: Member, page: str = SavedView.Page.POSTS) -> SavedView | None:
    """Return the view the member's page opens with, while they still see it."""
    chosen = FirstView.objects.filter(member=member, page=page).values("view_id")
    return SavedView.objects.visible_to(member).filter(pk__in=chosen).first()


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view with the form that changes it; None where the member may not."""

    view: SavedView
    form: Form | None


def rows_of_views(
    views: Sequence[SavedView],
    member: Member,
    wrong: ViewForm | None = None,
    about: SavedView | None = None,
) -> list[ViewRow]:
    """Return a row for each view; that of ``about`` shows the form that was ``wrong``."""
    return [ViewRow(view, _form(view, member, wrong, about)) for view in views]


def _form(
    view: SavedView, member: Member, wrong: ViewForm | None, about: SavedView | None
) -> Form | None:
    if view == about:
        return wrong
    if not may_change(view, member):
        return None
    start = {"name": view.name, "shared": view.shared}
    return ViewForm(initial=start, auto_id=f"id_{view.pk}_%s")
