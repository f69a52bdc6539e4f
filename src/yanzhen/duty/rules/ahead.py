"""How early a gap is told of: 14, 7, 2 and 1 days before it."""

from __future__ import annotations

from datetime import datetime, timedelta

from yanzhen.duty.rules.spans import Span

WARN_DAYS = (14, 7, 2, 1)


def warning_due(gap: Span, *, now: datetime) -> int | None:
    """Return the warning (days ahead) whose time has come for ``gap`` at ``now``, the latest one.

    None where it is further away than the first warning, or over. A gap that opens late is told of
    at once: three days ahead it is the seven-day warning's time.
    """
    if gap.end <= now:
        return None
    left = gap.start - now
    due = [days for days in WARN_DAYS if left <= timedelta(days=days)]
    return min(due) if due else None
