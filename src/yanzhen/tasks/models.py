"""Tasks, the columns they stand in, and what hangs on them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.discussion.models import Comment
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.planning.models import Post
from yanzhen.tasks.states import COLUMN_STATES, OPEN, TaskState

TITLE_LENGTH = 160
NOTES_LENGTH = 4000
LABEL_LENGTH = 40
MOST_EVERY = 12


class ColumnQuerySet(models.QuerySet["Column"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Columns of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def in_order(self) -> Self:
        """From left to right."""
        return self.order_by("position", "pk")


class Column(models.Model):
    """A column of a workspace's board. ``state`` is what a task in it is in, and never changes.

    ``title`` is empty while the state's own word stands, so that it follows the reader's language.
    ``most`` is how many tasks it should hold, None for any number; with ``strict`` a further one is
    refused, without it is let in with a warning.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="task_columns")
    title = models.CharField(_("Name"), max_length=40, blank=True)
    state = models.CharField(
        max_length=12, choices=[(each.value, each.label) for each in COLUMN_STATES]
    )
    position = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField(null=True, blank=True)
    strict = models.BooleanField(default=False)

    objects = ColumnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in COLUMN_STATES]),
                name="task_column_state_known",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "position"], name="task_column_order")]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        """The workspace's own word, or the state's in the reader's language."""
        return self.title or str(TaskState(self.state).label)


