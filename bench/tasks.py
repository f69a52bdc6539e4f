"""How long the tasks take with 2,000 of them on the board, on a fresh SQLite database.

Run with ``python -m bench.tasks [TASKS]``; prints figures, asserts nothing. Aim: under 300 ms.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from bench.asking import browser_of, fresh_site, measure

REQUESTS = 20
NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
TITLES = ("Crop the wing tighter", "整理评论里的提问", "Rechte für das Bild klären", "Alt text")
PIECE = {"HX-Request": "true", "HX-Target": "tasks"}
SCREENS = (
    ("board", "/tasks/", {}, {}),
    ("board, the piece", "/tasks/", {}, PIECE),
    ("lanes by label", "/tasks/", {"lanes": "label"}, {}),
    ("board, words", "/tasks/", {"q": "wing"}, {}),
    ("list", "/tasks/", {"view": "list"}, {}),
    ("my tasks", "/tasks/", {"view": "mine"}, {}),
)


def main() -> None:
    """Fill a board and ask for it in all its views, whole and as the piece that htmx swaps."""
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with fresh_site() as database:
        from yanzhen.people.tests.cast import make_cast  # noqa: PLC0415 -- settings first

        cast = make_cast()
        fill_tasks(cast, tasks)
        sys.stdout.write(f"{tasks} tasks, {REQUESTS} requests each, {database}\n")
        measure(browser_of(cast.lena), SCREENS, requests=REQUESTS)


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
