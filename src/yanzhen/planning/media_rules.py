"""What X takes as media, as numbers, and what is wrong with a choice of files, as sentences.

Values in, sentences out: no row and no account is asked here. The limits are those of X's pages on
media, read in August 2026. A megabyte is a million bytes, as people and X's pages count: a file
between the two ways of counting is refused here rather than at the moment it should go out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yanzhen.library.facts import MediaFacts, MediaKind

MEGABYTE = 1_000_000
MOST_IMAGES = 4
MOST_ALT = 1000

IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
MOST_IMAGE_BYTES = 5 * MEGABYTE

MOST_GIF_BYTES = 15 * MEGABYTE
MOST_GIF_SIDES = (1280, 1080)
MOST_GIF_FRAMES = 350
MOST_GIF_PIXELS = 300_000_000

VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime"})
VIDEO_CODEC = "h264"
AUDIO_CODEC = "aac"
MOST_VIDEO_BYTES = 512 * MEGABYTE
LEAST_VIDEO_MS = 500
MOST_VIDEO_MS = 140_000
MOST_PREMIUM_VIDEO_MS = 600_000
MOST_VIDEO_FPS = 60
LEAST_VIDEO_SIDE = 32
MOST_VIDEO_SIDES = (1280, 1024)
WIDEST_VIDEO = 3

MOST_CHOICES, LEAST_CHOICES = 4, 2
MOST_CHOICE_LETTERS = 25
LEAST_POLL_MINUTES, MOST_POLL_MINUTES = 5, 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Chosen:
    """One file as it hangs on a post. ``facts`` None: it is no longer in the library."""

    facts: MediaFacts | None
    alt: str = ""


def media_faults(files: Sequence[Chosen], *, premium: bool) -> list[str]:
    """Return why X would not take these files on one post, [] when it would."""
    found = list(_mix(files))
    for place, file in enumerate(files, 1):
        if file.facts is None:
            found.append(
                _("File %(place)d is no longer in the library. Take it out.") % {"place": place}
            )
            continue
        rules = _RULES[MediaKind(file.facts.kind)]
        found += [_placed(fault, place, len(files)) for fault in rules(file.facts, premium)]
    return found


def _placed(fault: str, place: int, count: int) -> str:
    """Say which of several files is meant."""
    return (
        fault if count == 1 else _("File %(place)d: %(fault)s") % {"place": place, "fault": fault}
    )


def missing_alt(files: Sequence[Chosen]) -> int:
    """Return how many pictures say nothing to those who cannot see them.

    A video is described by its subtitles and its words; X takes alt text for images and GIFs.
    """
    return sum(
        file.facts is not None and file.facts.kind != MediaKind.VIDEO and not file.alt.strip()
        for file in files
    )


def _mix(files: Sequence[Chosen]) -> Iterator[str]:
    kinds = [file.facts.kind for file in files if file.facts is not None]
    moving = [kind for kind in kinds if kind != MediaKind.IMAGE]
    if moving and len(files) > 1:
        yield _("X takes one GIF or one video alone, without other files. Keep one.")
    elif len(files) > MOST_IMAGES:
        over = {"most": MOST_IMAGES, "found": len(files)}
        yield _("X takes %(most)d images on a post; there are %(found)d. Take some out.") % over


def _image(facts: MediaFacts, premium: bool) -> Iterator[str]:
    if facts.mime not in IMAGE_TYPES:
        yield _("X takes JPEG, PNG, GIF and WEBP images. Save it as one of those.")
    if facts.byte_count > MOST_IMAGE_BYTES:
        yield _too_heavy(facts, MOST_IMAGE_BYTES, _("Make it smaller with “Crop and resize”."))


def _gif(facts: MediaFacts, premium: bool) -> Iterator[str]:
    if facts.byte_count > MOST_GIF_BYTES:
        yield _too_heavy(facts, MOST_GIF_BYTES, _("Shorten it, or post it as a video."))
    yield from _sides(facts, MOST_GIF_SIDES)
    frames = facts.frame_count or 0
    pixels = facts.width * facts.height * frames
    if frames > MOST_GIF_FRAMES or pixels > MOST_GIF_PIXELS:
        values = {"most": MOST_GIF_FRAMES, "found": frames}
        yield (
            _(
                "The GIF has %(found)d frames; X takes %(most)d at most, fewer of large pictures. "
                "Shorten it, or post it as a video."
            )
            % values
        )


def _video(facts: MediaFacts, premium: bool) -> Iterator[str]:
    if (
        facts.mime not in VIDEO_TYPES
        or facts.video_codec != VIDEO_CODEC
        or facts.audio_codec not in ("", AUDIO_CODEC)
    ):
        yield _("X takes MP4 or MOV with H.264 pictures and AAC sound. Export it so.")
    if facts.byte_count > MOST_VIDEO_BYTES:
        yield _too_heavy(facts, MOST_VIDEO_BYTES, _("Export it at a lower rate."))
    yield from _length(facts, premium=premium)
    if facts.fps is not None and facts.fps > MOST_VIDEO_FPS:
        values = {"most": MOST_VIDEO_FPS, "found": round(facts.fps)}
        yield _("It has %(found)d frames a second; X takes %(most)d at most.") % values
    yield from _sides(facts, MOST_VIDEO_SIDES)
    long, short = max(facts.width, facts.height), min(facts.width, facts.height)
    if short < LEAST_VIDEO_SIDE:
        yield _("It is too small: X wants %(least)d pixels a side at least.") % {
            "least": LEAST_VIDEO_SIDE
        }
    elif long > WIDEST_VIDEO * short:
        yield _("It is too narrow: X takes shapes from 1:3 to 3:1. Export it in another shape.")


def _length(facts: MediaFacts, *, premium: bool) -> Iterator[str]:
    length = facts.duration_ms
    if length is None:
        return
    if length < LEAST_VIDEO_MS:
        yield _("It is too short: X wants half a second at least.")
    elif length > (MOST_PREMIUM_VIDEO_MS if premium else MOST_VIDEO_MS):
        values = {"found": _clock(length), "most": _clock(MOST_VIDEO_MS)}
        if premium:
            values["most"] = _clock(MOST_PREMIUM_VIDEO_MS)
            yield _("It lasts %(found)s; X takes %(most)s at most by app. Cut it.") % values
        else:
            yield (
                _(
                    "It lasts %(found)s; X takes %(most)s at most from an account without Premium. "
                    "Cut it."
                )
                % values
            )


def _sides(facts: MediaFacts, most: tuple[int, int]) -> Iterator[str]:
    """Compare the longer and the shorter side, so that upright pictures are welcome too."""
    long, short = max(facts.width, facts.height), min(facts.width, facts.height)
    if long > most[0] or short > most[1]:
        values = {"w": facts.width, "h": facts.height, "long": most[0], "short": most[1]}
        yield (
            _(
                "It is %(w)d × %(h)d pixels; X takes %(long)d × %(short)d at most. "
                "Export it smaller."
            )
            % values
        )


def _too_heavy(facts: MediaFacts, most: int, advice: str) -> str:
    values = {"found": f"{facts.byte_count / MEGABYTE:.1f}", "most": most // MEGABYTE}
    fault = _("It has %(found)s MB; X takes %(most)d MB at most.") % values
    return f"{fault} {advice}"


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(-(-milliseconds // 1000), 60)
    return f"{minutes}:{seconds:02}"


def _document(facts: MediaFacts, premium: bool) -> Iterator[str]:
    yield _("A document cannot go out with a post. Take it out, and link to it.")


_RULES: dict[MediaKind, Callable[[MediaFacts, bool], Iterator[str]]] = {
    MediaKind.IMAGE: _image,
    MediaKind.GIF: _gif,
    MediaKind.VIDEO: _video,
    MediaKind.DOCUMENT: _document,
}


def poll_faults(options: Sequence[str], minutes: int) -> list[str]:
    """Return why X would not take this poll, [] when it would. A choice is counted in letters."""
    said = [option.strip() for option in options]
    found = []
    if sum(bool(option) for option in said) < LEAST_CHOICES or not all(said):
        found.append(_("A poll needs two to four choices, each with words."))
    elif len(said) > MOST_CHOICES:
        found.append(_("A poll has four choices at most. Take some out."))
    for place, option in enumerate(said, 1):
        if len(option) > MOST_CHOICE_LETTERS:
            values = {"place": place, "over": len(option) - MOST_CHOICE_LETTERS}
            found.append(_("Choice %(place)d is %(over)d over the 25 X takes.") % values)
    if len({option.casefold() for option in said if option}) < sum(map(bool, said)):
        found.append(_("Two choices say the same. Change one."))
    if not LEAST_POLL_MINUTES <= minutes <= MOST_POLL_MINUTES:
        found.append(_("A poll is open for 5 minutes to 7 days."))
    return found
