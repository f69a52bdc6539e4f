"""How long the tasks take with 2,000 of them on the board, on a fresh SQLite database.

Run with ``python -m bench.tasks [TASKS]``; prints figures, asserts nothing. Aim: under 300 ms.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

REQUESTS = 20
NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
TITLES = ("Crop the wing tighter", "整理评论里的提问", "Rechte für das Bild klären", "Alt text")


def main() -> None:
    """Fill a board and ask for it in all its views, whole and as the piece that htmx swaps."""
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as data:
        os.environ["YANZHEN_DATA"] = data
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanzhen.config.settings")
        import django  # noqa: PLC0415 -- settings first

        django.setup()
        _measure(tasks)


def _measure(tasks: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 -- settings first
    from django.db import connection  # noqa: PLC0415 -- settings first
    from django.test import Client  # noqa: PLC0415 -- settings first

    from yanzhen.people.tests.cast import make_cast  # noqa: PLC0415 -- settings first

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    cast = make_cast()
    fill_tasks(cast, tasks)
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.lena.user)
    sys.stdout.write(f"{tasks} tasks, {REQUESTS} requests each, {connection.vendor}\n")
    piece = {"HX-Request": "true", "HX-Target": "tasks"}
    for name, asked, headers in (
        ("board", {}, {}),
        ("board, the piece", {}, piece),
        ("lanes by label", {"lanes": "label"}, {}),
        ("board, words", {"q": "wing"}, {}),
        ("list", {"view": "list"}, {}),
        ("my tasks", {"view": "mine"}, {}),
    ):
        took = sorted(_time(client, asked, headers) for _each in range(REQUESTS))
        worst = took[int(REQUESTS * 0.95) - 1]
        sys.stdout.write(
            f"{name:18} median {statistics.median(took):4.0f} ms, p95 {worst:4.0f} ms\n"
        )


def _time(client: object, asked: dict[str, str], headers: dict[str, str]) -> float:
    began = time.perf_counter()
    answer = client.get("/tasks/", asked, headers=headers)  # type: ignore[attr-defined] # a Client
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:  # noqa: PLR2004 -- it is what it says
        raise SystemExit(f"the page answered {answer.status_code}")
    return took


def fill_tasks(cast: object, count: int) -> None:
    """Spread tasks over columns, members, labels and days; every tenth waits for the one before."""
    from yanzhen.tasks.models import Column, Item, Label, Need, Task  # noqa: PLC0415 -- settings first

    workspace = cast.workspace  # type: ignore[attr-defined] # a Cast
    people = [cast.lena, cast.zhou, cast.maya]  # type: ignore[attr-defined] # a Cast
    columns = list(Column.objects.filter(workspace=workspace).in_order())
    labels = [Label.objects.create(workspace=workspace, name=f"Label {n}") for n in range(8)]
    made = Task.objects.bulk_create(
        Task(
            workspace=workspace,
            column=columns[n % len(columns)],
            state=columns[n % len(columns)].state,
            rank=float(n),
            title=f"{TITLES[n % len(TITLES)]} {n}",
            author=people[0],
            assignee=people[n % 3],
            due_wall=f"{(NOW + timedelta(days=n % 90 - 30)).date()}",
            due_zone="UTC",
            due_at=NOW + timedelta(days=n % 90 - 30),
            state_since_at=NOW,
            created_at=NOW,
            updated_at=NOW,
        )
        for n in range(count)
    )
    Item.objects.bulk_create(
        Item(task=task, text=f"Step {n}", ticked=n == 0, position=n)
        for task in made[::2]
        for n in range(3)
    )
    Need.objects.bulk_create(
        Need(task=task, on=before) for before, task in zip(made[::10], made[1::10], strict=True)
    )
    through = Task.labels.through
    through.objects.bulk_create(
        through(task_id=task.pk, label_id=labels[n % 8].pk) for n, task in enumerate(made)
    )


if __name__ == "__main__":
    main()
