"""How long the calendar takes with 1,000 posts in the month, on a fresh SQLite database.

Run with ``python -m bench.calendar [POSTS]``; prints figures, asserts nothing. Aim: under 300 ms.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from bench.asking import browser_of, fresh_site, measure

REQUESTS = 20
MONTH = "2026-06"
FIRST = datetime(2026, 6, 1, 0, 10, tzinfo=UTC)
TITLES = (
    "Seat 7A, part two",
    "候机三小时",
    "Was wirklich ins Handgepäck gehört",
    "How we measure quiet",
)
PIECE = {"HX-Request": "true", "HX-Target": "calendar"}
SCREENS = (
    ("month", "/calendar/", {"month": MONTH}, {}),
    ("board", "/calendar/", {"month": MONTH}, PIECE),
    ("list", "/calendar/", {"month": MONTH, "view": "list"}, {}),
)


def main() -> None:
    """Fill a month and ask for it as weeks, as a list, and as the piece that htmx swaps."""
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with fresh_site() as database:
        from yanzhen.people.tests.cast import make_cast  # noqa: PLC0415 -- settings first

        cast = make_cast()
        _fill(cast, posts)
        sys.stdout.write(f"{posts} posts in the month, {REQUESTS} requests each, {database}\n")
        measure(browser_of(cast.lena), SCREENS, requests=REQUESTS)


def _fill(cast: object, count: int) -> None:
    from yanzhen.channels.tests.accounts import make_account  # noqa: PLC0415 -- settings first
    from yanzhen.people.tests.cast import NOW, Cast  # noqa: PLC0415 -- settings first
    from yanzhen.planning.models import Post  # noqa: PLC0415 -- settings first
    from yanzhen.planning.states import PostState  # noqa: PLC0415 -- settings first

    assert isinstance(cast, Cast)  # noqa: S101 -- tells the type checker
    handles = ("Ferrow", "FerrowDE", "Ferrow_ZH", "FerrowCare")
    colours = ("main", "de", "zh", "care")
    accounts = [
        make_account(cast.workspace, handle, colour=colour)
        for handle, colour in zip(handles, colours, strict=True)
    ]
    states = (PostState.PUBLISHED, PostState.SCHEDULED, PostState.REVIEW, PostState.DRAFT)
    step = timedelta(days=30) / count
    Post.objects.bulk_create(
        Post(
            workspace=cast.workspace,
            account=accounts[number % 4],
            author=(cast.zhou, cast.maya, cast.lin)[number % 3],
            title=TITLES[number % 4],
            state=states[number % 4],
            state_since_at=NOW,
            created_at=NOW,
            updated_at=NOW,
            due_wall=f"{FIRST + step * number:%Y-%m-%dT%H:%M}",
            due_zone="UTC",
            due_at=FIRST + step * number,
        )
        for number in range(count)
    )


if __name__ == "__main__":
    main()
