"""The fake server's own time: real, shifted, or frozen."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Virtual time in whole milliseconds since 1970, UTC.

    It follows the machine's clock until it is told otherwise.
    """

    def __init__(self) -> None:
        self._shift_ms = 0
        self._frozen_ms: int | None = None

    def now_ms(self) -> int:
        """Tell the present virtual moment in milliseconds."""
        if self._frozen_ms is not None:
            return self._frozen_ms
        return real_ms() + self._shift_ms

    def set(self, at_ms: int, *, frozen: bool) -> None:
        """Jump to a moment; ``frozen`` stops time there, otherwise it runs on from there."""
        self._frozen_ms = at_ms if frozen else None
        self._shift_ms = at_ms - real_ms()

    def advance(self, seconds: float) -> None:
        """Move forward (or back) by seconds, frozen or running as before."""
        step = round(seconds * 1000)
        self._shift_ms += step
        if self._frozen_ms is not None:
            self._frozen_ms += step

    def follow_real(self) -> None:
        """Return to the machine's own time."""
        self._shift_ms = 0
        self._frozen_ms = None

    def describe(self) -> dict[str, object]:
        """Show the clock as the control API prints it."""
        now = self.now_ms()
        return {
            "now": iso(now),
            "now_ms": now,
            "frozen": self._frozen_ms is not None,
            "shift_seconds": self._shift_ms / 1000,
        }


def real_ms() -> int:
    """Tell the machine's time in milliseconds."""
    return time.time_ns() // 1_000_000


def iso(at_ms: int) -> str:
    """Write a moment the way the v2 API does: UTC, milliseconds, Z."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03d}Z"


def parse_moment(value: object) -> int:
    """Read ISO 8601 text (UTC when no zone is given) or epoch seconds into milliseconds.

    Raises ValueError or TypeError for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError("a moment is ISO 8601 text or epoch seconds")
    if isinstance(value, int | float):
        return round(value * 1000)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)
