"""Guests: invite one to a round by a link, end the link, and what the guest does with it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.discussion.actions.talking import NothingSaid
from yanzhen.discussion.models import BODY_LENGTH
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import clean_text
from yanzhen.people.actions.invitations import token_hash
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed, require
from yanzhen.planning.embargoes import Embargo
from yanzhen.planning.models import Post
from yanzhen.review.actions.rounds import (
    Judge,
    ReasonMissing,
    lock_step,
    settle_pass,
    settle_return,
)
from yanzhen.review.events import (
    GUEST_INVITED,
    GUEST_READ,
    GUEST_REVOKED,
    GUEST_SAID,
    GuestInvited,
    GuestLinked,
    GuestSaid,
)
from yanzhen.review.models import (
    NAME_LENGTH,
    GuestLink,
    GuestRemark,
    Round,
    RoundStep,
    Verdict,
    guest_may_decide,
    standing_of,
)
from yanzhen.review.states import GuestStanding, RoundState, StepState, VerdictKind

DAYS = 7
MOST_DAYS = 30
MOST_LINKS = 20
MOST_REMARKS = 50


class InviteRefused(Exception):
    """``why``: name, days, step, embargo, many, decided or taken.

    "embargo": nobody said that the guest may read it before the lift. "decided": the inviter has
    decided in this round or invited another guest to, and answers for one decision only. "taken":
    another guest may decide the step already.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class LinkClosed(Exception):
    """The link shows its post no more; ``standing`` says why."""

    def __init__(self, standing: GuestStanding) -> None:
        super().__init__(standing.value)
        self.standing = standing


class LinkRevoked(Exception):
    """The link was revoked already."""


