"""Deadlines of briefs on the calendar."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import pgettext

from yanzhen.ideas.models import Idea
from yanzhen.ideas.states import IdeaState
from yanzhen.kernel.clock import now
from yanzhen.planning import dated
from yanzhen.planning.dated import Dated, DaysAsked


def deadlines_on(asked: DaysAsked) -> Iterator[Dated]:
    """Yield the briefs due on the days asked. One query."""
    rows = Idea.objects.visible_to(asked.viewer).exclude(state=IdeaState.DROPPED)
    rows = rows.filter(deadline_date__gte=asked.start, deadline_date__lt=asked.end)
    if asked.accounts:
        rows = rows.filter(accounts__in=asked.accounts).distinct()
    if asked.person is not None:
        rows = rows.filter(owner=asked.person)
    today = now().astimezone(asked.viewer.workspace.tz).date()
    for pk, title, state, day in rows.values_list("pk", "title", "state", "deadline_date"):
        assert day is not None  # noqa: S101 -- rows are narrowed to those with a deadline
        done = state == IdeaState.DRAFTED
        yield Dated(
            day=day,
            hour="",
            title=title,
            url=reverse("idea", args=[pk]),
            icon="icon-check" if done else "icon-bulb",
            told=pgettext("calendar", "Brief, drafted") if done else pgettext("calendar", "Brief"),
            done=done,
            late=not done and day < today,
        )


dated.register("ideas", deadlines_on)
