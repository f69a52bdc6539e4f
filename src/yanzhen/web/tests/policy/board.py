"""Ideas and tasks: who may do what there."""

from __future__ import annotations

from typing import Any

from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    EVERYBODY,
    IDEA_CHANGERS,
    TASK_LEADERS,
    TASK_MOVERS,
    WRITERS,
    Page,
    about,
    no,
    row,
    says,
    way,
)


def _columns(house: House) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for place, column in enumerate(house.workspace.task_columns.order_by("position"), start=1):
        sent |= {f"c{place}-pk": column.pk, f"c{place}-place": place, f"c{place}-title": ""}
        sent |= {f"c{place}-state": column.state}
    return sent


def _column(house: House) -> dict[str, Any]:
    done = house.workspace.task_columns.get(state="done")
    return {"column": done.pk, "seen": house.task.state_version, "from": "task"}


PAGES: dict[str, Page] = {
    # ideas: everybody has them and is for them; who had it, who owns it and who writes change it
    "ideas": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "idea-new": Page(get=way(EVERYBODY, 200), post=way(EVERYBODY, 302, says(title="Neu"))),
    "idea": Page(args=about("idea"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "idea-edit": Page(
        args=about("idea"),
        get=no(EVERYBODY),
        post=row(IDEA_CHANGERS, 302, says(title="Anders", revision="1")),
    ),
    "idea-move": Page(
        args=about("idea"), get=no(EVERYBODY), post=row(IDEA_CHANGERS, 302, says(move="drop"))
    ),
    "idea-vote": Page(
        args=about("idea"), get=no(EVERYBODY), post=row(EVERYBODY, 302, says(wanted="yes"))
    ),
    "idea-files": Page(
        args=about("idea"),
        get=row(IDEA_CHANGERS, 200),
        post=row(IDEA_CHANGERS, 302, lambda house: {"asset": house.image.asset_id}),
    ),
    "idea-file-off": Page(
        args=about("idea"),
        get=no(EVERYBODY),
        post=row(IDEA_CHANGERS, 302, lambda house: {"asset": house.image.asset_id}),
    ),
    "idea-draft": Page(
        args=about("idea"),
        get=no(WRITERS),
        post=row(WRITERS, 302, lambda house: {"account": house.account.pk}),
    ),
    "post-idea": Page(args=about("posts.draft"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    # tasks: everybody's own are theirs, the others' are moved by who directs
    "tasks": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "task-new": Page(
        get=way(EVERYBODY, 200), post=way(EVERYBODY, 302, says(title="Neu", zone="Europe/Berlin"))
    ),
    "task-columns": Page(
        get=way(TASK_LEADERS, 200), post=way(TASK_LEADERS, 302, _columns, outsider=409)
    ),
    "task": Page(args=about("task"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "task-edit": Page(
        args=about("task"),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302, says(title="Anders", zone="Europe/Berlin", revision="1")),
    ),
    "task-move": Page(args=about("task"), get=no(EVERYBODY), post=row(TASK_MOVERS, 302, _column)),
    "task-archive": Page(args=about("task"), get=no(EVERYBODY), post=row(TASK_MOVERS, 302)),
    "task-restore": Page(args=about("deleted_task"), get=no(EVERYBODY), post=row(TASK_MOVERS, 302)),
    "task-item-add": Page(
        args=about("task"), get=no(EVERYBODY), post=row(TASK_MOVERS, 302, says(text="Noch eins"))
    ),
    "task-item": Page(
        args=lambda house: (house.task.items.get().pk,),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302, says(ticked="1")),
    ),
    "task-need-add": Page(
        args=about("task"),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302, lambda house: {"on": house.task.needs.get().on_id}),
    ),
    "task-need-remove": Page(
        args=lambda house: (house.task.needs.get().pk,),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302),
    ),
    "task-link-add": Page(
        args=about("task"),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302, lambda house: {"post": house.posts["draft"].pk}),
    ),
    "task-link": Page(
        args=lambda house: (house.task.links.get().pk,),
        get=no(EVERYBODY),
        post=row(TASK_MOVERS, 302),
    ),
    "post-tasks": Page(args=about("posts.draft"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
}
