"""Copying the slots and drafts of a week to another, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from yanzhen.activity.spine import record
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.actions.slotting import copy_slots, uncopy_slots
from yanzhen.planning.actions.starting import copy_post
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.copying import PostCopy, SlotCopy
from yanzhen.planning.events import POST_DROPPED, PostDropped
from yanzhen.planning.models import Post, PostQuerySet, Slot, SlotQuerySet
from yanzhen.planning.states import POST, PostState


@transaction.atomic
def copy_week(
    slots: Sequence[SlotCopy], posts: Sequence[PostCopy], *, by: Member, now: datetime
) -> tuple[list[Slot], list[Post]]:
    """Make what slot_copies and post_copies found and nothing keeps back; all or none.

    Each post is a draft of its own, written by whoever copies: no review of the first one counts
    for it. Raises NotAllowed, what add_slot raises, and what copy_post raises for a draft whose
    media is gone.
    """
    return copy_slots(slots, by=by, now=now), _copy_drafts(posts, by=by, now=now)


def _copy_drafts(copies: Sequence[PostCopy], *, by: Member, now: datetime) -> list[Post]:
    made = []
    wanted = [each for each in copies if not each.why]
    there = Post.objects.visible_to(by).live().filter(due_at__in={each.at for each in wanted})
    standing = set(there.values_list("account_id", "due_at"))
    for each in wanted:
        if (each.post.account_id, each.at) in standing:
            continue
        copied = copy_post(each.post, by=by, now=now)
        zone = each.post.due_zone
        made.append(time_post(copied, by=by, wall=each.wall, zone=zone, fold=each.fold, now=now))
    return made


@transaction.atomic
def uncopy_week(
    slots: SlotQuerySet, posts: PostQuerySet, *, by: Member, now: datetime
) -> tuple[int, int]:
    """Remove those of ``slots`` and ``posts`` nobody has changed since they were copied.

    Returns how many, and how many stay because somebody changed them. Whoever may write may take
    back what they have just made: no right to drop posts is asked for. Raises NotAllowed.
    """
    count, kept = uncopy_slots(slots, by=by, now=now)
    own = posts.live().filter(author=by)
    mine = own.filter(state=PostState.DRAFT, updated_at=F("created_at")).select_for_update()
    untouched = list(mine)
    kept += own.exclude(pk__in=[post.pk for post in untouched]).count()
    for post in untouched:
        require(by, Decision.POST_WRITE, workspace_id=post.workspace_id, account_id=post.account_id)
        was = POST.apply(post, "drop", now=now, updated_at=now)
        record(
            POST_DROPPED,
            PostDropped(was=was),
            actor=by.ref,
            subject=post.ref,
            workspace_id=post.workspace_id,
            at=now,
        )
        count += 1
    return count, kept
