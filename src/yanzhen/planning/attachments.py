"""What hangs on segments, in the form drafts keep it, checked against the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yanzhen.kernel.text import clean_text
from yanzhen.library.actions.using import keep_uses
from yanzhen.library.models import MediaFile, Subtitles
from yanzhen.planning.content import BadContent, Json, Poll, SegmentContent, read_segments
from yanzhen.planning.media_rules import MOST_ALT
from yanzhen.planning.models import Draft, Post, Segment

#: More than X takes, so that too large a choice can be kept and talked about.
MOST_KEPT = 12


def clean_extras(texts: Sequence[str], extras: Sequence[Json], workspace_id: int) -> list[Json]:
    """Return the stored form of what each segment holds beside its text.

    Media must be the workspace's own; bytes and subtitles are named by the library's rows, never by
    the sender. Raises BadContent and TextRefused.
    """
    segments = read_segments(texts, extras[: len(texts)])
    wanted = {use.media for segment in segments for use in segment.media}
    own = (
        {
            media.pk: media
            for media in MediaFile.objects.postable().filter(
                pk__in=wanted, workspace_id=workspace_id
            )
        }
        if wanted
        else {}
    )
    if wanted - set(own):
        raise BadContent("media: not in this workspace, or not for posts")
    spoken = _subtitles_of([media for media in own.values() if media.kind == "video"])
    return [_clean(segment, own, spoken).extras() for segment in segments]


def _subtitles_of(videos: Sequence[MediaFile]) -> dict[int, dict[str, str]]:
    """Return the digest of each video's subtitles by language."""
    found: dict[int, dict[str, str]] = {}
    if videos:
        rows = Subtitles.objects.filter(media__in=videos).order_by("language")
        for media_id, language, sha256 in rows.values_list("media_id", "language", "sha256"):
            found.setdefault(media_id, {})[language] = sha256
    return found


def _clean(
    segment: SegmentContent, own: dict[int, MediaFile], spoken: dict[int, dict[str, str]]
) -> SegmentContent:
    if len(segment.media) > MOST_KEPT:
        raise BadContent("media: too many")
    uses = tuple(
        replace(
            use,
            sha256=own[use.media].sha256,
            kind=own[use.media].kind,
            alt=_clean_alt(use.alt),
            subtitles=spoken.get(use.media, {}),
        )
        for use in segment.media
    )
    return replace(segment, media=uses, poll=_clean_poll(segment.poll))


def _clean_alt(alt: str) -> str:
    alt = " ".join(clean_text(alt).split())
    if len(alt) > MOST_ALT:
        raise BadContent("alt: too long")
    return alt


def _clean_poll(poll: Poll | None) -> Poll | None:
    if poll is None:
        return None
    return replace(poll, options=tuple(" ".join(clean_text(o).split()) for o in poll.options))


def media_in(extras: Sequence[Json]) -> set[int]:
    """Return the files that stored extras name."""
    return {use["media"] for extra in extras for use in extra.get("media", [])}


def note_uses(post: Post) -> None:
    """Tell the library what hangs on the post, in its draft or in the version it stands at.

    For the transaction that changed one of them.
    """
    hung = media_in(Draft.objects.values_list("extras", flat=True).get(post=post))
    if post.version_id is not None:
        kept = Segment.objects.filter(version=post.version_id).values_list("extras", flat=True)
        hung |= media_in(list(kept))
    keep_uses(post.ref, hung)
