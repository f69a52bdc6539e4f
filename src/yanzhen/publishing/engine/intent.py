"""The intent: one short transaction that checks everything again and is on disk before the send."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from yanzhen.channels import prices
from yanzhen.kernel import clock
from yanzhen.planning.content import Content
from yanzhen.planning.embargoes import Embargo
from yanzhen.planning.models import Post, Version, content_of
from yanzhen.planning.states import PostState
from yanzhen.publishing.engine import gates, looks, money, runaway
from yanzhen.publishing.engine.claim import grace
from yanzhen.publishing.engine.crash import crash_point
from yanzhen.publishing.engine.editing import target_fault
from yanzhen.publishing.engine.prepare import (
    CannotSend,
    Missed,
    NotNow,
    Prepared,
    hash_of,
    parent_of,
    payload_of,
)
from yanzhen.publishing.models import Attempt, Delivery, Removal
from yanzhen.publishing.states import DELIVERY, HoldReason
from yanzhen.review.models import Round, RoundStep, Verdict, guest_may_decide
from yanzhen.review.states import RoundState, StepKind, StepState, VerdictKind

_MAY_GO_OUT = (PostState.SCHEDULED, PostState.PARTIAL)


def approval_fault(post: Post, version: Version, content: Content, digest: str) -> str:
    """Return why this version of the post may not go out, or "" when it may.

    Everything is asked from the rows of this moment: ``content``, which is the version's, the
    passed round for it, and a full quorum of distinct members on every level, none of whom wrote
    any of it. A guest counts as the member who invited them, and on a level open to guests alone.
    Who decided for somebody else used up that one's right too, and none of the writers' is used.
    """
    if post.version_id != version.pk or version.post_id != post.pk:
        return "another version is current"
    if content.digest(post.account_id) != digest or version.digest != digest:
        return "the text or the account is not the one that was passed"
    round_ = Round.objects.filter(post=post, version=version).order_by("-number").first()
    if round_ is None or round_.state != RoundState.PASSED or round_.digest != digest:
        return "no passed round for this text"
    return _quorum_fault(post, round_, digest)


def _quorum_fault(post: Post, round_: Round, digest: str) -> str:
    """Return which level lacks its people, or ""."""
    writers = {post.author_id, *post.writers.values_list("pk", flat=True)}
    passes = list(
        Verdict.objects.filter(round=round_, kind=VerdictKind.PASS, digest=digest).values_list(
            "step_id", "member_id", "acting_for_id"
        )
    )
    counted = [member for _, member, _ in passes] + [lender for *_, lender in passes if lender]
    if len(set(counted)) != len(counted):
        return "one member passed two levels"
    if not _guests_fit(round_):
        return "a guest passed what no guest may pass"
    by_others = Counter(step for step, *both in passes if not writers & set(both))
    for step in RoundStep.objects.filter(round=round_):
        if step.state != StepState.PASSED:
            return "a level is not passed"
        if step.kind == StepKind.ROLE and by_others[step.pk] < step.quorum:
            return "a level lacks its quorum of others than the authors"
    return ""


def _guests_fit(round_: Round) -> bool:
    """Tell whether each guest's pass came by a link for that very step, of who answers for it."""
    passes = Verdict.objects.filter(round=round_, kind=VerdictKind.PASS, guest__isnull=False)
    return all(
        (each.guest.round_id, each.guest.step_id, each.guest.inviter_id)
        == (round_.pk, each.step_id, each.member_id)
        and guest_may_decide(each.step)
        for each in passes.select_related("guest", "step")
        if each.guest is not None
    )


def _check_content(delivery: Delivery, post: Post, prepared: Prepared) -> None:
    version = Version.objects.get(pk=delivery.version_id)
    content = content_of(version)
    fault = approval_fault(post, version, content, delivery.digest)
    if not fault:
        passed = payload_of(delivery, content, reply_to_id=parent_of(delivery, content))
        same_row = (delivery.text, delivery.kind, delivery.target_id) == (
            content.segments[delivery.position].text,
            content.kind,
            content.target,
        )
        same_payload = (passed, hash_of(passed)) == (prepared.payload, prepared.payload_hash)
        if not (same_row and same_payload):
            fault = "the payload is not what was passed"
    if fault:
        raise CannotSend(HoldReason.EDITED, fault)


