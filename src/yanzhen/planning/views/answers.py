"""Answers several pages of the room give: toasts, and why a time cannot be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from yanzhen.kernel.wall_time import FoldTime, GapTime, Reading, UnknownZone
from yanzhen.people.zones import city_words
from yanzhen.planning.actions.timing import BeforeLift, InThePast
from yanzhen.planning.moments import moment_words

AT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class WayOut:
    """A time to take instead: the words on the button, and what the button sends."""

    words: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class TimeRefused:
    """Why a time cannot be had, and the times that can."""

    why: str
    ways_out: Sequence[WayOut] = ()
    asked: datetime | None = None


@dataclass
class Refusals:
    """Filled when the block of ``time_refusals`` was refused."""

    found: TimeRefused = field(default_factory=lambda: TimeRefused(""))


@contextmanager
def time_refusals() -> Iterator[Refusals]:
    """Turn what time_post raises about the time itself into words with ways out."""
    refusals = Refusals()
    try:
        yield refusals
    except GapTime as gap:
        refusals.found = TimeRefused(
            _("%(time)s does not exist on that day: the clocks are put forward over it.")
            % {"time": f"{gap.wall:%H:%M}"},
            [
                WayOut(_("Take %(time)s") % {"time": moment_words(wall)}, "at", wall.strftime(AT))
                for wall in (gap.before, gap.after)
            ],
            gap.wall,
        )
    except FoldTime as twice:
        refusals.found = TimeRefused(
            _("%(time)s happens twice on that day: the clocks are put back. Which one?")
            % {"time": f"{twice.wall:%H:%M}"},
            [
                WayOut(_reading_words(_("The first, %(offset)s"), twice.earlier), "fold", "0"),
                WayOut(_reading_words(_("The second, %(offset)s"), twice.later), "fold", "1"),
            ],
            twice.wall,
        )
    except InThePast:
        refusals.found = TimeRefused(_("That time has passed. Choose a later one."))
    except BeforeLift as early:
        refusals.found = before_lift(early)
    except UnknownZone as unknown:
        refusals.found = TimeRefused(_("No time zone is called %(name)s.") % {"name": unknown.name})


def before_lift(early: BeforeLift) -> TimeRefused:
    """Say that a time is before the embargo lifts, and when that is."""
    embargo = early.embargo
    words = {"moment": moment_words(embargo.lifts_local), "city": city_words(embargo.lifts_zone)}
    return TimeRefused(
        _(
            "The embargo on it lifts %(moment)s, %(city)s. Choose that time or a later one, or let "
            "two people on its list lift it earlier."
        )
        % words
    )


def _reading_words(sentence: str, reading: Reading) -> str:
    return sentence % {"offset": offset_words(reading.offset, reading.abbreviation)}


def offset_words(offset: timedelta, abbreviation: str) -> str:
    """Give a distance from UTC as people write it: CEST, UTC+2."""
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    shown = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    named = abbreviation and abbreviation[0].isalpha()
    return f"{abbreviation}, {shown}" if named else shown
