"""What the pages of tasks ask: the same rows as a board, a list and the reader's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.models import Post
from yanzhen.planning.states import SETTLED
from yanzhen.tasks import asked as ask
from yanzhen.tasks.asked import Asked
from yanzhen.tasks.due import DAY
from yanzhen.tasks.models import Column, PostLink, Task, TaskQuerySet
from yanzhen.tasks.states import OPEN
from yanzhen.tasks.words import day_of, due_state

#: A column shows this many cards and says how many are left.
MOST_IN_COLUMN = 30
#: The reader's own page shows this many, and leads to the list for the rest.
MOST_MINE = 100
MOST_OFFERED = 40


def narrowed_tasks(member: Member, by: Asked, *, now: datetime) -> TaskQuerySet:
    """Return the member's live tasks that match. ``now`` is aware."""
    rows = Task.objects.visible_to(member).live()
    if by.view == ask.MINE or by.assignee == ask.ME:
        rows = rows.of(member)
    elif by.assignee == ask.NOBODY:
        rows = rows.filter(assignee=None)
    elif by.assignee:
        rows = rows.filter(assignee=int(by.assignee))
    if by.label:
        rows = rows.filter(labels=int(by.label))
    if by.column:
        rows = rows.filter(column=int(by.column))
    if by.account:
        links = PostLink.objects.filter(post__account=int(by.account))
        rows = rows.filter(pk__in=links.values("task_id"))
    if by.q:
        rows = rows.filter(Q(title__icontains=by.q) | Q(notes__icontains=by.q))
    return rows.filter(_due(member, by.due, now)) if by.due else rows


def _due(member: Member, due: str, now: datetime) -> Q:
    """Match what is due then; what is late is not done."""
    if due == ask.NO_DAY:
        return Q(due_at=None)
    if due == ask.LATE:
        return Q(due_at__lte=now, state__in=OPEN)
    today = now.astimezone(member.user.tz).date()
    end = today + DAY * (1 if due == ask.TODAY else 7)
    begins, ends = (datetime.combine(day, time.min, member.user.tz) for day in (today, end))
    # A whole day is that day for everybody, wherever its task was made.
    whole = ~Q(due_wall__contains="T") & Q(due_wall__gte=f"{today}", due_wall__lt=f"{end}")
    return whole | Q(due_wall__contains="T", due_at__gte=begins, due_at__lt=ends)


@dataclass(frozen=True, slots=True)
class Pile:
    """One column of one lane: its cards, and how many more there are (in the only lane)."""

    column: Column
    tasks: Sequence[Task]
    more: int = 0
    #: Of the whole column, whatever is narrowed away.
    held: int = 0

    @property
    def full(self) -> bool:
        """Tell whether it holds as many as it should, or more."""
        return self.column.most is not None and self.held >= self.column.most

    @property
    def over(self) -> bool:
        """Tell whether it holds more than it should."""
        return self.column.most is not None and self.held > self.column.most


@dataclass(frozen=True, slots=True)
class Lane:
    """Cards that have one thing in common, column by column; ``title`` "" for the only lane."""

    key: str
    title: str
    piles: Sequence[Pile]

    @property
    def count(self) -> int:
        """How many cards it shows."""
        return sum(len(pile.tasks) for pile in self.piles)


@dataclass(frozen=True, slots=True)
class Board:
    """The columns from left to right, in one lane or several; ``count`` is of all that match."""

    columns: Sequence[Column]
    lanes: Sequence[Lane]
    #: How many of each column are not shown.
    more: Mapping[int, int]
    count: int

    @property
    def hidden(self) -> int:
        """How many match and are not shown."""
        return sum(self.more.values())


def columns_of(member: Member) -> list[Column]:
    """Return the columns of the member's board, from left to right."""
    return list(Column.objects.visible_to(member).in_order())


def board_for(member: Member, by: Asked, *, now: datetime) -> Board:
    """Read the board: at most MOST_IN_COLUMN cards of each column. Nine queries, full or empty."""
    columns = columns_of(member)
    matching = narrowed_tasks(member, by, now=now)
    held = _counts(Task.objects.visible_to(member).live())
    found = _counts(matching)
    place = Window(
        RowNumber(),
        partition_by=F("column_id"),
        order_by=[F("rank").asc(), F("pk").asc()],
    )
    first = matching.annotate(place=place).filter(place__lte=MOST_IN_COLUMN)
    pks = list(first.values_list("pk", flat=True))
    tasks = list(Task.objects.filter(pk__in=pks).with_names().order_by("rank", "pk"))
    shown: dict[int, int] = defaultdict(int)
    for task in tasks:
        shown[task.column_id] += 1
    more = {pk: count - shown[pk] for pk, count in found.items()}
    lanes = _lanes(tasks, by.lanes, columns, more=more, held=held)
    return Board(columns, lanes, more, sum(found.values()))


