"""The files of a brief, and those of them that go with its drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yanzhen.ideas.models import FileOfIdea, Idea
from yanzhen.library.facts import MediaKind
from yanzhen.library.models import MediaFile, MediaQuerySet
from yanzhen.library.searching import contains
from yanzhen.library.words import facts_words, why_not
from yanzhen.people.models import Member
from yanzhen.planning.content import Json
from yanzhen.planning.embargoes import secret_media
from yanzhen.planning.media_rules import MOST_IMAGES
from yanzhen.planning.rearranging import hang_on


@dataclass(frozen=True, slots=True)
class BriefFile:
    """A file as a brief shows it: its facts in one line, and why it may not go out now, or ""."""

    media: MediaFile
    line: str
    unfit: str


def as_shown(rows: Sequence[MediaFile], *, now: datetime) -> list[BriefFile]:
    """Return files with what is said of them. Loaded with asset__workspace."""
    return [BriefFile(each, facts_words(each.facts), why_not(each.asset, now)) for each in rows]


def files_of(idea: Idea, *, viewer: Member) -> list[MediaFile]:
    """Return the current files of a brief that the viewer may see, as they were added.

    Two queries.
    """
    order = list(
        FileOfIdea.objects.filter(idea=idea).order_by("pk").values_list("asset_id", flat=True)
    )
    rows = _readable(viewer).filter(current=True, asset__in=order)
    return sorted(rows, key=lambda media: order.index(media.asset_id))


def choosable(idea: Idea, *, viewer: Member, words: str) -> MediaQuerySet:
    """Return what the library has for the brief that is not there yet, the newest first."""
    there = FileOfIdea.objects.filter(idea=idea).values("asset_id")
    rows = _readable(viewer).shelved().exclude(asset__in=there).newest_first()
    return rows.filter(contains(words, "asset__words"))


def _readable(viewer: Member) -> MediaQuerySet:
    rows: MediaQuerySet = MediaFile.objects.visible_to(viewer)
    return rows.select_related("asset__workspace").defer("said")


def carried(idea: Idea, *, by: Member, now: datetime) -> Json:
    """Return what hangs on the first segment of a draft: as much of the brief as X takes there.

    Four images, or else one GIF or video. What may not go out now, and what an embargo keeps,
    stays with the brief.
    """
    secret = set(secret_media(idea.workspace_id))
    usable = [
        media
        for media in files_of(idea, viewer=by)
        if media.pk not in secret and not why_not(media.asset, now)
    ]
    images = [media for media in usable if media.kind == MediaKind.IMAGE][:MOST_IMAGES]
    moving = [media for media in usable if media.kind in (MediaKind.GIF, MediaKind.VIDEO)][:1]
    extra: Json = {}
    for media in images or moving:
        extra = hang_on(extra, media.pk, media.alt)
    return extra
