"""Bringing media to X shortly before the post is due. Nobody sees it yet; all may be redone.

X keeps what was uploaded for about a day, so it goes there minutes before its post, not when it is
scheduled. Rows are claimed with a fence; whoever lost a claim writes nothing more.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db.models import F, Q, QuerySet

from yanzhen.channels.actions import NotConnected, lost_authority
from yanzhen.channels.ports import MediaProgress, MediaStatus, PlatformError
from yanzhen.kernel import clock
from yanzhen.library.facts import MediaKind
from yanzhen.library.models import Subtitles
from yanzhen.library.storing import BytesMissing, StoreSilent, open_bytes
from yanzhen.planning.content import MediaUse
from yanzhen.planning.models import content_of
from yanzhen.publishing.engine import gates, limits, money
from yanzhen.publishing.engine.crash import crash_point
from yanzhen.publishing.engine.send import Line, open_line
from yanzhen.publishing.models import Upload
from yanzhen.publishing.states import DeliveryState, UploadState

logger = logging.getLogger(__name__)
AHEAD = timedelta(minutes=10)
#: Large files need longer, and X works on a video for a while.
VIDEO_AHEAD = timedelta(minutes=45)
LEASE = timedelta(seconds=90)
#: What X has kept for nearly a day may be gone at the very moment it is needed.
SPARE = timedelta(minutes=5)
CHUNK_BYTES = 1024 * 1024
MOST_TRIES = 8
BATCH = 8
_PASSES = frozenset(
    {"unsent", "timeout", "broken", "server_error", "unreadable", "rate_limited", "not_found"}
)


class _Lost(Exception):
    """Another worker has taken this upload over."""


class _Refused(Exception):
    """X will never take this file; the message is X's words, or says what is missing here."""


def upload_due(now: datetime, *, owner: str) -> int:
    """Bring what is due soon at ``now`` (the database's clock) to X; return how many moved on."""
    rows = _waiting(now).select_related("delivery__account", "delivery__version", "media")
    found = rows.order_by("delivery__due_at", "delivery_id", "position")[:BATCH]
    return sum(_advance(upload, owner=owner, now=now) for upload in found)


def _waiting(now: datetime) -> QuerySet[Upload]:
    """Return the uploads that somebody should look at now."""
    soon = Q(delivery__due_at__lte=now + AHEAD) | Q(
        delivery__due_at__lte=now + VIDEO_AHEAD, media__kind=MediaKind.VIDEO
    )
    ready = Q(state__in=(UploadState.WAITING, UploadState.WORKING)) & (
        Q(check_at=None) | Q(check_at__lte=now)
    )
    left = Q(state=UploadState.SENDING, lease_until_at__lte=now)
    stale = Q(state=UploadState.READY, expires_at__lte=now + SPARE)
    return Upload.objects.filter(
        soon,
        ready | left | stale,
        delivery__in=gates.passable().filter(state=DeliveryState.SCHEDULED),
    ).exclude(delivery__account_id__in=money.paused_accounts())


def _advance(upload: Upload, *, owner: str, now: datetime) -> bool:
    """Take one upload a step further; False when another worker was faster or X asks to wait."""
    account = upload.delivery.account
    if limits.resting_until(account.pk, limits.UPLOAD, now=now):
        return False
    again = upload.state == UploadState.WORKING
    won = Upload.objects.filter(pk=upload.pk, epoch=upload.epoch, state=upload.state).update(
        state=UploadState.SENDING,
        owner=owner,
        epoch=F("epoch") + 1,
        lease_until_at=now + LEASE,
        tries=F("tries") + (0 if again else 1),
        changed_at=now,
    )
    if not won:
        return False
    upload.refresh_from_db()
    try:
        line = open_line(account, now=now)
        if again:
            _follow(upload, line, line.upload_status(upload.remote_id))
        else:
            _send(upload, line)
    except _Lost:
        return False
    except (_Refused, BytesMissing) as refused:
        _settle(upload, state=UploadState.FAILED, detail=str(refused)[:300])
    except (NotConnected, StoreSilent) as gone:
        # Preparing the post says what to do; trying again costs nothing once there is a way.
        _wait(upload, str(gone), seconds=30)
    except PlatformError as error:
        _stumble(upload, error)
    return True


def _settle(upload: Upload, **writes: object) -> None:
    """Write where the upload stands now and give the claim back. Raises _Lost."""
    rows = Upload.objects.filter(pk=upload.pk, epoch=upload.epoch, state=UploadState.SENDING)
    now = clock.database_now()
    if not rows.update(owner="", lease_until_at=None, changed_at=now, **writes):
        raise _Lost(str(upload.pk))


