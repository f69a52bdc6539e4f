"""Hanging a recorded video, or a link to a document somewhere else, on a log.

Nothing is fetched here: what a page calls itself is looked up in the background, see looking.
"""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from yanzhen.activity.refs import Ref
from yanzhen.handoff.actions.checks import Asks, require_writer, still_there, writable
from yanzhen.handoff.models import Attachment, Handover
from yanzhen.handoff.queries import may_record, may_write
from yanzhen.kernel.text import clean_text
from yanzhen.library.actions import store_upload
from yanzhen.library.actions.using import keep_uses
from yanzhen.library.facts import MediaKind
from yanzhen.library.models import MediaFile
from yanzhen.people.models import Member

MOST_ATTACHED = 12


class TooManyAttached(Exception):
    """So much hangs on the log that nobody would look at it."""


class NotAVideo(Exception):
    """The file is an image or a document."""


def subject_of(handover: Handover) -> Ref:
    """Return how the library knows what a file hangs on."""
    return Ref("handoff.handover", str(handover.pk), "")


def keep_media_uses(handover: Handover) -> None:
    """Tell the library which files hang on the log; for the caller's transaction."""
    media = handover.attachments.exclude(media=None).values_list("media_id", flat=True)
    keep_uses(subject_of(handover), media)


def _room_for_one(row: Handover) -> None:
    if row.attachments.count() >= MOST_ATTACHED:
        raise TooManyAttached


@transaction.atomic
def add_link(handover: Handover, *, title: str, url: str, by: Member, now: datetime) -> Attachment:
    """Link a document by its http(s) address, which the form has checked.

    Raises NotAllowed, MoveRefused, TextRefused and TooManyAttached.
    """
    row = writable(handover, by)
    _room_for_one(row)
    return Attachment.objects.create(
        handover=row, title=_title(title), url=url, added_by=by, added_at=now, look_at=now
    )


def _title(title: str) -> str:
    return " ".join(clean_text(title).split())


def add_video(
    handover: Handover,
    *,
    file: BinaryIO,
    name: str,
    title: str,
    captions: str = "",
    by: Member,
    now: datetime,
) -> Attachment:
    """Take a recording in as the library takes files, and hang it on the log with its words.

    It takes no right but that of the log: whoever hands over or takes over may tell it like this.
    Decoding may take seconds, so call this outside of a transaction. Raises NotAllowed,
    MediaRefused with nothing kept, MoveRefused, TextRefused, TooManyAttached, and NotAVideo for
    what the library kept but nobody can play here.
    """
    require_writer(handover, by, asks=may_record)
    said, words = _title(title), clean_text(captions).strip()
    media = store_upload(member=by, file=file, name=name, recordings=True, asked=True, now=now)
    if media.kind != MediaKind.VIDEO:
        raise NotAVideo
    return _hang(handover, media, title=said, captions=words, by=by, now=now)


@transaction.atomic
def _hang(
    handover: Handover,
    media: MediaFile,
    *,
    title: str,
    captions: str,
    by: Member,
    now: datetime,
) -> Attachment:
    """Hang a stored file on the log. In a transaction of its own: locks are taken in one order."""
    row = writable(handover, by, asks=may_record)
    _room_for_one(row)
    made = Attachment.objects.create(
        handover=row, title=title, media=media, captions=captions, added_by=by, added_at=now
    )
    keep_media_uses(row)
    return made


def may_mend(attachment: Attachment, member: Member) -> bool:
    """Tell whether the member may change it or take it off: a video also who recorded it."""
    return _asks(attachment, member)(attachment.handover, member)


def _asks(attachment: Attachment, by: Member) -> Asks:
    own_video = attachment.media_id is not None and attachment.added_by_id == by.pk
    return may_record if own_video else may_write


@transaction.atomic
def caption_video(attachment: Attachment, *, captions: str, by: Member) -> Attachment:
    """Write down what a video says. Raises NotAllowed, MoveRefused, TextRefused and Gone."""
    writable(attachment.handover, by, asks=_asks(attachment, by))
    still_there(attachment)
    attachment.captions = clean_text(captions).strip()
    attachment.save(update_fields=["captions"])
    return attachment


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: Member) -> Handover:
    """Take it off the log; the file stays in the library.

    Raises NotAllowed, MoveRefused and Gone.
    """
    row = writable(attachment.handover, by, asks=_asks(attachment, by))
    still_there(attachment)
    attachment.delete()
    keep_media_uses(row)
    return row
