"""Time and fate: put a post on the calendar, take it off, open it for changes, drop it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from yanzhen.activity.spine import record
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.wall_time import Resolved, resolve
from yanzhen.people.rights import Actor, Decision, require
from yanzhen.planning.actions.recurring import follow_rule
from yanzhen.planning.embargoes import Embargo
from yanzhen.planning.events import (
    POST_DROPPED,
    POST_REVISED,
    POST_TIMED,
    POST_UNTIMED,
    PostDropped,
    PostRevised,
    PostTimed,
    PostUntimed,
)
from yanzhen.planning.models import Post
from yanzhen.planning.states import POST, TIMEABLE, PostState

WALL = "%Y-%m-%dT%H:%M"


class InThePast(Exception):
    """A post cannot be planned for a time that has passed."""


class BeforeLift(MoveRefused):
    """The post would be out before its embargo lifts. ``embargo`` says when that is."""

    def __init__(self, embargo: Embargo) -> None:
        words = {"time": embargo.lifts_wall.replace("T", " "), "zone": embargo.lifts_zone}
        found = gettext("its embargo lifts %(time)s, %(zone)s") % words
        super().__init__(embargo.post, "time", found)
        self.embargo = embargo


def respect_embargo(post_id: int, at: datetime) -> None:
    """Raise BeforeLift when the post may not be out at ``at`` (aware) yet.

    One that has lifted has done so before any time still to come, so no clock is asked.
    """
    embargo = (
        Embargo.objects.filter(post_id=post_id, lifts_at__gt=at).select_related("post").first()
    )
    if embargo is not None:
        raise BeforeLift(embargo)


def _still_timed_as(post: Post) -> Q:
    """Match the row while nobody has given it another time than this copy knows."""
    return Q(due_wall=post.due_wall, due_zone=post.due_zone, due_fold=post.due_fold)


def moment_of(wall: datetime, zone: str, fold: int | None, *, now: datetime) -> Resolved:
    """Return the moment ``wall`` (naive, to the minute) means in ``zone``, if it is still to come.

    Raises GapTime, FoldTime, UnknownZone, InThePast.
    """
    resolved = resolve(wall, zone, fold)
    if resolved.at < now.replace(second=0, microsecond=0):
        raise InThePast(str(resolved.at))
    return resolved


@transaction.atomic
def time_post(
    post: Post,
    *,
    by: Actor,
    wall: datetime,
    zone: str,
    fold: int | None = None,
    now: datetime,
) -> Post:
    """Set or move the time a post goes out. An approval stands: the text is the same.

    ``wall`` is naive, to the minute, in ``zone`` (IANA); ``fold`` 0 or 1 picks one of a repeated
    hour. Raises NotAllowed, GapTime, FoldTime, UnknownZone, InThePast, BeforeLift, MoveRefused
    (already out, dropped, being sent, or timed by somebody else meanwhile).
    """
    require(by, Decision.POST_SCHEDULE, workspace_id=post.workspace_id, account_id=post.account_id)
    wall = wall.replace(second=0, microsecond=0)
    resolved = moment_of(wall, zone, fold, now=now)
    respect_embargo(post.pk, resolved.at)
    before = post.due_wall
    rows = Post.objects.filter(
        _still_timed_as(post),
        pk=post.pk,
        state__in=TIMEABLE,
        state_version=post.state_version,
    )
    writes = {
        "due_wall": wall.strftime(WALL),
        "due_zone": zone,
        "due_fold": resolved.fold,
        "due_tzdata": resolved.tzdata,
        "due_at": resolved.at,
        "updated_at": now,
    }
    if not rows.update(**writes):
        raise MoveRefused(post, "time", Post.objects.get(pk=post.pk).state)
    for name, value in writes.items():
        setattr(post, name, value)
    follow_rule(post)
    record(
        POST_TIMED,
        PostTimed(wall=post.due_wall.replace("T", " "), zone=zone, before=before),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    post.refresh_from_db()
    return post


@transaction.atomic
def untime_post(post: Post, *, by: Actor, now: datetime) -> Post:
    """Take a post off the calendar. A scheduled one becomes passed and waits for a new time.

    Does nothing to one that has no time. Raises NotAllowed and MoveRefused, also when somebody
    else gave it another time meanwhile.
    """
    require(by, Decision.POST_SCHEDULE, workspace_id=post.workspace_id, account_id=post.account_id)
    before = post.due_wall
    if not before and not Post.objects.exclude(due_wall="").filter(pk=post.pk).exists():
        return post
    writes = {"due_wall": "", "due_zone": "", "due_fold": 0, "due_tzdata": "", "due_at": None}
    rows = Post.objects.filter(_still_timed_as(post), pk=post.pk, state__in=TIMEABLE)
    if rows.select_for_update().first() is None:
        raise MoveRefused(post, "untime", Post.objects.get(pk=post.pk).state)
    if POST.allows("unschedule", post.state):
        POST.apply(post, "unschedule", now=now, updated_at=now, **writes)
    else:
        rows = rows.exclude(state=PostState.SCHEDULED).filter(state_version=post.state_version)
        if not rows.update(updated_at=now, **writes):
            raise MoveRefused(post, "untime", Post.objects.get(pk=post.pk).state)
        for name, value in writes.items():
            setattr(post, name, value)
    follow_rule(post)
    record(
        POST_UNTIMED,
        PostUntimed(before=before),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return post


@transaction.atomic
def revise_post(post: Post, *, by: Actor, now: datetime) -> Post:
    """Open a post for changes: back to draft, its round closed and its delivery called off.

    Review and publishing hear of it in the same transaction and may refuse by raising (a post that
    is being sent cannot be revised). Raises NotAllowed and MoveRefused.
    """
    require(by, Decision.POST_WRITE, workspace_id=post.workspace_id, account_id=post.account_id)
    was = POST.apply(post, "revise", now=now, levels_done=0, updated_at=now)
    record(
        POST_REVISED,
        PostRevised(was=was),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return post


@transaction.atomic
def drop_post(post: Post, *, by: Actor, now: datetime) -> Post:
    """Drop a post that will not be used. Raises NotAllowed and MoveRefused (out, or being sent)."""
    require(by, Decision.POST_DROP, workspace_id=post.workspace_id, account_id=post.account_id)
    was = POST.apply(post, "drop", now=now, updated_at=now)
    record(
        POST_DROPPED,
        PostDropped(was=was),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return post


def mark(post: Post, move: str, *, now: datetime, levels_done: int | None = None) -> None:
    """Move the post's stage for review and publishing, inside their transaction.

    They ask their own rights and record their own event. Raises MoveRefused.
    """
    writes = {} if levels_done is None else {"levels_done": levels_done}
    POST.apply(post, move, now=now, updated_at=now, **writes)
