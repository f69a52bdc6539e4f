"""Who has a post open, and who holds the pen of its draft.

Nothing of this is in the log but taking the pen from somebody: a heartbeat is no event.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.discussion.actions.talking import require_sight
from yanzhen.discussion.events import PEN_TAKEN, PenTaken
from yanzhen.discussion.models import (
    BACK_WITHIN,
    GONE_AFTER,
    PAGE_LENGTH,
    SEEN_STEP,
    Pen,
    Presence,
)
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.actions.writing import actor_may_write, is_writable
from yanzhen.planning.models import Post


def show_presence(
    post: Post, *, by: Member, page: str = "", writes: bool, unsaved: bool, now: datetime
) -> None:
    """Note that ``by`` has the post open; who ``writes`` in it gets the pen, if it is free.

    Who holds it keeps it by being here. ``page`` tells one's pages apart, ``unsaved`` says that
    words are typed that are not saved yet. A beat that says nothing new within SEEN_STEP writes
    nothing, and waits for no lock. Raises NotAllowed.
    """
    require_sight(by, post)
    page = page[:PAGE_LENGTH]
    fresh = {"seen_at__gt": now - SEEN_STEP, "unsaved": unsaved}
    if not Presence.objects.filter(post=post, member=by, page=page, **fresh).exists():
        seen = {"seen_at": now, "unsaved": unsaved}
        Presence.objects.update_or_create(post=post, member=by, page=page, defaults=seen)
    pen = Pen.objects.held(now=now).filter(post=post).first()
    if pen is None:
        if writes and actor_may_write(by, post):
            _pick_up(post, by, now)
    elif pen.holder_id == by.pk and pen.seen_at <= now - SEEN_STEP:
        Pen.objects.filter(post=post, holder=by).update(seen_at=now)


def forget_gone(*, now: datetime) -> int:
    """Drop the pages nobody has been heard of on for GONE_AFTER; return how many."""
    return Presence.objects.filter(seen_at__lte=now - GONE_AFTER).delete()[0]


@transaction.atomic
def _pick_up(post: Post, by: Member, now: datetime) -> None:
    """Take the pen when nobody holds it, or whoever does has gone; of two, the first gets it."""
    fresh = {"holder": by, "since": now, "seen_at": now, "taken_from": None}
    gone = Pen.objects.filter(post=post, seen_at__lte=now - GONE_AFTER)
    if not gone.update(**fresh):
        Pen.objects.get_or_create(post=post, defaults=fresh)


@transaction.atomic
def leave_post(post: Post, *, by: Member, page: str = "", now: datetime) -> None:
    """Note that ``by`` has left the page; with their last page of the post they lay down the pen.

    It is free after BACK_WITHIN, unless they come back. Nothing happens to who was not here.
    """
    Presence.objects.filter(post=post, member=by, page=page[:PAGE_LENGTH]).delete()
    if Presence.objects.here(now=now).filter(post=post, member=by).exists():
        return
    pens = Pen.objects.held(now=now).filter(post=post, holder=by)
    pens.update(seen_at=now - GONE_AFTER + BACK_WITHIN)


@transaction.atomic
def take_pen(post: Post, *, by: Member, now: datetime) -> None:
    """Take over writing, from whoever holds the pen. Nothing of theirs is lost, and they are told.

    Raises NotAllowed, and MoveRefused when the post is no longer writable.
    """
    require(by, Decision.POST_WRITE, workspace_id=post.workspace_id, account_id=post.account_id)
    require_sight(by, post)
    if not is_writable(post):
        raise MoveRefused(post, "write", post.state)
    Post.objects.select_for_update().get(pk=post.pk)
    pen = Pen.objects.held(now=now).filter(post=post).select_related("holder__user").first()
    if pen is None:
        _pick_up(post, by, now)
        return
    if pen.holder_id == by.pk:
        return
    taken = {"holder": by, "since": now, "seen_at": now, "taken_from": pen.holder}
    Pen.objects.filter(pk=pen.pk).update(**taken)
    record(
        PEN_TAKEN,
        PenTaken(holder=str(pen.holder), number=pen.holder_id),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
