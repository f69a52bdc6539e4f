"""Wall hours as they are given: read, put in order, and refused when they make no sense."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import time
from itertools import pairwise

MONDAY, SUNDAY = 1, 7
MOST_HOURS = 6


class BadHours(ValueError):
    """``why``: none, many, no_time, overlap, weekdays or rotation."""

    def __init__(self, why: str) -> None:
        super().__init__(f"these hours cannot be: {why}")
        self.why = why


def check_hours(pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return the pairs ("HH:MM") in order of their start. Raises BadHours."""
    if not pairs:
        raise BadHours("none")
    if len(pairs) > MOST_HOURS:
        raise BadHours("many")
    try:
        read = sorted((time.fromisoformat(a), time.fromisoformat(b)) for a, b in pairs)
    except ValueError as error:
        raise BadHours("no_time") from error
    if any(each.tzinfo for pair in read for each in pair):
        raise BadHours("no_time")
    for (start, end), (following, _) in pairwise(read):
        if end <= start or end > following:
            raise BadHours("overlap")
    last_start, last_end = read[-1]
    if last_end <= last_start and last_end > read[0][0] and len(read) > 1:
        raise BadHours("overlap")
    return [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in read]


def check_weekdays(days: Collection[int]) -> list[int]:
    """Return ISO weekdays in order. Raises BadHours for none or for what is no weekday."""
    found = sorted(set(days))
    if not found or found[0] < MONDAY or found[-1] > SUNDAY:
        raise BadHours("weekdays")
    return found