class LabelQuerySet(models.QuerySet["Label"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Labels of the member's workspace, by name."""
        return self.filter(workspace_id=member.workspace_id).order_by("name")


class Label(models.Model):
    """A word that tasks of a workspace are sorted by."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="task_labels")
    name = models.CharField(max_length=LABEL_LENGTH)

    objects = LabelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="task_label_once"),
        ]

    def __str__(self) -> str:
        return self.name


def veiled_tasks(member: Member) -> models.QuerySet[Task, int]:
    """Return the numbers of the tasks about posts an embargo keeps from the member.

    One made of a comment says what the comment did, whatever it is linked to since.
    """
    veiled = veiled_posts(member)
    links = PostLink.objects.filter(post_id__in=veiled).values("task_id")
    said = Comment.objects.filter(thread__post_id__in=veiled).values("pk")
    return Task.objects.filter(Q(pk__in=links) | Q(comment__in=said)).values_list("pk", flat=True)


class TaskQuerySet(models.QuerySet["Task"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Tasks of the member's workspace, but for those about a post that is kept from them."""
        own = self.filter(workspace_id=member.workspace_id)
        return own.exclude(pk__in=veiled_tasks(member))

    def live(self) -> Self:
        """Everything but what was deleted."""
        return self.exclude(state=TaskState.ARCHIVED)

    def open(self) -> Self:
        """Still to be done."""
        return self.filter(state__in=OPEN)

    def of(self, member: Member) -> Self:
        """Assigned to the member."""
        return self.filter(assignee=member)

    def with_names(self) -> Self:
        """With what a card shows, so that a board costs as many queries full as empty.

        Adds ``blocker_count`` (open tasks it waits for), ``item_count`` and ``ticked_count``.
        """
        return (
            self.select_related("assignee__user", "column")
            .prefetch_related("labels", "links__post__account")
            .annotate(
                blocker_count=_count(Need.objects.open().filter(task=OuterRef("pk")), "task"),
                item_count=_count(Item.objects.filter(task=OuterRef("pk")), "task"),
                ticked_count=_count(Item.objects.filter(task=OuterRef("pk"), ticked=True), "task"),
            )
        )

    def due_first(self) -> Self:
        """The earliest due first, those without a day last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "rank", "pk")

    def open_first(self) -> Self:
        """What is still to be done, the earliest due first, then what is done, the latest first."""
        done = Case(When(state=TaskState.DONE, then=Value(1)), default=Value(0))
        since = Case(When(state=TaskState.DONE, then=F("state_since_at")))
        return self.order_by(done, since.desc(), F("due_at").asc(nulls_last=True), "rank", "pk")


def _count(rows: models.QuerySet[models.Model], by: str) -> Coalesce:
    """Count rows of a subquery that is tied to the outer row by ``by``; 0 for none."""
    counted = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


class Task(StatefulModel):
    """Something to be done by one member.

    ``due_wall`` is "YYYY-MM-DD" for a day or "YYYY-MM-DDTHH:MM" in ``due_zone``, and ``due_at`` the
    moment after which it is late (aware UTC): the end of the day where no time was given. ``rank``
    orders a column, the lowest on top. ``repeat_step`` with ``repeat_every`` lets it come back by
    wall date, ``repeat_day`` being the day of the month it was first due; ``made_from`` is the
    occurrence before it. ``remind_at`` is when ``reminder`` is told next. ``revision`` rises with
    every edit; moves raise ``state_version``.
    """

    class Step(models.TextChoices):
        NONE = "", pgettext_lazy("repeats", "Does not repeat")
        DAY = "day", pgettext_lazy("repeats", "Every day")
        WEEK = "week", pgettext_lazy("repeats", "Every week")
        MONTH = "month", pgettext_lazy("repeats", "Every month")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="tasks")
    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="tasks")
    state = models.CharField(max_length=12, choices=TaskState, default=TaskState.TODO)
    rank = models.FloatField(default=0)
    title = models.CharField(_("Task"), max_length=TITLE_LENGTH)
    notes = models.TextField(_("Notes"), blank=True)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks"
    )
    labels = models.ManyToManyField(Label, blank=True, related_name="tasks")
    due_wall = models.CharField(max_length=16, blank=True)
    due_zone = models.CharField(max_length=64, blank=True)
    due_fold = models.PositiveSmallIntegerField(default=0)
    due_tzdata = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    repeat_step = models.CharField(max_length=6, choices=Step, blank=True, default=Step.NONE)
    repeat_every = models.PositiveSmallIntegerField(default=1)
    repeat_day = models.PositiveSmallIntegerField(default=0)
    made_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="following"
    )
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks"
    )
    reminder = models.CharField(max_length=8, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=TaskState.values), name="task_state_known"
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, due_wall="") | Q(due_at__isnull=False, due_wall__gt=""),
                name="task_due_whole",
            ),
            models.CheckConstraint(
                condition=Q(repeat_step="") | Q(due_at__isnull=False), name="task_repeats_with_day"
            ),
            models.CheckConstraint(
                condition=Q(repeat_every__gte=1, repeat_every__lte=MOST_EVERY),
                name="task_repeat_bounded",
            ),
        ]
        indexes = [
            models.Index(fields=["column", "rank"], name="task_column_rank"),
            models.Index(fields=["workspace", "state", "due_at"], name="task_state_due"),
            models.Index(fields=["assignee", "state", "due_at"], name="task_assignee_due"),
            models.Index(
                fields=["remind_at"], name="task_remind", condition=Q(remind_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """How the activity log names this task."""
        return Ref("tasks.task", str(self.pk), self.title)

    def is_theirs(self, member_id: int) -> bool:
        """Tell whether it is the member's own: they have it or made it, or nobody has it."""
        return self.assignee_id in (None, member_id) or self.author_id == member_id


class NeedQuerySet(models.QuerySet["Need"]):
    """Named reads."""

    def open(self) -> Self:
        """Those that still keep the other task waiting."""
        return self.filter(on__state__in=OPEN)


class Need(models.Model):
    """``task`` waits for ``on``. There are no circles; see actions.needing."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="needs")
    on = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="needed_by")

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "on"], name="task_need_once"),
            models.CheckConstraint(condition=~Q(task=F("on")), name="task_needs_another"),
        ]

    def __str__(self) -> str:
        return f"task {self.task_id} waits for {self.on_id}"


class Item(models.Model):
    """A line of a task's checklist."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="items")
    text = models.CharField(max_length=200)
    ticked = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["task", "position"], name="task_item_order")]

    def __str__(self) -> str:
        return self.text


class PostLink(models.Model):
    """A post that a task is about, and where the post's way takes the task.

    Each of the three names a TaskState, and the task goes to the first column of that meaning;
    empty leaves it where it is.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="links")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="task_links")
    when_submitted = models.CharField(max_length=12, blank=True, default=TaskState.DOING)
    when_passed = models.CharField(max_length=12, blank=True, default=TaskState.DONE)
    when_published = models.CharField(max_length=12, blank=True, default=TaskState.DONE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "post"], name="task_post_once"),
        ]

    def __str__(self) -> str:
        return f"task {self.task_id} about post {self.post_id}"
