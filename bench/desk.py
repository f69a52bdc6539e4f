"""How long each screen takes with 10,000 posts, 5,000 assets and 2,000 tasks in one workspace.

Run with ``python -m bench.desk [SHARE]`` on a fresh SQLite database (SHARE 0.1 seeds a tenth);
prints figures, asserts nothing. Aim: p95 under 300 ms of server time, one process.
"""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime, timedelta

from bench.asking import browser_of, fresh_site, measure

REQUESTS = 40
POSTS, ASSETS, TASKS = 10_000, 5_000, 2_000
MONTH = "2026-06"
#: Posts lie over two years around that month, as a team of four accounts has them.
FIRST = datetime(2025, 6, 1, 0, 10, tzinfo=UTC)
DAYS = 730
TEXTS = (
    "Seat 7A, part two: what we learned from forty flights",
    "候机三小时：带孩子飞行的人怎么收拾行李",
    "Was wirklich ins Handgepäck gehört und was nicht",
    "How we measure quiet, and why a decibel is not a promise",
)
SCREENS = (
    ("month", "/calendar/", {"month": MONTH}),
    ("month as a list", "/calendar/", {"month": MONTH, "view": "list"}),
    ("week", "/calendar/", {"day": f"{MONTH}-10", "view": "week"}),
    ("day", "/calendar/", {"day": f"{MONTH}-10", "view": "day"}),
    ("posts", "/posts/", {}),
    ("posts, words", "/posts/", {"q": "行李"}),
    ("tasks, board", "/tasks/", {}),
    ("tasks, list", "/tasks/", {"view": "list"}),
    ("library", "/library/", {}),
    ("library, words", "/library/", {"q": "行李"}),
    ("search", "/search/", {"q": "quiet"}),
    ("search, two letters", "/search/", {"q": "行李"}),
    ("palette", "/search/palette/", {"q": "hand"}),
    ("review desk", "/review/", {}),
    ("today", "/", {}),
)


def main() -> None:
    """Seed a workspace and ask for every screen as a member who sees all of it."""
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    with fresh_site() as database:
        from bench.tasks import fill_tasks  # noqa: PLC0415 -- settings first
        from yanzhen.people.tests.cast import make_cast  # noqa: PLC0415 -- settings first

        cast = make_cast()
        counts = [round(share * count) for count in (POSTS, ASSETS, TASKS)]
        fill_posts(cast, counts[0])
        _fill_assets(cast, counts[1])
        fill_tasks(cast, counts[2])
        _mark_days(cast)
        seeded = "{:,} posts, {:,} assets, {:,} tasks".format(*counts)
        sys.stdout.write(f"{seeded}, {REQUESTS} requests each, {database}\n")
        screens = [(name, url, asked, {}) for name, url, asked in SCREENS]
        measure(browser_of(cast.lena), screens, requests=REQUESTS)


def fill_posts(cast: object, count: int) -> None:
    """Spread posts of four accounts over two years, as a team has them."""
    from yanzhen.channels.tests.accounts import make_account  # noqa: PLC0415 -- settings first
    from yanzhen.people.tests.cast import NOW, Cast  # noqa: PLC0415 -- settings first
    from yanzhen.planning.models import Draft, Post  # noqa: PLC0415 -- settings first
    from yanzhen.planning.states import PostState  # noqa: PLC0415 -- settings first
    from yanzhen.planning.wording import words_of  # noqa: PLC0415 -- settings first

    assert isinstance(cast, Cast)  # noqa: S101 -- tells the type checker
    accounts = [
        make_account(cast.workspace, handle, colour=colour)
        for handle, colour in (
            ("Ferrow", "main"),
            ("FerrowDE", "de"),
            ("Ferrow_ZH", "zh"),
            ("FerrowCare", "care"),
        )
    ]
    states = (PostState.PUBLISHED, PostState.SCHEDULED, PostState.REVIEW, PostState.DRAFT)
    step = timedelta(days=DAYS) / count
    posts = Post.objects.bulk_create(
        Post(
            workspace=cast.workspace,
            account=accounts[number % 4],
            author=(cast.zhou, cast.maya, cast.lin)[number % 3],
            excerpt=TEXTS[number % 4],
            # Nine of ten are out, as after two years.
            state=states[number % 4] if number % 10 == 0 else PostState.PUBLISHED,
            state_since_at=NOW,
            created_at=NOW,
            updated_at=NOW,
            due_wall=f"{FIRST + step * number:%Y-%m-%dT%H:%M}",
            due_zone="UTC",
            due_at=FIRST + step * number,
        )
        for number in range(count)
    )
    Draft.objects.bulk_create(
        Draft(
            post=post,
            texts=[f"{post.excerpt} {number}"],
            words=words_of([f"{post.excerpt} {number}"]),
            saved_by=cast.lin,
            saved_at=NOW,
        )
        for number, post in enumerate(posts)
    )


