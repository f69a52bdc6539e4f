"""Words about people's weeks, and what happened to them."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from yanzhen.activity import feed
from yanzhen.kernel.clock import now
from yanzhen.people.models import Delegation

register = template.Library()

SHORTEST_RUN = 3
SHORT_DAYS = (
    pgettext_lazy("short weekday", "Mon"),
    pgettext_lazy("short weekday", "Tue"),
    pgettext_lazy("short weekday", "Wed"),
    pgettext_lazy("short weekday", "Thu"),
    pgettext_lazy("short weekday", "Fri"),
    pgettext_lazy("short weekday", "Sat"),
    pgettext_lazy("short weekday", "Sun"),
)


@register.filter
def days(workdays: Sequence[int]) -> str:
    """Name ISO weekdays briefly: a run of three or more as "Mon–Fri", others one by one."""
    chosen = sorted(set(workdays))
    names = [str(SHORT_DAYS[day - 1]) for day in chosen]
    if not chosen:
        return _("no fixed days")
    if len(chosen) >= SHORTEST_RUN and chosen[-1] - chosen[0] == len(chosen) - 1:
        return f"{names[0]}–{names[-1]}"
    return " ".join(names)


@register.filter
def happened(event: object) -> str:
    """Tell an event of the activity log as a sentence."""
    return feed.sentence(event)  # type: ignore[arg-type]  # the log keeps its model to itself


@register.filter
def letter(code: str) -> str:
    """Give the letter of the table of decisions in the reader's language."""
    return {
        "D": pgettext("decides", "D"),
        "P": pgettext("proposes", "P"),
        "C": pgettext("is asked", "C"),
        "I": pgettext("is told", "I"),
    }[code]


@register.filter
def voice(code: str) -> str:
    """Say what a letter of the table of decisions means."""
    return {
        "D": pgettext("voice", "decides"),
        "P": pgettext("voice", "proposes"),
        "C": pgettext("voice", "is asked"),
        "I": pgettext("voice", "is told"),
    }[code]


@register.filter
def runs(delegation: Delegation) -> bool:
    """Tell whether it counts now."""
    return delegation.runs(now())
