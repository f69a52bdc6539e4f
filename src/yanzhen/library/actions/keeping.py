"""Putting a checked file into the store and its row beside it; what both verbs share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

from django.db import IntegrityError, transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.library import limits
from yanzhen.library.decoding.images import Thumbnail
from yanzhen.library.decoding.incoming import incoming
from yanzhen.library.decoding.likeness import likeness_of
from yanzhen.library.decoding.taking import Taken
from yanzhen.library.events import MEDIA_EDITED, MEDIA_STORED, MediaEdited, MediaStored
from yanzhen.library.facts import MediaKind
from yanzhen.library.models import MOST_WORDS, Asset, MediaFile
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.searching import words_of
from yanzhen.library.storing import StoreSilent, keep_bytes
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed, require_somewhere

#: Called with a row inside the transaction that makes it, before anybody else can see it.
Kept = Callable[[MediaFile], object]


def already_there(workspace_id: int, sha256: str) -> MediaFile | None:
    """Return the row of the very same bytes, or None."""
    return MediaFile.objects.filter(workspace_id=workspace_id, sha256=sha256).first()


def keep(
    taken: Taken,
    *,
    member: Member,
    name: str,
    now: datetime,
    original: MediaFile | None = None,
    kept: Kept | None = None,
    asked: bool = False,
) -> MediaFile:
    """Keep bytes, small picture and row; record it. Returns the row of the same bytes if any.

    The bytes come first: a row without them would be a promise the store cannot keep, bytes
    without a row are only space. The right is asked again, unless the caller has ``asked`` by a
    rule of its own: who left while the file was decoded brings nothing. Raises NotAllowed, and
    MediaRefused when the store is silent.
    """
    workspace_id = member.workspace_id
    try:
        thumbnail_sha256 = _keep_thumbnail(workspace_id, taken.thumbnail)
        keep_bytes(workspace_id, taken.sha256, taken.content)
    except StoreSilent:
        raise MediaRefused(Refusal.STORE_SILENT) from None
    try:
        with transaction.atomic():
            member = _still_there(member)
            if not asked:
                require_somewhere(member, Decision.POST_WRITE, workspace_id=workspace_id)
            media = _write(
                taken, thumbnail_sha256, member=member, name=name, now=now, original=original
            )
            if kept is not None:
                kept(media)
            return media
    except IntegrityError:
        # Two people added the same file at once; the other one was faster.
        found = already_there(workspace_id, taken.sha256)
        if found is None:
            raise
        return found


def _still_there(member: Member) -> Member:
    """Return the member as they are now. Raises NotAllowed for who may not act any more."""
    fresh = Member.objects.with_roles().get(pk=member.pk)
    if not fresh.can_act:
        raise NotAllowed(Decision.POST_WRITE, "no_right")
    fresh.acting_for = member.acting_for
    return fresh


def _keep_thumbnail(workspace_id: int, thumbnail: Thumbnail | None) -> str:
    if thumbnail is None:
        return ""
    sha256 = hashlib.sha256(thumbnail.content).hexdigest()
    with incoming(BytesIO(thumbnail.content), most=limits.MOST_IMAGE_BYTES) as file:
        keep_bytes(workspace_id, sha256, file)
    return sha256


def _asset(member: Member, name: str, original: MediaFile | None, said: str) -> Asset:
    """Make the new file's asset. An image made of another may be used as that one may."""
    asset = Asset(workspace_id=member.workspace_id, name=name, owner=member)
    alt = ""
    if original is not None:
        alt, source = original.alt, original.asset
        for field in ("folder_id", "licence", "release", "territory", "credit"):
            setattr(asset, field, getattr(source, field))
        asset.available_at, asset.expires_at = source.available_at, source.expires_at
    asset.words = words_of([name, alt, asset.credit, said], MOST_WORDS)
    asset.save()
    return asset


def _write(
    taken: Taken,
    thumbnail_sha256: str,
    *,
    member: Member,
    name: str,
    now: datetime,
    original: MediaFile | None,
) -> MediaFile:
    facts, thumbnail = taken.facts, taken.thumbnail
    still = thumbnail if facts.kind == MediaKind.IMAGE else None
    media = MediaFile.objects.create(
        workspace_id=member.workspace_id,
        asset=_asset(member, name, original, taken.said),
        likeness=likeness_of(still.content) if still else "",
        kind=facts.kind,
        sha256=taken.sha256,
        mime=facts.mime,
        byte_count=facts.byte_count,
        width=facts.width,
        height=facts.height,
        duration_ms=facts.duration_ms,
        frame_count=facts.frame_count,
        fps=facts.fps,
        video_codec=facts.video_codec,
        audio_codec=facts.audio_codec,
        name=name,
        said=taken.said,
        alt=original.alt if original else "",
        uploaded_by=member,
        uploaded_at=now,
        derived_from=original,
        has_location=taken.has_location,
        location_removed=taken.location_removed,
        thumbnail_sha256=thumbnail_sha256,
        thumbnail_width=thumbnail.width if thumbnail else None,
        thumbnail_height=thumbnail.height if thumbnail else None,
    )
    kind: Kind = MEDIA_STORED
    payload: MediaStored | MediaEdited = MediaStored(
        media.sha256, media.kind, media.location_removed
    )
    if original is not None:
        kind, payload = MEDIA_EDITED, MediaEdited(media.sha256, original.pk)
    record(
        kind,
        payload,
        actor=member.ref,
        subject=media.ref,
        workspace_id=member.workspace_id,
        at=now,
    )
    return media
