"""Folders: a tree in which nothing is ever within itself."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.library.events import (
    FOLDER_MADE,
    FOLDER_MOVED,
    FOLDER_REMOVED,
    FolderMade,
    FolderMoved,
    FolderRemoved,
)
from yanzhen.library.models import Asset, Folder
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require

#: Deeper than this nobody finds anything.
MOST_DEPTH = 6


class FolderRefused(Exception):
    """The tree cannot be changed so. ``reason``: no_name, taken, within_itself or too_deep."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _name(name: str) -> str:
    cleaned = " ".join(clean_text(name).split())[:80]
    if not cleaned:
        raise FolderRefused("no_name")
    return cleaned


def _lock_tree(workspace_id: int) -> dict[int, int | None]:
    """Let one change of the tree wait for another; return each folder's parent.

    Two moves at once could otherwise close a circle that neither of them saw.
    """
    Workspace.objects.select_for_update().get(pk=workspace_id)
    return dict(Folder.objects.filter(workspace_id=workspace_id).values_list("pk", "parent_id"))


def _depth(parents: dict[int, int | None], pk: int | None) -> int:
    depth = 0
    while pk is not None:
        depth, pk = depth + 1, parents[pk]
    return depth


def _height(parents: dict[int, int | None], pk: int) -> int:
    below = [child for child, parent in parents.items() if parent == pk]
    return 1 + max((_height(parents, child) for child in below), default=0)


@transaction.atomic
def add_folder(*, name: str, parent: Folder | None, by: Member, now: datetime) -> Folder:
    """Make a folder. Raises NotAllowed (also for another workspace's parent) and FolderRefused."""
    workspace_id = parent.workspace_id if parent else by.workspace_id
    require(by, Decision.LIBRARY_EDIT, workspace_id=workspace_id)
    name = _name(name)
    if _depth(_lock_tree(workspace_id), parent.pk if parent else None) >= MOST_DEPTH:
        raise FolderRefused("too_deep")
    try:
        with transaction.atomic():
            folder = Folder.objects.create(workspace_id=workspace_id, parent=parent, name=name)
    except IntegrityError:
        raise FolderRefused("taken") from None
    record(
        FOLDER_MADE,
        FolderMade(parent=str(parent or "")),
        actor=by.ref,
        subject=folder.ref,
        workspace_id=workspace_id,
        at=now,
    )
    return folder


@transaction.atomic
def change_folder(
    folder: Folder, *, name: str, parent: Folder | None, by: Member, now: datetime
) -> Folder:
    """Rename and move a folder with all that is in it; changing nothing records nothing.

    Raises NotAllowed and FolderRefused.
    """
    require(by, Decision.LIBRARY_EDIT, workspace_id=folder.workspace_id)
    if parent is not None:
        require(by, Decision.LIBRARY_EDIT, workspace_id=parent.workspace_id)
    name = _name(name)
    parents = _lock_tree(folder.workspace_id)
    above = parent.pk if parent else None
    while above is not None:
        if above == folder.pk:
            raise FolderRefused("within_itself")
        above = parents[above]
    if _depth(parents, parent.pk if parent else None) + _height(parents, folder.pk) > MOST_DEPTH:
        raise FolderRefused("too_deep")
    before = str(Folder.objects.get(pk=folder.pk))
    if before == name and parents[folder.pk] == (parent.pk if parent else None):
        return folder
    folder.name, folder.parent = name, parent
    try:
        with transaction.atomic():
            folder.save(update_fields=["name", "parent"])
    except IntegrityError:
        raise FolderRefused("taken") from None
    record(
        FOLDER_MOVED,
        FolderMoved(before=before, parent=str(parent or "")),
        actor=by.ref,
        subject=folder.ref,
        workspace_id=folder.workspace_id,
        at=now,
    )
    return folder


@transaction.atomic
def remove_folder(folder: Folder, *, by: Member, now: datetime) -> None:
    """Remove a folder; what is in it moves up to where the folder was. Nothing else goes.

    Raises NotAllowed, and FolderRefused when a name would be there twice.
    """
    require(by, Decision.LIBRARY_EDIT, workspace_id=folder.workspace_id)
    _lock_tree(folder.workspace_id)
    try:
        with transaction.atomic():
            Folder.objects.filter(parent=folder).update(parent=folder.parent_id)
    except IntegrityError:
        raise FolderRefused("taken") from None
    Asset.objects.filter(folder=folder).update(folder=folder.parent_id)
    record(
        FOLDER_REMOVED,
        FolderRemoved(parent=str(folder.parent or "")),
        actor=by.ref,
        subject=folder.ref,
        workspace_id=folder.workspace_id,
        at=now,
    )
    Folder.objects.filter(pk=folder.pk).delete()
