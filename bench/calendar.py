"""How long the calendar takes with 1,000 posts in the month, on a fresh SQLite database.

Run with ``python -m bench.calendar [POSTS]``; prints figures, asserts nothing. Aim: under 300 ms.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

REQUESTS = 20
MONTH = "2026-06"
FIRST = datetime(2026, 6, 1, 0, 10, tzinfo=UTC)
TITLES = (
    "Seat 7A, part two",
    "候机三小时",
    "Was wirklich ins Handgepäck gehört",
    "How we measure quiet",
)


def main() -> None:
    """Fill a month and ask for it as weeks, as a list, and as the piece that htmx swaps."""
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as data:
        os.environ["YANZHEN_DATA"] = data
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanzhen.config.settings")
        import django  # noqa: PLC0415 -- settings first

        django.setup()
        _measure(posts)


def _measure(posts: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 -- settings first
    from django.db import connection  # noqa: PLC0415 -- settings first
    from django.test import Client  # noqa: PLC0415 -- settings first

    from yanzhen.people.tests.cast import make_cast  # noqa: PLC0415 -- settings first

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    cast = make_cast()
    _fill(cast, posts)
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.lena.user)
    sys.stdout.write(f"{posts} posts in the month, {REQUESTS} requests each, {connection.vendor}\n")
    piece = {"HX-Request": "true", "HX-Target": "calendar"}
    for name, asked, headers in (
        ("month", {"month": MONTH}, {}),
        ("board", {"month": MONTH}, piece),
        ("list", {"month": MONTH, "view": "list"}, {}),
    ):

        def ask(asked: dict[str, str] = asked, headers: dict[str, str] = headers) -> int:
            answer = client.get("/calendar/", asked, headers=headers)
            if answer.status_code != 200:  # noqa: PLR2004 -- the page
                raise SystemExit(f"answered {answer.status_code}")
            return len(answer.content)

        _report(name, ask)
    connection.close()


def _report(name: str, ask: Callable[[], int]) -> None:
    size = ask()
    spans = []
    for _ in range(REQUESTS):
        begun = time.perf_counter()
        ask()
        spans.append((time.perf_counter() - begun) * 1000)
    p50, p95 = statistics.median(spans), statistics.quantiles(spans, n=20)[-1]
    sys.stdout.write(f"{name:6} p50 {p50:4.0f} ms, p95 {p95:4.0f} ms, {size // 1024} KB\n")


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
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    main()
