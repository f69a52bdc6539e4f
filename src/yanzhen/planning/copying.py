"""What copying a week to another would make of its slots and drafts; an action then does it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yanzhen.kernel.wall_time import FoldTime, GapTime, resolve
from yanzhen.people.models import Member
from yanzhen.planning.calendar_days import WEEK, wall_time, window_of
from yanzhen.planning.content import PostKind
from yanzhen.planning.models import Post, Slot
from yanzhen.planning.states import PostState

#: More than any team plans in a week; copying stops there, and the page says so.
MOST_COPIED = 200

#: Accounts and the moments at which something of theirs stands already.
_Taken = Collection[tuple[int, datetime | None]]


class Why(StrEnum):
    """Why a slot or a draft is not copied."""

    PAST = "past"
    THERE = "there"
    EMBARGO = "embargo"


@dataclass(frozen=True, slots=True)
class SlotCopy:
    """One slot and where its copy begins: ``wall`` (naive) in its zone, ``at`` (aware).

    ``why`` is a Why that keeps it from being copied, "" when it goes.
    """

    slot: Slot
    wall: datetime
    fold: int
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class PostCopy:
    """One draft and when its copy goes out, as in SlotCopy."""

    post: Post
    wall: datetime
    fold: int
    at: datetime
    why: str


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def slot_copies(member: Member, source: date, target: date, *, now: datetime) -> list[SlotCopy]:
    """Return what copying the slots of one week to another would make. Two queries.

    ``source`` and ``target`` are Mondays of the member's clocks. A copy keeps weekday and wall
    time; an hour the clocks skip becomes the next that exists, of one that comes twice the first.
    """
    window = window_of(source, source + WEEK, member.user.tz)
    visible = Slot.objects.visible_to(member).planned().filter(account__turned_away=False)
    slots = visible.starting_between(*window).select_related("account", "owner__user")
    moved = [(slot, *_moved(slot.wall, slot.zone, target - source)) for slot in slots[:MOST_COPIED]]
    there = _standing(member, [at for _slot, _wall, _fold, at in moved])
    return [
        SlotCopy(slot, wall, fold, at, _why(slot.account_id, at, there, now=now))
        for slot, wall, fold, at in moved
    ]


def post_copies(member: Member, source: date, target: date, *, now: datetime) -> list[PostCopy]:
    """Return what copying the drafts of one week to another would make. Two queries.

    Days and hours as in slot_copies. Only what is written here and still a draft is copied: no
    edits and reposts of what is out, nothing that has been submitted.
    """
    window = window_of(source, source + WEEK, member.user.tz)
    drafts = Post.objects.visible_to(member).filter(state=PostState.DRAFT, kind=PostKind.POST)
    posts = drafts.filter(account__turned_away=False).due_between(*window).with_names()
    moved = [
        (post, *_moved(post.due_wall, post.due_zone, target - source))
        for post in posts[:MOST_COPIED]
    ]
    moments = [at for _post, _wall, _fold, at in moved]
    live = Post.objects.visible_to(member).live().filter(due_at__in=moments)
    there = set(live.values_list("account_id", "due_at"))
    return [
        PostCopy(post, wall, fold, at, _why_not(post, at, there, now=now))
        for post, wall, fold, at in moved
    ]


def _moved(written: str, zone: str, by: timedelta) -> tuple[datetime, int, datetime]:
    wall = wall_time(written) + by
    try:
        found = resolve(wall, zone, None)
    except GapTime as gap:
        wall = gap.after
        found = resolve(wall, zone, None)
    except FoldTime:
        found = resolve(wall, zone, 0)
    return wall, found.fold, found.at


def _standing(member: Member, moments: Sequence[datetime]) -> set[tuple[int, datetime]]:
    planned = Slot.objects.visible_to(member).planned().filter(starts_at__in=moments)
    return set(planned.values_list("account_id", "starts_at"))


def _why(account: int, at: datetime, there: _Taken, *, now: datetime) -> str:
    if at < now:
        return Why.PAST
    return Why.THERE if (account, at) in there else ""


def _why_not(post: Post, at: datetime, there: _Taken, *, now: datetime) -> str:
    """As _why; a copy is under the embargo of its post, and may not go out before it lifts."""
    embargo = post.standing_embargo
    if embargo is not None and embargo.lifts_at > at >= now:
        return Why.EMBARGO
    return _why(post.account_id, at, there, now=now)
