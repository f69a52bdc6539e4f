"""Embargoes: one member makes one stricter, two make it looser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import clean_text
from yanzhen.kernel.wall_time import Resolved, resolve, tzdata_version
from yanzhen.people.models import Member, MemberQuerySet
from yanzhen.people.rights import Decision, NotAllowed, require
from yanzhen.planning.actions.timing import WALL, InThePast
from yanzhen.planning.embargoes import REASON_LENGTH, Embargo, EmbargoWish
from yanzhen.planning.events import (
    EMBARGO_LOOSENED,
    EMBARGO_SET,
    EMBARGO_TIGHTENED,
    EMBARGO_WISH_CLOSED,
    EMBARGO_WISHED,
    EmbargoSet,
    EmbargoWished,
)
from yanzhen.planning.models import Post
from yanzhen.planning.queries_embargo import can_embargo, insiders, may_embargo

RIGHT = Decision.POST_SCHEDULE
#: One proposes to loosen it, another one confirms.
LEAST_PEOPLE = 2


class NobodyToConfirm(Exception):
    """Fewer than two people on the list could ever loosen the embargo."""


class WishWaits(Exception):
    """Somebody has proposed to loosen it already; that is settled first."""


class ReasonMissing(Exception):
    """Loosening needs a reason."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an embargo is to be: ``wall`` (naive, to the minute) in ``zone``, ``fold`` of a repeated
    hour, and ``readers`` beside the writers.
    """

    wall: datetime
    zone: str
    readers: Sequence[Member]
    fold: int | None = None
    reason: str = ""


@transaction.atomic
def set_embargo(post: Post, *, by: Member, terms: Terms, now: datetime) -> Embargo | EmbargoWish:
    """Put a post under embargo or change its embargo, and return what came of it.

    A first embargo, a later lift and a shorter list stand at once. An earlier lift or somebody new
    on the list is only wished for: the EmbargoWish waits for a second person. ``now`` is by the
    database's clock. Raises NotAllowed, GapTime, FoldTime, UnknownZone, InThePast, TextRefused,
    NobodyToConfirm, WishWaits, ReasonMissing, and MoveRefused (out, dropped, or on its way to X).
    """
    post = _open(post, by)
    lift = resolve(terms.wall.replace(second=0, microsecond=0), terms.zone, terms.fold)
    if lift.at <= now:
        raise InThePast(str(lift.at))
    reason = _reason(terms.reason)
    readers = _readers(post, terms.readers, by)
    before = Embargo.objects.filter(post=post).select_for_update().first()
    if before is not None and before.lifts_at > now:
        had = set(before.readers.values_list("pk", flat=True))
        fresh = {each.pk for each in readers} - had - _writers(post)
        if lift.at < before.lifts_at or fresh:
            return _wish(before, post, by=by, terms=terms, lift=lift, readers=readers, now=now)
    _two_can_loosen(post, readers)
    kind = EMBARGO_SET if before is None or before.lifts_at <= now else EMBARGO_TIGHTENED
    embargo = before or Embargo(workspace_id=post.workspace_id, post=post, revision=0)
    embargo.lifts_wall, embargo.lifts_zone = terms.wall.strftime(WALL), terms.zone
    embargo.lifts_fold, embargo.lifts_tzdata, embargo.lifts_at = lift.fold, lift.tzdata, lift.at
    embargo.reason, embargo.set_by, embargo.set_at = reason, by, now
    embargo.revision += 1
    embargo.save()
    embargo.readers.set(readers)
    # A proposal was about the embargo as it was.
    EmbargoWish.objects.filter(embargo=embargo, closed_at=None).update(closed_at=now)
    _tell(kind, embargo, post, by=by, now=now)
    return embargo


@transaction.atomic
def wish_end(post: Post, *, by: Member, reason: str, now: datetime) -> EmbargoWish:
    """Propose to end the embargo at once. Raises NotAllowed, WishWaits, ReasonMissing,
    TextRefused, and MoveRefused when none stands.
    """
    post = _open(post, by)
    before = _standing(post, now=now)
    readers = list(before.readers.all())
    return _wish(before, post, by=by, reason=reason, lift=None, readers=readers, now=now)


@transaction.atomic
def confirm_wish(wish: EmbargoWish, *, by: Member, now: datetime) -> Embargo:
    """Loosen the embargo as somebody else proposed.

    Raises NotAllowed (no right, or one's own proposal), and MoveRefused when the proposal is closed
    or the embargo is another one by now.
    """
    wish, embargo, post = _locked(wish, by, now=now)
    if wish.asked_by_id == by.pk:
        raise NotAllowed(RIGHT, "own_proposal")
    if by.acting_for is not None and by.acting_for.pk == wish.asked_by_id:
        raise NotAllowed(RIGHT, "lent_own")
    if wish.revision != embargo.revision:
        raise MoveRefused(post, "embargo", "changed")
    if wish.lifts_at is None:
        embargo.lifts_at = now
        embargo.lifts_wall = embargo.lifts_local.strftime(WALL)
        embargo.lifts_fold, embargo.lifts_tzdata = embargo.lifts_local.fold, tzdata_version()
    else:
        for name in ("lifts_wall", "lifts_zone", "lifts_fold", "lifts_tzdata", "lifts_at"):
            setattr(embargo, name, getattr(wish, name))
    embargo.reason, embargo.set_by, embargo.set_at = wish.reason, by, now
    embargo.revision += 1
    embargo.save()
    embargo.readers.set(wish.readers.all())
    EmbargoWish.objects.filter(pk=wish.pk).update(closed_at=now, confirmed_by=by)
    _tell(EMBARGO_LOOSENED, embargo, post, by=by, now=now)
    return embargo


@transaction.atomic
def close_wish(wish: EmbargoWish, *, by: Member, now: datetime) -> None:
    """Turn a proposal down, or take one's own back; the embargo stays. Raises as confirm_wish."""
    wish, _embargo, post = _locked(wish, by, now=now)
    EmbargoWish.objects.filter(pk=wish.pk).update(closed_at=now)
    _tell_wish(EMBARGO_WISH_CLOSED, wish, post, by=by, now=now)


def inherit_embargo(post: Post, source: Post, *, now: datetime) -> None:
    """Put a copy under the embargo of what it was copied from; for the caller's transaction."""
    found = Embargo.objects.filter(post=source, lifts_at__gt=now).first()
    if found is None:
        return
    readers = [member for member in insiders(source) if member.pk != post.author_id]
    found.pk, found.post, found.revision = None, post, 1
    found._state.adding = True
    found.save()
    found.readers.set(readers)
    _tell(EMBARGO_SET, found, post, by=post.author, now=now)


def _open(post: Post, by: Member) -> Post:
    """Lock the post. Raises NotAllowed and MoveRefused."""
    fresh = Post.objects.select_for_update().get(pk=post.pk)
    _allowed(by, fresh)
    if not can_embargo(fresh):
        raise MoveRefused(fresh, "embargo", fresh.state)
    return fresh


def _allowed(by: Member, post: Post) -> None:
    if by.pk == post.author_id:
        require(by, Decision.POST_WRITE, workspace_id=post.workspace_id, account_id=post.account_id)
    else:
        require(by, RIGHT, workspace_id=post.workspace_id, account_id=post.account_id)
    if not Post.objects.visible_to(by).filter(pk=post.pk).exists():
        # Whoever was taken off the list meanwhile learns no more than that it changed.
        raise MoveRefused(post, "embargo", "gone")


def _standing(post: Post, *, now: datetime) -> Embargo:
    rows = Embargo.objects.filter(post=post, lifts_at__gt=now)
    found = rows.select_for_update().first()
    if found is None:
        raise MoveRefused(post, "embargo", "changed")
    return found


def _locked(wish: EmbargoWish, by: Member, *, now: datetime) -> tuple[EmbargoWish, Embargo, Post]:
    """Lock post, embargo and wish, and check that all three still stand."""
    post = Post.objects.select_for_update().get(embargo__wishes=wish)
    _allowed(by, post)
    embargo = _standing(post, now=now)
    fresh = EmbargoWish.objects.select_for_update().get(pk=wish.pk)
    if fresh.closed_at is not None:
        raise MoveRefused(post, "embargo", "changed")
    return fresh, embargo, post


def _reason(reason: str) -> str:
    return " ".join(clean_text(reason).split())[:REASON_LENGTH]


def _writers(post: Post) -> set[int]:
    return {post.author_id, *post.writers.values_list("pk", flat=True)}


def _readers(post: Post, asked: Sequence[Member], by: Member) -> list[Member]:
    """Return who is to be on the list, the setter always. Raises NotAllowed for strangers."""
    if any(each.workspace_id != post.workspace_id for each in asked):
        raise NotAllowed(RIGHT, "elsewhere")
    wanted = {each.pk: each for each in (*asked, by)}
    writers = _writers(post)
    return [each for each in wanted.values() if each.pk not in writers]


def _two_can_loosen(post: Post, readers: Sequence[Member]) -> None:
    numbers = _writers(post) | {each.pk for each in readers}
    people = Member.objects.filter(pk__in=numbers).active().with_roles()
    if sum(may_embargo(each, post) for each in people) < LEAST_PEOPLE:
        raise NobodyToConfirm


def _wish(
    embargo: Embargo,
    post: Post,
    *,
    by: Member,
    lift: Resolved | None,
    readers: Sequence[Member],
    terms: Terms | None = None,
    reason: str = "",
    now: datetime,
) -> EmbargoWish:
    reason = _reason(terms.reason if terms else reason)
    if not reason:
        raise ReasonMissing
    if EmbargoWish.objects.filter(embargo=embargo, closed_at=None).exists():
        raise WishWaits
    wish = EmbargoWish(embargo=embargo, revision=embargo.revision, reason=reason)
    wish.asked_by, wish.asked_at = by, now
    if lift is not None and terms is not None:
        wish.lifts_wall, wish.lifts_zone = terms.wall.strftime(WALL), terms.zone
        wish.lifts_fold, wish.lifts_tzdata, wish.lifts_at = lift.fold, lift.tzdata, lift.at
    wish.save()
    wish.readers.set(readers)
    _tell_wish(EMBARGO_WISHED, wish, post, by=by, now=now)
    return wish


def _names(rows: MemberQuerySet) -> list[str]:
    return sorted(rows.values_list("user__name", flat=True))


def _tell(kind: Kind, embargo: Embargo, post: Post, *, by: Member, now: datetime) -> None:
    record(
        kind,
        EmbargoSet(
            until=embargo.lifts_wall.replace("T", " "),
            zone=embargo.lifts_zone,
            readers=_names(insiders(post)),
            reason=embargo.reason,
        ),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )


def _tell_wish(kind: Kind, wish: EmbargoWish, post: Post, *, by: Member, now: datetime) -> None:
    numbers = wish.readers.values("pk")
    record(
        kind,
        EmbargoWished(
            wish=wish.pk,
            until=wish.lifts_wall.replace("T", " "),
            zone=wish.lifts_zone,
            readers=_names(Member.objects.filter(pk__in=numbers)),
            reason=wish.reason,
        ),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
