"""What the composer's timing part shows: its form, the day's holidays, and times that did well."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_time

from yanzhen.people.gate import MemberRequest
from yanzhen.people.rights import Decision
from yanzhen.planning.best_times import suggested
from yanzhen.planning.forms import TimeForm
from yanzhen.planning.models import Post
from yanzhen.planning.queries_days import special_day
from yanzhen.planning.states import SETTLED, TIMEABLE


def timing_context(request: MemberRequest, post: Post, *, now: datetime) -> dict[str, Any]:
    """Return what the timing part shows; a time in the address is filled in and not set.

    Two queries where the member may set the time, two more where the post has one.
    """
    member, wall = request.member, wall_in(request)
    may_time = (
        member.may(Decision.POST_SCHEDULE, account_id=post.account_id) and post.state in TIMEABLE
    )
    day = date.fromisoformat(post.due_wall[:10]) if post.due_wall else None
    return {
        "time_form": TimeForm(member=member, post=post, wall=wall),
        "time_open": wall is not None,
        "best": suggested(post.account, now=now) if may_time else None,
        "on_day": special_day(member, day) if day and post.state not in SETTLED else (),
    }


def wall_in(request: HttpRequest) -> datetime | None:
    """Return the day and time (naive) of the address, None where it has none that are readable."""
    try:
        day = parse_date(request.GET.get("day", ""))
        hour = parse_time(request.GET.get("time", ""))
    except ValueError:
        return None
    return datetime.combine(day, hour.replace(tzinfo=None)) if day and hour else None
