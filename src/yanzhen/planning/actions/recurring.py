"""Letting a post go out again: the rule, and one row for each of its times."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.events import (
    RECURRENCE_CLEARED,
    RECURRENCE_SET,
    RecurrenceCleared,
    RecurrenceSet,
)
from yanzhen.planning.models import Occurrence, Post, Recurrence
from yanzhen.planning.recurrence import Rule, rule_faults, times_of
from yanzhen.planning.states import WRITABLE

WALL = "%Y-%m-%dT%H:%M"


class NoTimeYet(Exception):
    """A post without a time cannot go out again."""


class BadRule(ValueError):
    """The rule is out of bounds; ``parts`` names what of it: step, every, times, weekdays."""

    def __init__(self, parts: list[str]) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


def rule_of(post: Post) -> Rule | None:
    """Return how the post goes out again, None when it does not."""
    found = Recurrence.objects.filter(post=post).first()
    if found is None:
        return None
    return Rule(found.step, found.every, found.times, tuple(found.weekdays))


def _open(post: Post) -> Post:
    """Lock the post. Raises MoveRefused once it is in review: reviewers pass the rule as well."""
    fresh = Post.objects.select_for_update().get(pk=post.pk)
    if fresh.state not in WRITABLE:
        raise MoveRefused(post, "recur", fresh.state)
    return fresh


@transaction.atomic
def set_recurrence(post: Post, *, by: Member, rule: Rule, now: datetime) -> list[Occurrence]:
    """Let the post go out ``rule.times`` times and return those times, its own first.

    Only while the text may be written: what reviewers pass does not grow afterwards. Raises
    NotAllowed, BadRule, NoTimeYet and MoveRefused.
    """
    require(by, Decision.POST_SCHEDULE, workspace_id=post.workspace_id, account_id=post.account_id)
    wrong = list(rule_faults(rule))
    if wrong:
        raise BadRule(wrong)
    fresh = _open(post)
    if fresh.due_at is None:
        raise NoTimeYet(str(post.pk))
    Recurrence.objects.update_or_create(
        post=fresh,
        defaults={
            "step": rule.step,
            "every": rule.every,
            "times": rule.times,
            "weekdays": list(rule.weekdays),
        },
    )
    made = follow_rule(fresh)
    record(
        RECURRENCE_SET,
        RecurrenceSet(step=rule.step, every=rule.every, times=rule.times),
        actor=by.ref,
        subject=fresh.ref,
        workspace_id=fresh.workspace_id,
        at=now,
    )
    return made


@transaction.atomic
def clear_recurrence(post: Post, *, by: Member, now: datetime) -> None:
    """Let the post go out once. Does nothing to one that does. Raises NotAllowed, MoveRefused."""
    require(by, Decision.POST_SCHEDULE, workspace_id=post.workspace_id, account_id=post.account_id)
    fresh = _open(post)
    gone, _rows = Recurrence.objects.filter(post=fresh).delete()
    Occurrence.objects.filter(post=fresh).delete()
    if gone:
        record(
            RECURRENCE_CLEARED,
            RecurrenceCleared(),
            actor=by.ref,
            subject=fresh.ref,
            workspace_id=fresh.workspace_id,
            at=now,
        )


def follow_rule(post: Post) -> list[Occurrence]:
    """Write the times anew after the post's own time changed; for the caller's transaction.

    Times keep their number, so that what was made for one of them follows it. Without a rule or
    a time there are none.
    """
    rule = rule_of(post)
    if rule is None or not post.due_wall:
        Occurrence.objects.filter(post=post).delete()
        return []
    first = datetime.strptime(post.due_wall, WALL)  # noqa: DTZ007 -- a wall time has no zone
    rows = [
        Occurrence(
            post=post,
            number=time.number,
            due_wall=time.wall.strftime(WALL),
            due_fold=time.fold,
            due_at=time.at,
            moved=time.odd == "moved",
        )
        for time in times_of(rule, wall=first, zone=post.due_zone, fold=post.due_fold)
    ]
    Occurrence.objects.filter(post=post, number__gte=len(rows)).delete()
    return Occurrence.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["post", "number"],
        update_fields=["due_wall", "due_fold", "due_at", "moved"],
    )
