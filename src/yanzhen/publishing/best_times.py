"""Which hours have served an account best, from the public counts of its own posts.

The method, in full:

1. Taken are the posts of the last HALF_YEAR that went out under the account: the first segment of a
   thread, no reposts and no edits, at most MOST_POSTS, the newest.
2. A post counts with its first reading between AGED and AGED_AT_MOST after it went out, so that all
   are compared at about the same age. One without such a reading is left out.
3. Its interactions are likes, reposts, replies, quotes and bookmarks together. What X did not say
   counts as none.
4. Below LEAST_POSTS, or where the account's median is 0, nothing is said at all.
5. The week on the account's clocks is cut into parts of PART_HOURS hours. A part needs
   LEAST_IN_PART posts.
6. The median of a part, divided by the account's median, is how many times the usual it brings.
   Few posts prove little: the figure is drawn towards 1 as if PRIOR_POSTS posts of the usual
   success were among them. Medians keep one lucky post from deciding.
7. Suggested are at most MOST_BEST parts that are still WORTH times the usual, at the quarter of an
   hour around which their posts went out.

It shows what has been, not why: a part may be good for what the team posts in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median, median_low
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, OuterRef, Subquery

from yanzhen.channels.models import Account
from yanzhen.planning.best_times import BestTime, History, tell_history
from yanzhen.planning.content import PostKind
from yanzhen.publishing.models import Delivery, Reading

HALF_YEAR = timedelta(days=182)
AGED, AGED_AT_MOST = timedelta(hours=48), timedelta(hours=96)
MOST_POSTS, LEAST_POSTS, LEAST_IN_PART = 500, 30, 5
PART_HOURS = 3
PRIOR_POSTS = 5
WORTH, MOST_BEST = 1.1, 3
_COUNTS = ("likes", "reposts", "replies", "quotes", "bookmarks")
#: (weekday from Monday 0, number of the part of the day)
_Part = tuple[int, int]
#: When a post went out, on the account's clocks, and its interactions.
_Sample = tuple[datetime, int]


def history_of(account: Account, now: datetime) -> History | None:
    """Return how the account's posts have done by the hour; None below LEAST_POSTS. Two queries."""
    samples = _samples(account, now=now)
    usual = median(count for _at, count in samples) if samples else 0
    if len(samples) < LEAST_POSTS or not usual:
        return None
    parts: dict[_Part, list[_Sample]] = defaultdict(list)
    for local, count in samples:
        parts[local.weekday(), local.hour // PART_HOURS].append((local, count))
    return History(posts=len(samples), median=usual, best=_best(parts, usual))


def _samples(account: Account, *, now: datetime) -> list[_Sample]:
    aged = Reading.objects.filter(
        delivery=OuterRef("pk"), at__gte=_after(AGED), at__lt=_after(AGED_AT_MOST)
    )
    out = Delivery.objects.published().filter(
        account=account,
        kind=PostKind.POST,
        position=0,
        published_at__gte=now - HALF_YEAR,
        published_at__lt=now - AGED,
    )
    first = Subquery(aged.order_by("at", "pk").values("pk")[:1])
    newest = out.annotate(first=first).values_list("first", "published_at")[:MOST_POSTS]
    rows = {pk: at for pk, at in newest if pk is not None and at is not None}
    readings = Reading.objects.filter(pk__in=rows)
    return [
        (rows[pk].astimezone(account.tz), sum(count or 0 for count in counts))
        for pk, *counts in readings.values_list("pk", *_COUNTS)
    ]


def _after(age: timedelta) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(OuterRef("published_at") + age, DateTimeField())


def _best(parts: Mapping[_Part, Sequence[_Sample]], usual: float) -> list[BestTime]:
    found = []
    for (weekday, part), samples in parts.items():
        if len(samples) < LEAST_IN_PART:
            continue
        middle, posts = median(count for _at, count in samples), len(samples)
        times = (posts * middle / usual + PRIOR_POSTS) / (posts + PRIOR_POSTS)
        minute = median_low(at.hour * 60 + at.minute for at, _count in samples)
        found.append(
            BestTime(
                weekday=weekday,
                first_hour=part * PART_HOURS,
                end_hour=(part + 1) * PART_HOURS,
                minute=minute - minute % 15,
                posts=posts,
                median=middle,
                times=times,
            )
        )
    found.sort(key=lambda best: (-best.times, best.weekday, best.first_hour))
    return [best for best in found if best.times >= WORTH][:MOST_BEST]


tell_history(history_of)
