"""Posts that go out again, and each time they do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from yanzhen.planning.models.posts import Post


class Recurrence(models.Model):
    """A post that goes out again, stepping in local wall time of the post's own zone.

    ``step`` is day, week or month, ``every`` how many of them lie between; ``weekdays`` (0 is
    Monday) only for weeks. ``times`` counts all occurrences, the first included.
    """

    class Step(models.TextChoices):
        DAY = "day", pgettext_lazy("recurrence", "day")
        WEEK = "week", pgettext_lazy("recurrence", "week")
        MONTH = "month", pgettext_lazy("recurrence", "month")

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="recurrence")
    step = models.CharField(max_length=6, choices=Step)
    every = models.PositiveSmallIntegerField(default=1)
    weekdays = models.JSONField(default=list, blank=True)
    times = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=12, times__gte=2, times__lte=60),
                name="recurrence_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"every {self.every} {self.step}"


class Occurrence(models.Model):
    """One time a recurring post goes out. ``number`` counts from 0, which is the post's own time.

    Times as in Post. ``moved`` tells that the wall time does not exist on that day (clocks go
    forward) and the next that exists was taken.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="occurrences")
    number = models.PositiveSmallIntegerField()
    due_wall = models.CharField(max_length=16)
    due_fold = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    moved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="occurrence_once"),
        ]

    def __str__(self) -> str:
        return f"occurrence {self.number} of post {self.post_id}"