def _counts(rows: TaskQuerySet) -> dict[int, int]:
    counted = rows.order_by().values_list("column_id").annotate(count=Count("pk"))
    return dict(counted)


def _lanes(
    tasks: Sequence[Task],
    by: str,
    columns: Sequence[Column],
    *,
    more: Mapping[int, int],
    held: Mapping[int, int],
) -> list[Lane]:
    """Sort cards into lanes; one with two labels or accounts stands in both lanes."""
    titles: dict[str, str] = {}
    cards: dict[str, dict[int, list[Task]]] = defaultdict(lambda: defaultdict(list))
    for task in tasks:
        for key, title in _lanes_of(task, by):
            titles[key] = title
            cards[key][task.column_id].append(task)
    order = sorted(titles, key=lambda key: (key == "", titles[key].casefold(), key)) or [""]
    only = by == ask.NO_LANES
    return [
        Lane(
            key,
            titles.get(key, ""),
            [
                Pile(
                    column,
                    cards[key][column.pk],
                    more.get(column.pk, 0) if only else 0,
                    held.get(column.pk, 0),
                )
                for column in columns
            ],
        )
        for key in order
    ]


def _lanes_of(task: Task, by: str) -> Iterable[tuple[str, str]]:
    if by == ask.BY_ASSIGNEE:
        who = task.assignee
        return [(str(who.pk), str(who))] if who else [("", pgettext("tasks", "Nobody yet"))]
    if by == ask.BY_LABEL:
        labels = [(str(label.pk), label.name) for label in task.labels.all()]
        return labels or [("", _("Without a label"))]
    if by == ask.BY_ACCOUNT:
        accounts = {str(a.pk): f"@{a.handle}" for a in accounts_of(task)}
        return list(accounts.items()) or [("", _("About no post"))]
    return [("", "")]


def accounts_of(task: Task) -> list[Account]:
    """Return the accounts of the posts a task is about, each once; they must be prefetched."""
    found = {link.post.account_id: link.post.account for link in task.links.all()}
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Stretch:
    """The reader's tasks of one stretch of time; ``key`` is late, today, week, later or none."""

    key: str
    title: str
    tasks: Sequence[Task]


def mine_for(member: Member, by: Asked, *, now: datetime) -> list[Stretch]:
    """Return the reader's open tasks by when they are due, at most MOST_MINE of them."""
    rows = narrowed_tasks(member, by, now=now).open().due_first()
    # First which ones, then what is counted of each: not of those that are cut off.
    pks = list(rows.values_list("pk", flat=True)[:MOST_MINE])
    found = Task.objects.filter(pk__in=pks).with_names().due_first()
    titles = {
        "late": pgettext("tasks", "Late"),
        "today": pgettext("tasks", "Today"),
        "week": _("In the next seven days"),
        "later": pgettext("tasks", "Later"),
        "none": _("No day yet"),
    }
    today = now.astimezone(member.user.tz).date()
    by_key: dict[str, list[Task]] = defaultdict(list)
    for task in found:
        late = due_state(task, now=now) == "late"
        by_key["late" if late else _stretch(day_of(task, member.user.tz), today)].append(task)
    return [Stretch(key, title, by_key[key]) for key, title in titles.items() if by_key[key]]


def _stretch(day: date | None, today: date) -> str:
    if day is None:
        return "none"
    if day <= today:
        return "today"
    return "week" if day < today + DAY * 7 else "later"


def blockers_of(task: Task, member: Member) -> QuerySet[Task]:
    """Return the open tasks the member may see that ``task`` waits for, the earliest due first."""
    return Task.objects.visible_to(member).open().filter(needed_by__task=task).due_first()


def offered_tasks(task: Task, member: Member) -> QuerySet[Task]:
    """Return tasks to offer as something to wait for, the last changed first."""
    rows = Task.objects.visible_to(member).open().exclude(pk=task.pk)
    return rows.order_by("-updated_at", "-pk")[:MOST_OFFERED]


def offered_posts(member: Member) -> QuerySet[Post]:
    """Return posts to offer for a link: those still under way, the last changed first."""
    rows = Post.objects.visible_to(member).exclude(state__in=SETTLED)
    return rows.order_by("-updated_at", "-pk")[:MOST_OFFERED]


def tasks_about(post: Post, member: Member) -> TaskQuerySet:
    """Return the live tasks about a post, the earliest due first."""
    rows = Task.objects.visible_to(member).live().filter(links__post=post)
    return rows.with_names().due_first()
