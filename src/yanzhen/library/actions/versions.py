"""A newer file for an asset. Posts keep the exact file they were given."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.db.models import Max

from yanzhen.activity.spine import record
from yanzhen.library.actions.tagging import index_assets
from yanzhen.library.actions.uploading import store_upload
from yanzhen.library.decoding.taking import recognise
from yanzhen.library.events import VERSION_ADDED, VersionAdded
from yanzhen.library.facts import MediaKind
from yanzhen.library.models import Asset, MediaFile
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require


def add_version(
    asset: Asset, *, member: Member, file: BinaryIO, name: str, now: datetime
) -> MediaFile:
    """Take in ``file`` as the current version of ``asset``; the older ones stay.

    Raises NotAllowed, and MediaRefused, also when the same bytes are in the library already. Call
    it outside a transaction: decoding takes time.
    """
    require(member, Decision.LIBRARY_EDIT, workspace_id=asset.workspace_id)
    current = asset.files.get(current=True)
    document = current.kind == MediaKind.DOCUMENT
    if recognise(file, documents=True).is_document != document:
        raise MediaRefused(Refusal.OTHER_KIND)
    media = store_upload(member=member, file=file, name=name, documents=document, now=now)
    with transaction.atomic():
        alone = Asset.objects.select_for_update().get(pk=media.asset_id)
        Asset.objects.select_for_update().get(pk=asset.pk)
        if media.uploaded_at != now or alone.files.count() != 1:
            raise MediaRefused(Refusal.SAME_BYTES, name=alone.name)
        before = asset.files.get(current=True)
        asset.files.update(current=False)
        media.number = (asset.files.aggregate(highest=Max("number"))["highest"] or 0) + 1
        media.asset, media.alt = asset, before.alt
        media.save(update_fields=["asset", "number", "alt"])
        alone.delete()
        index_assets([asset])
        record(
            VERSION_ADDED,
            VersionAdded(number=media.number, sha256=media.sha256),
            actor=member.ref,
            subject=asset.ref,
            workspace_id=asset.workspace_id,
            at=now,
        )
    return media
