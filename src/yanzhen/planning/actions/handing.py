"""Handing over what a leaving member was writing and had promised.

Only to who may go on with it by their own roles: what was lent to them ends, and the work does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yanzhen.people.grants import held
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Post, Slot
from yanzhen.planning.states import SETTLED, WRITABLE


def hand_over_drafts(member: Member, to: Member, by: Member, now: datetime) -> int:
    """Make ``to`` the author of the member's drafts; for the transaction of people's hand_over.

    Who wrote so far stays known, and the new author joins them, so nobody may pass it who had a
    hand in it. Posts on their way stay: another author would be another approval. Posts of accounts
    for which ``to`` may not write and submit stay as well.
    """
    seen = Post.objects.visible_to(to).values("pk")
    drafts = drafts_of(member, by, now)
    posts = list(drafts.filter(pk__in=seen, account__in=_accounts_for(to, drafts, _AUTHOR)))
    for post in posts:
        post.writers.add(to)
    numbers = [post.pk for post in posts]
    return Post.objects.filter(pk__in=numbers).update(author=to, updated_at=now)


def hand_over_slots(member: Member, to: Member, by: Member, now: datetime) -> int:
    """Give the member's coming slots to ``to``; for the transaction of people's hand_over.

    Those of accounts for which ``to`` may not write stay.
    """
    slots = slots_of(member, by, now)
    return slots.filter(account__in=_accounts_for(to, slots, _OWNER)).update(owner=to)


def takers_of_drafts(
    member: Member, by: Member, now: datetime, team: Sequence[Member]
) -> list[Member]:
    """Return who of the team may go on with at least one of the member's drafts."""
    return _able(team, drafts_of(member, by, now), _AUTHOR)


def takers_of_slots(
    member: Member, by: Member, now: datetime, team: Sequence[Member]
) -> list[Member]:
    """Return who of the team may fill at least one of the member's slots."""
    return _able(team, slots_of(member, by, now), _OWNER)


#: What the author of a draft must be able to do with it, and whoever is to fill a slot.
_AUTHOR = frozenset({Decision.POST_WRITE, Decision.POST_SUBMIT})
_OWNER = frozenset({Decision.POST_WRITE})


def _accounts_of(rows: QuerySet[Any]) -> set[int]:
    return set(rows.order_by().values_list("account_id", flat=True).distinct())


def _accounts_for(to: Member, rows: QuerySet[Any], needs: frozenset[Decision]) -> list[int]:
    """Return for which accounts of the rows the member decides all of that by their own roles."""
    fresh = Member.objects.with_roles().get(pk=to.pk)
    return [number for number in _accounts_of(rows) if needs <= held(fresh.grants, number)]


def _able(team: Sequence[Member], rows: QuerySet[Any], needs: frozenset[Decision]) -> list[Member]:
    numbers = _accounts_of(rows)
    return [one for one in team if any(needs <= held(one.grants, number) for number in numbers)]


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
