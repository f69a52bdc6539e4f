"""The tasks of the demo brand: enough of each kind, around the posts of the script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from yanzhen.people.models import Member
from yanzhen.planning.models import Post
from yanzhen.tasks.actions.columns import ColumnWish, set_columns
from yanzhen.tasks.actions.making import Wish, create_task
from yanzhen.tasks.actions.parts import add_item, add_need, tick_item
from yanzhen.tasks.due import Due
from yanzhen.tasks.models import Column, Task


@dataclass(frozen=True, slots=True)
class Errand:
    """One task. ``day`` counts from today, None for no day; ``steps`` begin with "+" when ticked.

    ``post`` is the title of a post of the script, ``waits_for`` the title of an errand before it.
    """

    title: str
    who: str
    state: str
    day: int | None = None
    hour: str = ""
    labels: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    post: str = ""
    waits_for: str = ""
    repeats: str = ""
    notes: str = ""
    by: str = "priya"


PHOTO, COPY, NUMBERS, LAUNCH = "Photo", "Copy", "Numbers", "Launch"

ERRANDS: tuple[Errand, ...] = (
    Errand("Thank the three beta flyers by name", "jonas", "done", -2, labels=(LAUNCH,)),
    Errand(
        "整理上周评论里的提问",
        "chen",
        "done",
        -1,
        labels=(NUMBERS,),
        steps=("+按账号分类", "+挑出十条"),
        by="lin",
    ),
    Errand(
        "Crop the wing tighter for phones",
        "aylin",
        "doing",
        0,
        "17:00",
        (PHOTO,),
        ("+Export at 4:5", "Check in both themes", "Replace it in the library"),
        "Seat 7A, part two: the window seat",
    ),
    Errand(
        "Measure 29 dB again, with a witness",
        "chen",
        "doing",
        1,
        labels=(NUMBERS, LAUNCH),
        steps=("+Book the quiet room", "Three runs", "Put the sheet beside the post"),
        notes="The claim stands in two languages, so the sheet should too.",
        by="lin",
    ),
    Errand(
        "核对“最安静”的说法",
        "zhou",
        "todo",
        1,
        "11:00",
        (COPY,),
        post="全世界最安静",
        waits_for="Measure 29 dB again, with a witness",
        by="lin",
    ),
    Errand("Ask Ana for the battery clip without music", "jonas", "waiting", -1, labels=(PHOTO,)),
    Errand("Rights for the Greenland night shot", "aylin", "waiting", 3, labels=(PHOTO, LAUNCH)),
    Errand(
        "Weekly numbers for the Monday meeting",
        "chen",
        "todo",
        4,
        "09:30",
        (NUMBERS,),
        ("Reach by account", "Three posts worth repeating", "One question for the team"),
        repeats="week",
        by="lin",
    ),
    Errand("Alt text for the June pictures", "maya", "todo", 2, labels=(PHOTO,)),
    Errand(
        "Write the reply for late deliveries",
        "jonas",
        "todo",
        2,
        labels=(COPY,),
        post="Repair day: Ana swaps a battery",
    ),
    Errand(
        "Brief the airport film",
        "maya",
        "todo",
        6,
        labels=(LAUNCH,),
        steps=("One sentence", "Two places", "Budget from Lena"),
        waits_for="Rights for the Greenland night shot",
    ),
    Errand("Look through the list of watched words", "sam", "todo", 9, repeats="month"),
    Errand("检查中文账号的置顶内容", "zhou", "todo", 3, labels=(COPY,), by="lin"),
    Errand("Test the two-person resend on a drill post", "sam", "doing", 5),
    Errand("Find a second voice for German replies", "", "todo", by="lena"),
    Errand("Collect words that customers use for quiet", "", "todo", None, labels=(COPY,)),
)


def _due(errand: Errand, member: Member, now: datetime) -> Due | None:
    if errand.day is None:
        return None
    day = now.astimezone(ZoneInfo(member.zone)).date() + timedelta(days=errand.day)
    hour = time.fromisoformat(errand.hour) if errand.hour else None
    return Due(day, hour, member.zone, 0)


def give_tasks(members: Mapping[str, Member], posts: Mapping[str, Post], *, now: datetime) -> None:
    """Put the errands on the board; ``members`` by key, with roles and workspace, as actions want.

    What is in hand is limited to five with a warning.
    """
    lin = members["lin"]
    _limit_doing(lin, now)
    made: dict[str, Task] = {}
    for errand in reversed(ERRANDS):
        made[errand.title] = _make(errand, members, posts, now)
    for errand in ERRANDS:
        if errand.waits_for:
            task, on = made[errand.title], made[errand.waits_for]
            add_need(task, by=members[errand.by], on=on, now=now)


def _make(
    errand: Errand, members: Mapping[str, Member], posts: Mapping[str, Post], now: datetime
) -> Task:
    by, who = members[errand.by], members.get(errand.who)
    column = Column.objects.visible_to(by).in_order().filter(state=errand.state)[0]
    wish = Wish(
        title=errand.title,
        notes=errand.notes,
        assignee=who,
        due=_due(errand, who or by, now),
        labels=errand.labels,
        repeat_step=errand.repeats,
    )
    post = posts.get(errand.post)
    task = create_task(by, wish=wish, column=column, post=post, source="demo", now=now)
    for step in errand.steps:
        item = add_item(task, by=by, text=step.removeprefix("+"), now=now)
        if step.startswith("+"):
            tick_item(item, by=by, ticked=True, now=now)
    return task


def _limit_doing(by: Member, now: datetime) -> None:
    columns = Column.objects.visible_to(by).in_order()
    wishes = [
        ColumnWish(each.pk, "", each.state, 5 if each.state == "doing" else None, strict=False)
        for each in columns
    ]
    set_columns(by, wishes=wishes, now=now)
