"""How a post goes out again, in words: the rule, its times, and what is odd about some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from yanzhen.planning.models import Post
from yanzhen.planning.recurrence import Odd, Rule, times_of

WALL = "%Y-%m-%dT%H:%M"
WEEKDAYS = (
    (0, gettext_lazy("Monday")),
    (1, gettext_lazy("Tuesday")),
    (2, gettext_lazy("Wednesday")),
    (3, gettext_lazy("Thursday")),
    (4, gettext_lazy("Friday")),
    (5, gettext_lazy("Saturday")),
    (6, gettext_lazy("Sunday")),
)


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One time a post goes out, in the post's zone, and what is odd about it, in words."""

    number: int
    words: str
    at: datetime
    note: str = ""


def time_lines(post: Post, rule: Rule) -> Sequence[TimeLine]:
    """Return every time of the rule; none while the post has no time."""
    if not post.due_wall:
        return []
    first = datetime.strptime(post.due_wall, WALL)  # noqa: DTZ007 -- a wall time has no zone
    times = times_of(rule, wall=first, zone=post.due_zone, fold=post.due_fold)
    pattern = pgettext("date format", "D j F Y")
    return [
        TimeLine(
            number=time.number + 1,
            words=f"{formats.date_format(time.wall, pattern)} {time.wall:%H:%M}",
            at=time.at,
            note=_odd_words(time.odd, first),
        )
        for time in times
    ]


def _odd_words(odd: Odd, first: datetime) -> str:
    if odd is Odd.MOVED:
        return _(
            "%(time)s does not exist on that day: the clocks go forward. The next that does."
        ) % {"time": f"{first:%H:%M}"}
    if odd is Odd.TWICE:
        return _("This hour happens twice on that day: the clocks go back.")
    if odd is Odd.SHORT:
        return _("The month has no day %(day)d: its last day.") % {"day": first.day}
    return ""


def rule_words(rule: Rule) -> str:
    """Say a rule in one line: Every 2 weeks on Monday, Friday, 6 times."""
    every = {
        "day": ngettext("Every day", "Every %(count)d days", rule.every),
        "week": ngettext("Every week", "Every %(count)d weeks", rule.every),
        "month": ngettext("Every month", "Every %(count)d months", rule.every),
    }[rule.step] % {"count": rule.every}
    words = {"every": every, "times": rule.times}
    if not rule.weekdays:
        return _("%(every)s, %(times)d times in all") % words
    names = dict(WEEKDAYS)
    days = pgettext("between names", ", ").join(str(names[day]) for day in rule.weekdays)
    return _("%(every)s on %(days)s, %(times)d times in all") % {**words, "days": days}