class GateMissing(NotNow):
    """A gate that every send of this post must lock does not exist yet."""


def _check_gates(post: Post) -> None:
    found = gates.lock_for_sending(post)
    if len(found) != gates.expected(post):
        raise GateMissing
    if any(gate.frozen for gate in found):
        raise CannotSend(HoldReason.FROZEN)


def _check_look(delivery: Delivery) -> None:
    """Give back what the lead has not cleared, or no longer: it waits, it does not need a person.

    Nobody takes a clearance back once the delivery is claimed, so what is read here stands.
    """
    if looks.lacking(Delivery.objects.filter(pk=delivery.pk)).exists():
        raise NotNow("it waits for the lead’s last look")


def _check_embargo(post: Post, *, now: datetime) -> None:
    """Refuse what would be out before its embargo lifts. ``now`` is the database's."""
    if Embargo.objects.filter(post=post, lifts_at__gt=now).exists():
        raise CannotSend(HoldReason.EMBARGO)


def _check_wishes(delivery: Delivery, *, now: datetime) -> None:
    """Refuse what a member wants deleted, and edits and reposts that X would not take any more."""
    if Removal.objects.filter(delivery=delivery).exists():
        raise CannotSend(HoldReason.BY_HAND, "it is to be deleted")
    why = target_fault(delivery.version, account=delivery.account, now=now)
    if why is not None:
        raise CannotSend(why)


def _check_amount(delivery: Delivery, prepared: Prepared, *, now: datetime) -> None:
    why = runaway.fault(delivery, prepared.payload_hash, now=now)
    if why:
        raise CannotSend(HoldReason.RUNAWAY, why)
    price = prices.total(money.charges_for(delivery, prepared.payload))
    if money.over_budget(delivery, price, now=now):
        raise CannotSend(HoldReason.MONEY, prices.dollars(price))


def intend(delivery: Delivery, prepared: Prepared) -> Attempt:
    """Write the attempt, move the delivery to sending, commit durably, and return the attempt.

    Only after this may anything leave. Raises CannotSend, Missed, NotNow, and MoveRefused when the
    claim was lost meanwhile.
    """
    try:
        return _intend(delivery, prepared)
    except GateMissing:
        gates.make_missing(delivery.post)
        return _intend(delivery, prepared)


def _intend(delivery: Delivery, prepared: Prepared) -> Attempt:
    with transaction.atomic(durable=True):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = on")
        post = Post.objects.get(pk=delivery.post_id)
        _check_gates(post)
        now = clock.database_now()
        if post.state not in _MAY_GO_OUT:
            raise CannotSend(HoldReason.EDITED, f"the post is {post.state}")
        _check_embargo(post, now=now)
        _check_look(delivery)
        _check_content(delivery, post, prepared)
        if now < delivery.due_at:
            raise NotNow("not due yet")
        if now - delivery.due_at > grace():
            raise Missed
        _check_wishes(delivery, now=now)
        _check_amount(delivery, prepared, now=now)
        attempt = _write(delivery, prepared, now=now)
        crash_point("intending")
    crash_point("intended")
    return attempt


def _write(delivery: Delivery, prepared: Prepared, *, now: datetime) -> Attempt:
    deadline = now + timedelta(seconds=settings.ENV.x_timeout_seconds)
    DELIVERY.apply(delivery, "intend", now=now, lease_until_at=deadline)
    return Attempt.objects.create(
        delivery=delivery,
        number=Attempt.objects.filter(delivery=delivery).count() + 1,
        epoch=delivery.epoch,
        owner=delivery.owner,
        payload=prepared.payload,
        payload_hash=prepared.payload_hash,
        since_id=prepared.since_id,
        intended_at=now,
        deadline_at=deadline,
    )
