"""Quiet hours and digests: wall times of a person, turned into moments.

A wall time that a clock change skips is reached when the clocks have jumped over it; one that comes
twice counts each time the clocks show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: A quiet span is shorter than a day, and no clock change is longer than this.
_DAYS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Quiet:
    """A span of each day on the clocks of ``zone``; it may go over midnight."""

    start: time
    end: time
    zone: ZoneInfo

    def holds(self, at: datetime) -> bool:
        """Tell whether the clocks show a quiet time at ``at`` (aware)."""
        shown = at.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= shown < self.end
        return shown >= self.start or shown < self.end

    def ends_after(self, at: datetime) -> datetime:
        """Return the next moment (UTC) at which the quiet time is over; ``at`` when it is not."""
        found = at
        # Where the end comes twice, the first may lie before an hour that is quiet again.
        while self.holds(found):
            found = next_shown(self.end, self.zone, after=found)
        return found.astimezone(UTC)


def next_shown(wall: time, zone: ZoneInfo, *, after: datetime) -> datetime:
    """Return the first moment (UTC) after ``after`` at which clocks in ``zone`` reach ``wall``."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    moments = []
    for step in range(_DAYS_AHEAD):
        shown = datetime.combine(day + timedelta(days=step), wall)
        moments += [_moment(shown, zone, fold) for fold in (0, 1)]
    return min(moment for moment in moments if moment > after)


def _moment(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    """Return the moment of a wall time; of one that is skipped, that of the jump."""
    local = wall.replace(tzinfo=zone, fold=fold)
    at = local.astimezone(UTC)
    back = at.astimezone(zone)
    if back.replace(tzinfo=None, fold=0) == wall.replace(fold=0):
        return at
    before = wall.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
    later = wall.replace(tzinfo=zone, fold=0).utcoffset() or timedelta()
    # In a gap the two readings differ by the jump, and the clocks jump somewhere between them.
    low, high = sorted((wall - before, wall - later))
    return _jump(low.replace(tzinfo=UTC), high.replace(tzinfo=UTC), zone)


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Find the moment between two at which the zone's offset changes, to the second."""
    start = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        if middle.astimezone(zone).utcoffset() == start:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
