"""Places in a column: numbers between numbers, dealt anew when there is no room left."""

from __future__ import annotations

from django.db.models import Max, Min

from yanzhen.tasks.models import Column, Task, TaskQuerySet


def top_rank(column: Column) -> float:
    """Return a place above everything in the column."""
    lowest = Task.objects.filter(column=column).aggregate(rank=Min("rank"))["rank"]
    return 0.0 if lowest is None else lowest - 1


def rank_before(task: Task, column: Column, before: Task | None) -> float:
    """Return a place for ``task`` right above ``before``; at the end of the column without one.

    Writes the ranks of the column anew where two neighbours have no number between them.
    """
    others = Task.objects.live().filter(column=column).exclude(pk=task.pk)
    if before is None:
        highest = others.aggregate(rank=Max("rank"))["rank"]
        return 0.0 if highest is None else highest + 1
    found = _between(others, before)
    if found is None:
        for place, pk in enumerate(others.order_by("rank", "pk").values_list("pk", flat=True)):
            Task.objects.filter(pk=pk).update(rank=float(place))
        before.refresh_from_db(fields=["rank"])
        found = _between(others, before)
    return before.rank - 1 if found is None else found


def _between(others: TaskQuerySet, before: Task) -> float | None:
    """Return the number halfway to the next above, None when there is none to be had."""
    above = others.filter(rank__lte=before.rank).exclude(pk=before.pk)
    nearest: float | None = above.aggregate(rank=Max("rank"))["rank"]
    if nearest is None:
        return before.rank - 1
    middle = (nearest + before.rank) / 2
    return middle if nearest < middle < before.rank else None
