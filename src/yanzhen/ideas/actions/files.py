"""Putting files of the library into a brief, and taking them off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.ideas.actions.ideas import require_change
from yanzhen.ideas.events import FILE_REMOVED, FILES_ADDED, IdeaFiles
from yanzhen.ideas.models import FileOfIdea, Idea
from yanzhen.library.actions.using import keep_uses
from yanzhen.library.models import Asset, MediaFile
from yanzhen.people.models import Member

#: More than anybody reads before they write.
MOST_FILES = 20


class TooManyFiles(Exception):
    """The brief would have more than MOST_FILES."""


@transaction.atomic
def add_files(idea: Idea, *, assets: Sequence[Asset], by: Member, now: datetime) -> list[Asset]:
    """Add what the brief does not have yet; return that. Raises NotAllowed and TooManyFiles.

    What the member may not see is left out.
    """
    require_change(idea, by)
    Idea.objects.select_for_update().get(pk=idea.pk)
    there = set(idea.files.values_list("asset_id", flat=True))
    seen = Asset.objects.visible_to(by).in_bulk([asset.pk for asset in assets])
    new = [asset for asset in assets if asset.pk in seen and asset.pk not in there]
    if len(there) + len(new) > MOST_FILES:
        raise TooManyFiles
    if new:
        FileOfIdea.objects.bulk_create(FileOfIdea(idea=idea, asset=asset) for asset in new)
        _note(idea)
        _tell(FILES_ADDED, idea, new, by=by, now=now)
    return new


@transaction.atomic
def remove_file(idea: Idea, *, asset: Asset, by: Member, now: datetime) -> bool:
    """Take one file off the brief; tell whether it was there. Raises NotAllowed."""
    require_change(idea, by)
    gone = bool(FileOfIdea.objects.filter(idea=idea, asset=asset).delete()[0])
    if gone:
        _note(idea)
        _tell(FILE_REMOVED, idea, [asset], by=by, now=now)
    return gone


def _note(idea: Idea) -> None:
    """Tell the library what hangs on the brief."""
    files = MediaFile.objects.filter(current=True, asset__in=idea.files.values("asset_id"))
    keep_uses(idea.ref, files.values_list("pk", flat=True))


def _tell(kind: Kind, idea: Idea, assets: Sequence[Asset], *, by: Member, now: datetime) -> None:
    names = ", ".join(asset.name for asset in assets)
    record(
        kind,
        IdeaFiles(files=names),
        actor=by.ref,
        subject=idea.ref,
        workspace_id=idea.workspace_id,
        at=now,
    )