class GuestRefused(Exception):
    """``why``: name (missing), decided (by this link already), step (not open to the guest), many.

    "step" is also what a guest hears whose inviter may answer for no decision here any more.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class GuestWish:
    """Whom to invite to what. ``step`` None: to read and comment. ``past_embargo``: said yes."""

    name: str
    language: str = "en"
    step: RoundStep | None = None
    days: int = DAYS
    past_embargo: bool = False


def _clean_name(given: str) -> str:
    """Return a name on one line, "" when it is none or too long."""
    name = " ".join(clean_text(given).split())
    return name if len(name) <= NAME_LENGTH else ""


def _writers(round_: Round) -> set[int]:
    return {round_.post.author_id, *round_.post.writers.values_list("pk", flat=True)}


def _check_step(round_: Round, step: RoundStep, *, by: Member, now: datetime) -> None:
    """Refuse a guest's decision that would be one pair of eyes too few.

    The inviter answers for it, so nobody invites to decide on what they wrote, and nobody is two
    levels of a round, as themselves or by a guest.
    """
    if {by.pk, by.acting_for.pk if by.acting_for else by.pk} & _writers(round_):
        raise NotAllowed(Decision.GUEST_INVITE, "own_work")
    open_ = step.state in (StepState.COMING, StepState.NOW)
    if step.round_id != round_.pk or not open_ or not guest_may_decide(step):
        raise InviteRefused("step")
    deciding = GuestLink.objects.unrevoked().filter(round=round_, step__isnull=False)
    deciding = deciding.filter(verdict=None, expires_at__gt=now)
    decided = Verdict.objects.filter(round=round_)
    if deciding.filter(inviter=by).exists() or decided.filter(member=by).exists():
        raise InviteRefused("decided")
    of_step = decided.filter(step=step, guest__isnull=False)
    if deciding.filter(step=step).exists() or of_step.exists():
        raise InviteRefused("taken")


@transaction.atomic
def invite_guest(
    round_: Round, *, wish: GuestWish, by: Member, now: datetime
) -> tuple[GuestLink, str]:
    """Open a round's version to somebody without an account; return the link and its secret.

    The secret is kept nowhere. Raises NotAllowed, MoveRefused (the round is over), TextRefused and
    InviteRefused.
    """
    require(
        by,
        Decision.GUEST_INVITE,
        workspace_id=round_.workspace_id,
        account_id=round_.post.account_id,
    )
    name = _clean_name(wish.name)
    if not name:
        raise InviteRefused("name")
    if not 1 <= wish.days <= MOST_DAYS:
        raise InviteRefused("days")
    Round.objects.select_for_update().get(pk=round_.pk)
    round_ = Round.objects.select_related("post", "version").get(pk=round_.pk)
    if round_.state != RoundState.OPEN:
        raise MoveRefused(round_, "invite", round_.state)
    if not Post.objects.visible_to(by).filter(pk=round_.post_id).exists():
        raise Post.DoesNotExist(round_.post_id)
    embargoed = Embargo.objects.standing().filter(post_id=round_.post_id).exists()
    if embargoed and not wish.past_embargo:
        raise InviteRefused("embargo")
    links = GuestLink.objects.unrevoked().filter(round=round_, expires_at__gt=now)
    if links.count() >= MOST_LINKS:
        raise InviteRefused("many")
    if wish.step is not None:
        _check_step(round_, RoundStep.objects.get(pk=wish.step.pk), by=by, now=now)
    secret = secrets.token_urlsafe(32)
    link = GuestLink.objects.create(
        workspace_id=round_.workspace_id,
        round=round_,
        step=wish.step,
        inviter=by,
        name=name,
        language=wish.language,
        past_embargo=embargoed,
        secret_hash=token_hash(secret),
        created_at=now,
        expires_at=now + timedelta(days=wish.days),
    )
    record(
        GUEST_INVITED,
        GuestInvited(
            post=round_.post_id,
            version=round_.version.number,
            digest=round_.digest,
            link=link.pk,
            guest=name,
            level=wish.step.position + 1 if wish.step else 0,
            until=f"{link.expires_at:%Y-%m-%d %H:%M}",
            embargo=embargoed,
        ),
        actor=by.ref,
        subject=round_.ref,
        workspace_id=round_.workspace_id,
        at=now,
    )
    return link, secret


@transaction.atomic
def revoke_guest(link: GuestLink, *, by: Member, now: datetime) -> None:
    """End a link. What the guest said and decided stands. Raises NotAllowed and LinkRevoked."""
    require(
        by,
        Decision.GUEST_INVITE,
        workspace_id=link.workspace_id,
        account_id=link.round.post.account_id,
    )
    # As a decision does, so that one of the two is first and the other sees it.
    Round.objects.select_for_update().get(pk=link.round_id)
    rows = GuestLink.objects.unrevoked().filter(pk=link.pk)
    if rows.update(revoked_at=now, revoked_by=by) != 1:
        raise LinkRevoked
    record(
        GUEST_REVOKED,
        _linked(link),
        actor=by.ref,
        subject=link.round.ref,
        workspace_id=link.workspace_id,
        at=now,
    )


def _linked(link: GuestLink) -> GuestLinked:
    round_ = link.round
    return GuestLinked(post=round_.post_id, link=link.pk, guest=link.name, digest=round_.digest)


@transaction.atomic
def note_reading(link: GuestLink, *, now: datetime) -> None:
    """Record that the guest opened the post for the first time; later readings change nothing."""
    if GuestLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now):
        _record(GUEST_READ, _linked(link), link, now=now)


def _record(
    kind: Kind, payload: GuestLinked | GuestSaid, link: GuestLink, *, name: str = "", now: datetime
) -> None:
    record(
        kind,
        payload,
        actor=link.ref(name),
        subject=link.round.ref,
        workspace_id=link.workspace_id,
        at=now,
    )


def _open_link(link: GuestLink, *, seen: str, now: datetime) -> GuestLink:
    """Lock the round and return the link as it is now. Raises LinkClosed.

    ``seen`` is the digest of the page the guest read: another one is another text.
    """
    Round.objects.select_for_update().get(pk=link.round_id)
    found = GuestLink.objects.whole().get(pk=link.pk)
    standing = standing_of(found, now=now)
    if standing is not GuestStanding.OPEN:
        raise LinkClosed(standing)
    if seen != found.round.digest:
        raise LinkClosed(GuestStanding.CHANGED)
    return found


@transaction.atomic
def remark_as_guest(
    link: GuestLink, *, seen: str, name: str, body: str, now: datetime
) -> GuestRemark:
    """Say something about the version of the link. ``seen`` is the digest that was read.

    Raises LinkClosed, GuestRefused (name, many), NothingSaid and TextRefused.
    """
    name, body = _clean_name(name), clean_text(body).strip()
    if not name:
        raise GuestRefused("name")
    if not body or len(body) > BODY_LENGTH:
        raise NothingSaid
    link = _open_link(link, seen=seen, now=now)
    if link.remarks.count() >= MOST_REMARKS:
        raise GuestRefused("many")
    same = link.remarks.filter(body=body, name=name).order_by("-pk").first()
    if same is not None:
        # A form sent twice says it once.
        return same
    remark = GuestRemark.objects.create(link=link, name=name, body=body, at=now)
    said = GuestSaid(
        post=link.round.post_id, link=link.pk, body=body[:200], digest=link.round.digest
    )
    _record(GUEST_SAID, said, link, name=name, now=now)
    return remark


@transaction.atomic
def decide_as_guest(
    link: GuestLink,
    *,
    seen: str,
    name: str,
    kind: str,
    reason: str = "",
    comment: str = "",
    now: datetime,
) -> RoundStep:
    """Pass or return (VerdictKind) the link's one step, signed with ``name``.

    ``seen`` is the digest that was read. A return needs a reason (Reason) and a comment. Raises
    LinkClosed, GuestRefused, ReasonMissing, TextRefused, and MoveRefused (somebody decided, or the
    step does not wait yet).
    """
    name, comment = _clean_name(name), clean_text(comment).strip()
    if not name:
        raise GuestRefused("name")
    if kind == VerdictKind.RETURN and not (reason and comment):
        raise ReasonMissing
    link = _open_link(link, seen=seen, now=now)
    if link.step is None or not guest_may_decide(link.step):
        raise GuestRefused("step")
    if link.inviter_id in _writers(link.round):
        raise GuestRefused("step")
    step = lock_step(link.step)
    judge = Judge(link.inviter, link.ref(name), link=link, name=name)
    try:
        if kind == VerdictKind.PASS:
            return settle_pass(step, by=judge, comment=comment, now=now)
        return settle_return(step, by=judge, reason=reason, comment=comment, now=now)
    except NotAllowed:
        # By this link, or by whoever answers for it.
        raise GuestRefused("decided") from None
