"""How long 2,000 rows take: dry run and import, on a fresh SQLite database.

Run with ``python bench/import_plan.py [ROWS]``; prints figures, asserts nothing. Aim: under 5 s.
"""

from __future__ import annotations

import csv
import io
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXTS = (
    "Seat 7A, part two. Window seat, engines at 84 dB. Read on at https://ferrow.com/quiet #Aero2",
    "降噪耳机今天上市。我们从上海飞到慕尼黑，带了四副耳机和一只分贝仪 🎧 ferrow.com/quiet",
    "Plain words without any link, as most posts are, written for a Tuesday morning in June",
)


def plan_of(rows: int) -> bytes:
    """Return a CSV plan in which every text is different, half of it with links or Chinese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["account", "date", "time", "zone", "text", "thread_2", "title", "campaign"])
    for number in range(rows):
        at = NOW + timedelta(days=2, minutes=30 * number)
        text = f"{TEXTS[number % 3]} {number}"
        thread = f"And one more {number}" if number % 5 == 0 else ""
        zone = ("", "Asia/Shanghai", "UTC")[number % 3]
        writer.writerow(
            [
                "@ferrow",
                f"{at:%Y-%m-%d}",
                f"{at:%H:%M}",
                zone,
                text,
                thread,
                f"Post {number}",
                "quiet",
            ]
        )
    return out.getvalue().encode()


def main() -> None:
    """Time both steps, best of three for the dry run."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as data:
        os.environ["YANZHEN_DATA"] = data
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanzhen.config.settings")
        import django  # noqa: PLC0415 -- settings first

        django.setup()
        _measure(rows)


def _measure(rows: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 -- settings first
    from django.db import connection  # noqa: PLC0415 -- settings first

    from yanzhen.people.tests.cast import make_cast  # noqa: PLC0415 -- settings first
    from yanzhen.planning.actions.importing import import_plan  # noqa: PLC0415 -- settings first
    from yanzhen.planning.importing.plan import Source, check_plan  # noqa: PLC0415 -- as above
    from yanzhen.planning.models import Campaign  # noqa: PLC0415 -- settings first
    from yanzhen.planning.tests.plans import make_account  # noqa: PLC0415 -- settings first

    call_command("migrate", verbosity=0)
    cast = make_cast()
    make_account(cast.workspace)
    Campaign.objects.create(workspace=cast.workspace, name="Quiet June", code="quiet")
    source = Source(name="plan.csv", content=plan_of(rows))
    dry = []
    for _ in range(3):
        begun = time.perf_counter()
        plan = check_plan(source, workspace_id=cast.workspace.pk, now=NOW)
        dry.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    posts = import_plan(source=source, by=cast.maya, now=NOW)
    imported = time.perf_counter() - begun
    sys.stdout.write(
        f"{rows} rows, {len(source.content) // 1024} KB, {connection.vendor}\n"
        f"dry run  {min(dry):.2f} s (worst of 3: {max(dry):.2f} s), {len(plan.refused)} errors\n"
        f"import   {imported:.2f} s, {len(posts)} posts\n"
        f"both     {max(dry) + imported:.2f} s\n"
    )
    connection.close()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    main()