def _wait(upload: Upload, why: str, *, seconds: float) -> None:
    later = clock.database_now() + timedelta(seconds=seconds)
    _settle(upload, state=UploadState.WAITING, check_at=later, detail=why[:300])


def _stumble(upload: Upload, error: PlatformError) -> None:
    """Decide after an error: again later, or not at all."""
    now = clock.database_now()
    account = upload.delivery.account
    if error.code in ("no_credits", "spend_cap"):
        money.pause_app(account, error.code, detail=error.detail, until=error.retry_at, now=now)
    elif error.code == "unauthorised":
        _ask_for_authority(upload, now=now)
    elif error.code == "rate_limited":
        limits.rest(account, limits.UPLOAD, until=error.retry_at, now=now)
    elif error.code not in _PASSES or upload.tries >= MOST_TRIES:
        _settle(upload, state=UploadState.FAILED, detail=str(error)[:300])
        return
    _wait(upload, str(error), seconds=min(2.0**upload.tries, 60.0))


def _ask_for_authority(upload: Upload, *, now: datetime) -> None:
    """After a 401 get new tokens, or learn that the account needs connecting again."""
    account = upload.delivery.account
    try:
        lost_authority(account, generation=open_line(account, now=now).generation, now=now)
    except (NotConnected, PlatformError) as error:
        # Noted on the account; the post itself is held with the right reason when it is due.
        logger.info("upload %s: %s", upload.pk, error)


def _use_of(upload: Upload) -> MediaUse:
    """Return how the passed version uses the file. Raises _Refused when it is not in it."""
    content = content_of(upload.delivery.version)
    try:
        use = content.segments[upload.delivery.position].media[upload.position]
    except IndexError:
        raise _Refused("the passed version has no such file") from None
    if use.sha256 != upload.media.sha256:
        raise _Refused("the file is not the one that was passed")
    return use


def _send(upload: Upload, line: Line) -> None:
    """Upload all of a file and follow what X makes of it."""
    media = upload.media
    _use_of(upload)
    begun = line.begin_upload(mime=media.mime, category=media.kind, byte_count=media.byte_count)
    Upload.objects.filter(pk=upload.pk, epoch=upload.epoch).update(
        remote_id=begun.media_id, subtitles_id="", expires_at=begun.expires_at, bytes_sent=0
    )
    upload.remote_id = begun.media_id
    with open_bytes(media) as stored:
        for index, chunk in enumerate(_chunks(stored)):
            crash_point("uploading")
            line.append_upload(begun.media_id, index, chunk)
            _keep(upload, len(chunk))
    _follow(upload, line, line.finish_upload(begun.media_id))


def _chunks(stored: BinaryIO) -> Iterator[bytes]:
    while chunk := stored.read(CHUNK_BYTES):
        yield chunk


def _keep(upload: Upload, count: int) -> None:
    """Renew the claim after a part. Raises _Lost."""
    rows = Upload.objects.filter(pk=upload.pk, epoch=upload.epoch, state=UploadState.SENDING)
    until = clock.database_now() + LEASE
    if not rows.update(lease_until_at=until, bytes_sent=F("bytes_sent") + count):
        raise _Lost(str(upload.pk))


def _follow(upload: Upload, line: Line, status: MediaStatus) -> None:
    """Write down what X says; a file it has taken is described, then it is ready."""
    if status.progress == MediaProgress.FAILED:
        raise _Refused(status.detail or "X could not use it")
    if status.progress == MediaProgress.WORKING:
        later = clock.database_now() + timedelta(seconds=status.check_after_seconds)
        _settle(upload, state=UploadState.WORKING, check_at=later, detail="")
        return
    use = _use_of(upload)
    if use.alt:
        line.describe_media(upload.remote_id, use.alt)
    if use.subtitles:
        _bring_subtitles(upload, line, use)
    expires_at = status.expires_at or upload.expires_at
    _settle(upload, state=UploadState.READY, check_at=None, expires_at=expires_at, detail="")
    crash_point("uploaded")


def _bring_subtitles(upload: Upload, line: Line, use: MediaUse) -> None:
    for language, sha256 in sorted(use.subtitles.items()):
        row = Subtitles.objects.filter(
            media_id=upload.media_id, language=language, sha256=sha256
        ).first()
        if row is None:
            raise _Refused("the subtitles are not those that were passed")
        body = row.text.encode()
        begun = line.begin_upload(mime="text/srt", category="subtitles", byte_count=len(body))
        line.append_upload(begun.media_id, 0, body)
        line.finish_upload(begun.media_id)
        line.add_subtitles(
            upload.remote_id,
            subtitles_id=begun.media_id,
            language=language.partition("-")[0],
            name=row.label,
        )
