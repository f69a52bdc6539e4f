"""Handing over what a leaving member was writing and had promised."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from yanzhen.people.models import Member
from yanzhen.planning.models import Post, Slot
from yanzhen.planning.states import SETTLED, WRITABLE


def hand_over_drafts(member: Member, to: Member, by: Member, now: datetime) -> int:
    """Make ``to`` the author of the member's drafts; for the transaction of people's hand_over.

    Who wrote so far stays known, and the new author joins them, so nobody may pass it who had a
    hand in it. Posts on their way stay: another author would be another approval.
    """
    seen = Post.objects.visible_to(to).values("pk")
    posts = list(drafts_of(member, by, now).filter(pk__in=seen))
    for post in posts:
        post.writers.add(to)
    numbers = [post.pk for post in posts]
    return Post.objects.filter(pk__in=numbers).update(author=to, updated_at=now)


def hand_over_slots(member: Member, to: Member, by: Member, now: datetime) -> int:
    """Give the member's coming slots to ``to``; for the transaction of people's hand_over."""
    return slots_of(member, by, now).update(owner=to)


def drafts_of(member: Member, viewer: Member, now: datetime) -> QuerySet[Post]:
    """Return the member's posts that are still being written, as far as ``viewer`` may see."""
    own = Post.objects.visible_to(viewer).filter(author=member)
    return own.filter(state__in=WRITABLE)


def on_their_way(member: Member, viewer: Member, now: datetime) -> QuerySet[Post]:
    """Return the member's posts between the first review and X, as far as ``viewer`` may see."""
    own = Post.objects.visible_to(viewer).filter(author=member)
    return own.exclude(state__in=WRITABLE | SETTLED)


def slots_of(member: Member, viewer: Member, now: datetime) -> QuerySet[Slot]:
    """Return the slots that the member is to fill after ``now``."""
    return Slot.objects.visible_to(viewer).filter(owner=member, starts_at__gt=now)