def _mark_days(cast: object) -> None:
    """Show the holidays of six countries, and mark fifty days of the team's own."""
    from yanzhen.people.tests.cast import NOW, Cast  # noqa: PLC0415 -- settings first
    from yanzhen.planning.actions.days import (  # noqa: PLC0415 -- settings first
        add_team_day,
        show_holidays,
    )

    assert isinstance(cast, Cast)  # noqa: S101 -- tells the type checker
    for code in ("CN", "DE", "FR", "GB", "JP", "US"):
        show_holidays(code, by=cast.maya, now=NOW)
    for number in range(50):
        day = (FIRST + timedelta(days=7 * number)).date()
        add_team_day(day=day, name="Day", yearly=True, free=False, by=cast.maya, now=NOW)


def _fill_assets(cast: object, count: int) -> None:
    from yanzhen.library.facts import MediaKind  # noqa: PLC0415 -- settings first
    from yanzhen.library.models import (  # noqa: PLC0415 -- settings first
        Asset,
        Folder,
        MediaFile,
        Tag,
    )
    from yanzhen.library.searching import words_of  # noqa: PLC0415 -- settings first
    from yanzhen.people.tests.cast import NOW, Cast  # noqa: PLC0415 -- settings first

    assert isinstance(cast, Cast)  # noqa: S101 -- tells the type checker
    folders = [
        Folder.objects.create(workspace=cast.workspace, name=f"Shoot {n}") for n in range(20)
    ]
    tags = [
        Tag.objects.create(workspace=cast.workspace, name=f"tag {n}", key=f"tag {n}")
        for n in range(30)
    ]
    assets = Asset.objects.bulk_create(
        Asset(
            workspace=cast.workspace,
            name=f"IMG_{number:05}.jpg",
            description=TEXTS[number % 4],
            folder=folders[number % 20],
            owner=cast.lin,
            words=words_of([f"IMG_{number:05}.jpg", TEXTS[number % 4]], 4000),
            expires_at=NOW + timedelta(days=number % 400) if number % 5 == 0 else None,
        )
        for number in range(count)
    )
    MediaFile.objects.bulk_create(
        MediaFile(
            workspace=cast.workspace,
            asset=asset,
            kind=MediaKind.IMAGE,
            sha256=hashlib.sha256(asset.name.encode()).hexdigest(),
            mime="image/jpeg",
            byte_count=240_000,
            width=1600,
            height=900,
            name=asset.name,
            alt=TEXTS[number % 4],
            uploaded_by=cast.lin,
            uploaded_at=NOW - timedelta(minutes=number),
        )
        for number, asset in enumerate(assets)
    )
    through = Asset.tags.through
    through.objects.bulk_create(
        through(asset_id=asset.pk, tag_id=tags[number % 30].pk)
        for number, asset in enumerate(assets)
    )


if __name__ == "__main__":
    main()
