"""What is known of assets: details of one, and the same change to many, with a way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.dateparse import parse_datetime

from yanzhen.activity.feed import Told
from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.library.actions.tagging import index_assets, tags_of
from yanzhen.library.events import (
    ASSET_DETAILED,
    ASSETS_CHANGED,
    ASSETS_RESTORED,
    AssetDetailed,
    AssetsChanged,
    AssetsRestored,
)
from yanzhen.library.models import Asset, Folder, Tag
from yanzhen.library.searching import fold
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require, require_somewhere

MOST_AT_ONCE = 200


class WindowRefused(Exception):
    """The end lies before the beginning."""


class AssetMoved(Exception):
    """Somebody changed it meanwhile; nothing was overwritten."""


@dataclass(frozen=True, slots=True)
class Details:
    """All that a person may say of an asset. Times are aware; None is without an end."""

    name: str
    owner: Member
    description: str = ""
    folder: Folder | None = None
    tags: Sequence[str] = ()
    licence: str = ""
    release: str = ""
    territory: str = ""
    credit: str = ""
    available_at: datetime | None = None
    expires_at: datetime | None = None


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


@transaction.atomic
def describe_asset(
    asset: Asset, *, details: Details, revision: int, by: Member, now: datetime
) -> Asset:
    """Save all details of an asset that is still at ``revision``.

    Raises NotAllowed, TextRefused, WindowRefused, and AssetMoved when somebody was faster.
    """
    require(by, Decision.LIBRARY_EDIT, workspace_id=asset.workspace_id)
    require_somewhere(details.owner, Decision.POST_HOLD, workspace_id=asset.workspace_id)
    if details.folder is not None:
        require(by, Decision.LIBRARY_EDIT, workspace_id=details.folder.workspace_id)
    start, end = details.available_at, details.expires_at
    if start is not None and end is not None and end <= start:
        raise WindowRefused
    saved = Asset.objects.filter(pk=asset.pk, revision=revision).update(
        name=_line(details.name)[:200] or asset.name,
        description=clean_text(details.description).strip()[:2000],
        owner=details.owner,
        folder=details.folder,
        licence=details.licence,
        release=details.release,
        territory=_line(details.territory)[:120],
        credit=_line(details.credit)[:200],
        available_at=start,
        expires_at=end,
        revision=F("revision") + 1,
    )
    if not saved:
        raise AssetMoved(str(asset.pk))
    asset.tags.set(tags_of(asset.workspace_id, details.tags))
    index_assets([asset])
    asset.refresh_from_db()
    record(
        ASSET_DETAILED,
        AssetDetailed(expires=end.isoformat() if end else ""),
        actor=by.ref,
        subject=asset.ref,
        workspace_id=asset.workspace_id,
        at=now,
    )
    return asset


@dataclass(frozen=True, slots=True)
class Change:
    """One change to many assets. ``what`` says which of the others counts.

    tag and untag: ``tags``. move: ``folder``, None for none. expire: ``expires_at``, None for
    never. archive and bring_back need nothing.
    """

    what: str
    tags: Sequence[str] = ()
    folder: Folder | None = None
    expires_at: datetime | None = None


CHANGES = ("tag", "untag", "move", "expire", "archive", "bring_back")


def changing(assets: Sequence[Asset], change: Change) -> list[Asset]:
    """Return those of ``assets`` that the change would make different, with tags prefetched."""
    keys = {fold(tag.lstrip("#＃"))[:40] for tag in change.tags}
    folder = change.folder.pk if change.folder else None

    def differs(asset: Asset) -> bool:
        if change.what in ("tag", "untag"):
            there = {tag.key for tag in asset.tags.all()}
            return bool(keys - there if change.what == "tag" else keys & there)
        if change.what == "move":
            return asset.folder_id != folder
        if change.what == "expire":
            return asset.expires_at != change.expires_at
        return (asset.archived_at is None) == (change.what == "archive")

    return [asset for asset in assets if differs(asset)]


@transaction.atomic
def change_assets(assets: Sequence[Asset], *, change: Change, by: Member, now: datetime) -> Told:
    """Make one change to many assets, all or none; return the event, which restore_assets undoes.

    Raises NotAllowed, and WindowRefused when an asset would end before it begins.
    """
    for workspace_id in {asset.workspace_id for asset in assets} | {by.workspace_id}:
        require(by, Decision.LIBRARY_EDIT, workspace_id=workspace_id)
    rows = list(
        Asset.objects.select_for_update()
        .filter(pk__in=[asset.pk for asset in assets])
        .order_by("pk")
        .prefetch_related("tags")
    )
    before = [_state(asset) for asset in rows]
    _apply(rows, change, by=by, now=now)
    Asset.objects.filter(pk__in=[asset.pk for asset in rows]).update(revision=F("revision") + 1)
    if change.what in ("tag", "untag"):
        index_assets(rows)
    return record(
        ASSETS_CHANGED,
        AssetsChanged(what=change.what, count=len(rows), before=before),
        actor=by.ref,
        subject=rows[0].ref if len(rows) == 1 else by.ref,
        workspace_id=by.workspace_id,
        at=now,
    )


def _state(asset: Asset) -> dict[str, Any]:
    """Return what a change may touch, as the log keeps it."""
    return {
        "asset": asset.pk,
        "revision": asset.revision + 1,
        "folder": asset.folder_id,
        "tags": [tag.pk for tag in asset.tags.all()],
        "expires": asset.expires_at.isoformat() if asset.expires_at else "",
        "archived": asset.archived_at.isoformat() if asset.archived_at else "",
    }


def _apply(rows: Sequence[Asset], change: Change, *, by: Member, now: datetime) -> None:
    found = Asset.objects.filter(pk__in=[asset.pk for asset in rows])
    if change.what == "move":
        if change.folder is not None:
            require(by, Decision.LIBRARY_EDIT, workspace_id=change.folder.workspace_id)
        found.update(folder=change.folder)
    elif change.what == "expire":
        end = change.expires_at
        if end is not None and any(a.available_at and a.available_at >= end for a in rows):
            raise WindowRefused
        found.update(expires_at=end)
    elif change.what == "archive":
        found.filter(archived_at=None).update(archived_at=now)
    elif change.what == "bring_back":
        found.update(archived_at=None)
    else:
        tags = tags_of(by.workspace_id, change.tags)
        for asset in rows:
            (asset.tags.add if change.what == "tag" else asset.tags.remove)(*tags)


@transaction.atomic
def restore_assets(event: Told, *, by: Member, now: datetime) -> int:
    """Put back what a change of many made different; return how many assets were.

    What somebody changed again since then stays as it is. Raises NotAllowed.
    """
    require(by, Decision.LIBRARY_EDIT, workspace_id=event.workspace_id)
    restored = []
    for state in event.data["before"]:
        folder = Folder.objects.filter(pk=state["folder"]).first()
        rows = Asset.objects.filter(pk=state["asset"], revision=state["revision"])
        if not rows.update(
            folder=folder,
            expires_at=parse_datetime(state["expires"]) if state["expires"] else None,
            archived_at=parse_datetime(state["archived"]) if state["archived"] else None,
            revision=F("revision") + 1,
        ):
            continue
        asset = Asset.objects.get(pk=state["asset"])
        asset.tags.set(Tag.objects.filter(pk__in=state["tags"]))
        restored.append(asset)
    if restored:
        index_assets(restored)
        record(
            ASSETS_RESTORED,
            AssetsRestored(count=len(restored)),
            actor=by.ref,
            subject=by.ref,
            workspace_id=event.workspace_id,
            at=now,
        )
    return len(restored)
