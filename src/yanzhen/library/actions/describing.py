"""What a file says to those who cannot see or hear it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.library.actions.tagging import index_assets
from yanzhen.library.events import (
    MEDIA_DESCRIBED,
    SUBTITLES_REMOVED,
    SUBTITLES_SAVED,
    MediaDescribed,
    SubtitlesRemoved,
    SubtitlesSaved,
)
from yanzhen.library.facts import MediaKind
from yanzhen.library.models import MOST_ALT, MediaFile, Subtitles
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.srt import clean_language, clean_srt
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require_somewhere


@transaction.atomic
def set_alt(*, media: MediaFile, by: Member, alt: str, now: datetime) -> MediaFile:
    """Set the alt text, "" for none; changing nothing records nothing.

    Raises NotAllowed, and MediaRefused when it is longer than MOST_ALT characters.
    """
    require_somewhere(by, Decision.POST_WRITE, workspace_id=media.workspace_id)
    alt = clean_text(alt).strip()
    if len(alt) > MOST_ALT:
        raise MediaRefused(Refusal.ALT_TOO_LONG, most=MOST_ALT, found=len(alt))
    row = MediaFile.objects.select_for_update().get(pk=media.pk)
    before, media.alt = row.alt, alt
    if before == alt:
        return media
    MediaFile.objects.filter(pk=media.pk).update(alt=alt)
    index_assets([media.asset])
    record(
        MEDIA_DESCRIBED,
        MediaDescribed(before, alt),
        actor=by.ref,
        subject=media.ref,
        workspace_id=media.workspace_id,
        at=now,
    )
    return media


@transaction.atomic
def set_subtitles(
    *, media: MediaFile, by: Member, language: str, label: str, text: str, now: datetime
) -> Subtitles:
    """Save the subtitles of a video in one language, in place of earlier ones in that language.

    ``language`` is a BCP 47 tag, ``text`` is SRT. Raises NotAllowed, and MediaRefused when the file
    is no video, the tag is none, or the text is not SRT.
    """
    require_somewhere(by, Decision.POST_WRITE, workspace_id=media.workspace_id)
    if media.kind != MediaKind.VIDEO:
        raise MediaRefused(Refusal.NOT_VIDEO)
    language = clean_language(language)
    text = clean_srt(text)
    saved, _made = Subtitles.objects.update_or_create(
        media=media,
        language=language,
        defaults={
            "label": clean_text(label).strip()[:80] or language,
            "text": text,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "saved_by": by,
            "saved_at": now,
        },
    )
    record(
        SUBTITLES_SAVED,
        SubtitlesSaved(language, saved.sha256),
        actor=by.ref,
        subject=media.ref,
        workspace_id=media.workspace_id,
        at=now,
    )
    return saved


@transaction.atomic
def remove_subtitles(*, subtitles: Subtitles, by: Member, now: datetime) -> None:
    """Remove the subtitles in one language; nothing when they are gone. Raises NotAllowed."""
    media = subtitles.media
    require_somewhere(by, Decision.POST_WRITE, workspace_id=media.workspace_id)
    gone, _rows = Subtitles.objects.filter(pk=subtitles.pk).delete()
    if not gone:
        return
    record(
        SUBTITLES_REMOVED,
        SubtitlesRemoved(subtitles.language),
        actor=by.ref,
        subject=media.ref,
        workspace_id=media.workspace_id,
        at=now,
    )
