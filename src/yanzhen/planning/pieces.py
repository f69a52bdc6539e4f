"""A thread as pages show it: each segment with its count, its files and its poll."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yanzhen.channels.prices import dollars
from yanzhen.library.models import MediaFile
from yanzhen.planning.content import MediaUse, SegmentContent
from yanzhen.planning.content_words import open_words
from yanzhen.planning.counting import Counted, count_segments
from yanzhen.planning.media_rules import MOST_CHOICES, MOST_IMAGES

_DAY, _HOUR = 1440, 60


@dataclass(frozen=True, slots=True)
class Shot:
    """One file on a segment. ``file`` None: it is no longer in the library. Counts from 1."""

    number: int
    use: MediaUse
    file: MediaFile | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """A poll as its editor shows it: always four places for choices."""

    options: Sequence[str]
    minutes_open: int

    @property
    def days(self) -> int:
        """Whole days it is open."""
        return self.minutes_open // _DAY

    @property
    def hours(self) -> int:
        """Whole hours beside the days."""
        return self.minutes_open % _DAY // _HOUR

    @property
    def minutes(self) -> int:
        """Minutes beside the hours."""
        return self.minutes_open % _HOUR

    @property
    def words(self) -> str:
        """How long it is open, in words."""
        return open_words(self.minutes_open)

    @property
    def places(self) -> list[str]:
        """The choices, filled up with empty ones."""
        return [*self.options, *[""] * max(0, MOST_CHOICES - len(self.options))]


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment for showing and for editing."""

    counted: Counted
    shots: Sequence[Shot]
    ballot: Ballot | None
    price: str = ""

    @property
    def columns(self) -> int:
        """How many columns X lays the pictures in."""
        return 1 if len(self.shots) == 1 else 2

    @property
    def may_hang(self) -> bool:
        """Whether another file fits, as far as can be told without looking at it."""
        moving = any(shot.use.kind != "image" for shot in self.shots)
        return self.ballot is None and not moving and len(self.shots) < MOST_IMAGES


def files_of(segments: Sequence[SegmentContent], workspace_id: int) -> Mapping[int, MediaFile]:
    """Return the workspace's files that hang on these segments, by number, in one query or none."""
    wanted = {use.media for segment in segments for use in segment.media}
    if not wanted:
        return {}
    return MediaFile.objects.filter(workspace_id=workspace_id).in_bulk(wanted)


def _ballot(segment: SegmentContent) -> Ballot | None:
    return None if segment.poll is None else Ballot(segment.poll.options, segment.poll.minutes)


def pieces_of(
    segments: Sequence[SegmentContent],
    *,
    limit: int,
    workspace_id: int,
    prices: Sequence[int] = (),
) -> list[Piece]:
    """Prepare segments for an account whose posts may have ``limit`` weighted characters.

    ``prices`` are micro-dollars for each, if they are to be shown.
    """
    files = files_of(segments, workspace_id)
    counted = count_segments([segment.text for segment in segments], limit)
    priced = [dollars(micros) if micros else "" for micros in prices]
    priced += [""] * len(segments)
    return [
        Piece(
            counted=count,
            shots=[
                Shot(number, use, files.get(use.media))
                for number, use in enumerate(segment.media, 1)
            ],
            ballot=_ballot(segment),
            price=price,
        )
        for segment, count, price in zip(segments, counted, priced, strict=False)
    ]
