"""Views of posts and calendar: kept, changed, shared, removed, and the one it opens with."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.events import VIEW_SHARED, VIEW_UNSHARED, ViewShared
from yanzhen.planning.models import FirstView, SavedView

MOST_VIEWS = 20


class NameTaken(Exception):
    """The member has another view of that name."""


class TooManyViews(Exception):
    """The member has MOST_VIEWS views; one must be removed first."""


@transaction.atomic
def keep_view(
    *,
    name: str,
    query: str,
    shared: bool,
    page: str = SavedView.Page.POSTS,
    by: Member,
    now: datetime,
) -> SavedView:
    """Keep filters of a page (SavedView.Page) under a name. Needs no right: it shows what all see.

    ``query`` is encoded as SavedView keeps it. A member has MOST_VIEWS of each page.
    Raises NameTaken and TooManyViews.
    """
    Member.objects.select_for_update().get(pk=by.pk)
    if SavedView.objects.standing().on(page).filter(owner=by).count() >= MOST_VIEWS:
        raise TooManyViews
    try:
        with transaction.atomic():
            view = SavedView.objects.create(
                workspace_id=by.workspace_id,
                owner=by,
                page=page,
                name=name,
                query=query,
                shared=shared,
                created_at=now,
            )
    except IntegrityError:
        raise NameTaken from None
    if shared:
        _tell(VIEW_SHARED, view, by=by, now=now)
    return view


@transaction.atomic
def change_view(
    view: SavedView, *, name: str, shared: bool, by: Member, now: datetime
) -> SavedView:
    """Rename a view, share it, or share it no longer. Raises NotAllowed and NameTaken."""
    _may_change(view, by=by)
    was_shared = SavedView.objects.select_for_update().get(pk=view.pk).shared
    view.name, view.shared = name, shared
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "shared"])
    except IntegrityError:
        raise NameTaken from None
    if shared and not was_shared:
        _tell(VIEW_SHARED, view, by=by, now=now)
    if was_shared and not shared:
        FirstView.objects.filter(view=view).exclude(member_id=view.owner_id).delete()
        _tell(VIEW_UNSHARED, view, by=by, now=now)
    return view


@transaction.atomic
def remove_view(view: SavedView, *, by: Member, now: datetime) -> None:
    """Remove a view. Lists that opened with it open with everything. Raises NotAllowed."""
    _may_change(view, by=by)
    if not SavedView.objects.standing().filter(pk=view.pk).update(removed_at=now):
        return
    view.removed_at = now
    if view.shared:
        _tell(VIEW_UNSHARED, view, by=by, now=now)


@transaction.atomic
def restore_view(view: SavedView, *, by: Member, now: datetime) -> SavedView:
    """Put a removed view back: its owner's again, and what lists open with that opened with it.

    Raises NotAllowed, and NameTaken or TooManyViews where the owner has made others meanwhile.
    """
    _may_change(view, by=by)
    Member.objects.select_for_update().get(pk=view.owner_id)
    standing = SavedView.objects.standing().on(view.page).filter(owner=view.owner_id)
    if standing.filter(pk=view.pk).exists():
        return view
    if standing.count() >= MOST_VIEWS:
        raise TooManyViews
    view.removed_at = None
    try:
        with transaction.atomic():
            view.save(update_fields=["removed_at"])
    except IntegrityError:
        raise NameTaken from None
    if view.shared:
        _tell(VIEW_SHARED, view, by=by, now=now)
    return view


@transaction.atomic
def open_with(view: SavedView | None, *, page: str, by: Member) -> None:
    """Let a page of the member's open with a view of it they see; None for everything."""
    if view is None:
        FirstView.objects.filter(member=by, page=page).delete()
        return
    if not SavedView.objects.visible_to(by).on(page).filter(pk=view.pk).exists():
        raise SavedView.DoesNotExist(view.pk)
    FirstView.objects.update_or_create(member=by, page=page, defaults={"view": view})


def may_change(view: SavedView, member: Member) -> bool:
    """Tell whether the member may: their own, and shared ones for whoever runs the workspace."""
    return view.owner_id == member.pk or (view.shared and member.may(Decision.WORKSPACE_EDIT))


def _may_change(view: SavedView, *, by: Member) -> None:
    """Refuse whom may_change refuses; what is nobody else's is not there for them."""
    if may_change(view, by):
        return
    if not view.shared:
        raise SavedView.DoesNotExist(view.pk)
    require(by, Decision.WORKSPACE_EDIT, workspace_id=view.workspace_id)


def _tell(kind: Kind, view: SavedView, *, by: Member, now: datetime) -> None:
    record(
        kind,
        ViewShared(),
        actor=by.ref,
        subject=view.ref,
        workspace_id=view.workspace_id,
        at=now,
    )
