"""Putting a post into a slot of the plan."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.models import Post, Slot
from yanzhen.planning.queries_slots import post_in, shown_slot
from yanzhen.planning.states import SlotState


class SlotTaken(Exception):
    """A post goes out within the slot by now."""


class HasTime(Exception):
    """The post has a time by now, which somebody chose for it."""


@transaction.atomic
def fill_slot(slot: Slot, post: Post, *, seen: int | None, by: Member, now: datetime) -> Post:
    """Give a post without a time that of the slot. ``post`` must be of the slot's account.

    ``seen`` is the revision of the slot that the page showed. Raises MoveRefused where it is
    another by now, SlotTaken, HasTime, and what time_post raises.
    """
    require(by, Decision.POST_SCHEDULE, workspace_id=slot.workspace_id, account_id=slot.account_id)
    fresh = Slot.objects.select_for_update().get(pk=slot.pk)
    if fresh.state == SlotState.REMOVED or fresh.state_version != seen:
        raise MoveRefused(fresh, "fill", fresh.state)
    if post.due_at is not None:
        raise HasTime(str(post))
    shown = shown_slot(by, slot, now=now)
    if post_in(by, shown) is not None:
        raise SlotTaken(str(slot))
    zone = slot.account.zone
    local = shown.takes_at.astimezone(slot.account.tz)
    wall = local.replace(tzinfo=None, fold=0)
    return time_post(post, by=by, wall=wall, zone=zone, fold=local.fold, now=now)
