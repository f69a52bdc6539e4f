"""Who is on an embargo's list, who may change it, and what a post's page shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from yanzhen.people.models import Member, MemberQuerySet
from yanzhen.people.rights import Decision
from yanzhen.planning.embargoes import Embargo, EmbargoWish
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState

#: What is out, or will never be, has nothing left to keep.
_TOO_LATE = frozenset({PostState.PUBLISHED, PostState.PARTIAL, PostState.DROPPED})


def insiders(post: Post) -> MemberQuerySet:
    """Return who may read the post under its embargo; those who wrote it when there is none."""
    here = Member.objects.filter(workspace_id=post.workspace_id)
    reads = Embargo.readers.through.objects.filter(embargo__post=post).values("member_id")
    writes = Post.writers.through.objects.filter(post_id=post.pk).values("member_id")
    return here.filter(Q(pk=post.author_id) | Q(pk__in=reads) | Q(pk__in=writes))


def may_embargo(member: Member, post: Post) -> bool:
    """Tell whether the member may set, tighten, propose and confirm: the author and planners."""
    decision = Decision.POST_WRITE if member.pk == post.author_id else Decision.POST_SCHEDULE
    return member.may(decision, account_id=post.account_id)


def can_embargo(post: Post) -> bool:
    """Tell whether there is anything left to keep."""
    return post.state not in _TOO_LATE


@dataclass(frozen=True, slots=True)
class Wished:
    """An open proposal, and who would be on the list or off it."""

    wish: EmbargoWish
    joins: Sequence[Member]
    leaves: Sequence[Member]


@dataclass(frozen=True, slots=True)
class EmbargoShown:
    """A standing embargo as its insiders see it.

    ``people`` is everybody who may read the post, the writers first; ``early`` tells that the post
    is due before it lifts.
    """

    embargo: Embargo
    people: Sequence[Member]
    readers: Sequence[int]
    wished: Wished | None
    early: bool


def embargo_of(post: Post) -> EmbargoShown | None:
    """Return the post's standing embargo, None when it has none. ``post`` with_names()."""
    embargo = post.standing_embargo
    if embargo is None:
        return None
    readers = list(embargo.readers.values_list("pk", flat=True))
    people = list(insiders(post).select_related("user").order_by("user__name", "pk"))
    people.sort(key=lambda member: member.pk in readers)
    found = embargo.wishes.filter(closed_at=None).select_related("asked_by__user").first()
    return EmbargoShown(
        embargo=embargo,
        people=people,
        readers=readers,
        wished=_wished(found, people, readers) if found else None,
        early=post.due_at is not None and post.due_at < embargo.lifts_at,
    )


def _wished(wish: EmbargoWish, people: Sequence[Member], readers: Sequence[int]) -> Wished:
    wanted = list(wish.readers.select_related("user").order_by("user__name", "pk"))
    numbers = {member.pk for member in wanted}
    return Wished(
        wish=wish,
        joins=[each for each in wanted if each.pk not in readers],
        leaves=[each for each in people if each.pk in readers and each.pk not in numbers],
    )
