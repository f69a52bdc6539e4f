"""Rounds: send a post to review, pass it, return it, withdraw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import record
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, NotAllowed, require
from yanzhen.planning.actions.timing import mark
from yanzhen.planning.actions.writing import cut_version
from yanzhen.planning.models import Post, content_of
from yanzhen.review.actions.copying import copy_lane, copy_steps
from yanzhen.review.actions.fast_clock import settle_run
from yanzhen.review.events import (
    ROUND_OPENED,
    ROUND_PASSED,
    ROUND_WITHDRAWN,
    STEP_PASSED,
    STEP_RETURNED,
    RoundOpened,
    RoundPassed,
    RoundWithdrawn,
    StepDecided,
)
from yanzhen.review.fitness import faults, nobody_passes
from yanzhen.review.models import CheckPoint, FastLane, Flow, GuestLink, Round, RoundStep, Verdict
from yanzhen.review.states import ROUND, STEP, StepKind, StepState, VerdictKind


class NoFlow(Exception):
    """The workspace has no active flow, so nothing can be reviewed."""


class Unticked(Exception):
    """The self-check is not complete. ``points`` are the numbers of the open ones."""

    def __init__(self, points: list[int]) -> None:
        super().__init__(f"open points: {points}")
        self.points = points


class NotFit(Exception):
    """The text cannot go out as it is. ``faults`` are sentences in the reader's language."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("; ".join(found))
        self.faults = found


class ReasonMissing(Exception):
    """Returning needs a reason and a comment that says what to change."""


def _begin(step: RoundStep, *, now: datetime) -> None:
    """Start a step's clock. In the fast lane it is the round's."""
    due = step.round.due_at or now + timedelta(hours=float(step.hours))
    STEP.apply(step, "begin", now=now, started_at=now, due_at=due)


def _advance(round_: Round, *, by: Ref, now: datetime) -> None:
    """Begin the next step, or pass the round when every step is. The post's levels follow.

    Parallel steps begin together, and nothing follows before the last of them is passed.
    """
    steps = list(round_.steps.select_related("round").order_by("position"))
    done = sum(step.state == StepState.PASSED for step in steps)
    coming = [step for step in steps if step.state == StepState.COMING]
    if any(step.state == StepState.NOW for step in steps):
        coming_now = []
    elif coming and coming[0].parallel:
        coming_now = coming
    else:
        coming_now = coming[:1]
    for step in coming_now:
        _begin(step, now=now)
    if done < len(steps):
        Post.objects.filter(pk=round_.post_id).update(levels_done=done, updated_at=now)
        return
    ROUND.apply(round_, "pass", now=now, closed_at=now)
    mark(round_.post, "pass", now=now, levels_done=done)
    record(
        ROUND_PASSED,
        RoundPassed(post=round_.post_id, version=round_.version_id, digest=round_.digest),
        actor=by,
        subject=round_.ref,
        workspace_id=round_.workspace_id,
        at=now,
    )
    settle_run(round_, decided=True, now=now)


@transaction.atomic
def submit_post(
    post: Post,
    *,
    by: Member,
    ticks: Mapping[int, bool],
    comment: str = "",
    lane: FastLane | None = None,
    now: datetime,
) -> Round:
    """Sign the self-check, cut the version, open a round and start its first level.

    ``ticks`` maps CheckPoint numbers to whether the author ticked them; every point of the flow
    must be ticked. Only the post's author signs. ``lane`` is for submit_fast. Raises NotAllowed,
    NoFlow, NothingToCut, NotFit, Unticked, MoveRefused (not a draft, or sent by somebody else
    meanwhile).
    """
    require(by, Decision.POST_SUBMIT, workspace_id=post.workspace_id, account_id=post.account_id)
    if by.pk != post.author_id:
        raise NotAllowed(Decision.POST_SUBMIT, "not_author")
    flow = Flow.objects.filter(workspace_id=post.workspace_id, active=True).first()
    if flow is None or not flow.steps.exists():
        raise NoFlow(str(post.workspace_id))
    points = list(CheckPoint.objects.filter(flow=flow).order_by("position", "pk"))
    open_points = [point.pk for point in points if not ticks.get(point.pk)]
    if open_points and flow.steps.filter(kind=StepKind.SELF).exists():
        raise Unticked(open_points)
    # One at a time through this door: two posts that say the same must not pass each other. Taken
    # before anything is recorded, as everywhere, so that nobody waits for each other.
    Workspace.objects.select_for_update(no_key=True).get(pk=post.workspace_id)
    version = cut_version(post, by=by, now=now)
    found = faults(post, content_of(version), viewer=by, now=now)
    levels = lane.steps if lane else flow.steps
    found += nobody_passes(post, levels.select_related("role").order_by("position"))
    if found:
        raise NotFit(found)
    mark(post, "submit", now=now, levels_done=0)
    last = post.rounds.order_by("-number").first()
    round_ = Round.objects.create(
        workspace_id=post.workspace_id,
        post=post,
        version=version,
        digest=version.digest,
        number=(last.number if last else 0) + 1,
        opened_by=by,
        opened_at=now,
        due_at=now + timedelta(minutes=lane.minutes) if lane else None,
        state_since_at=now,
    )
    steps = copy_lane(round_, flow, lane, now=now) if lane else copy_steps(round_, flow, now=now)
    record(
        ROUND_OPENED,
        RoundOpened(
            post=post.pk, round=round_.number, version=version.number, digest=version.digest
        ),
        actor=by.ref,
        subject=round_.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    if steps[0].kind != StepKind.SELF:
        _advance(round_, by=by.ref, now=now)
    else:
        _begin(steps[0], now=now)
        signed = [{"text": point.shown_text, "ticked": True} for point in points]
        signer = Judge(by, by.ref)
        _decide(steps[0], by=signer, kind=VerdictKind.PASS, comment=comment, checks=signed, now=now)
        STEP.apply(steps[0], "pass", now=now, decided_at=now)
        _advance(round_, by=by.ref, now=now)
    return round_


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides: a member, or a guest for whom the inviting ``member`` answers.

    ``ref`` is whom the log names. ``acting_for`` is by whose right, when it was lent. ``link`` and
    ``name`` are a guest's only.
    """

    member: Member
    ref: Ref
    acting_for: Member | None = None
    link: GuestLink | None = None
    name: str = ""


def _decide(
    step: RoundStep,
    *,
    by: Judge,
    kind: VerdictKind,
    reason: str = "",
    comment: str = "",
    checks: list[dict[str, object]] | None = None,
    now: datetime,
) -> Verdict:
    """Write one verdict. Raises NotAllowed when who answers for it has decided in this round.

    The database holds it: one verdict for each member and round, and one for each guest's link.
    """
    try:
        with transaction.atomic():
            return Verdict.objects.create(
                round_id=step.round_id,
                step=step,
                member=by.member,
                acting_for=by.acting_for,
                guest=by.link,
                guest_name=by.name,
                kind=kind,
                digest=step.round.digest,
                reason=reason,
                comment=comment,
                checks=checks or [],
                at=now,
            )
    except IntegrityError:
        raise NotAllowed(Decision.REVIEW_DECIDE, "already_decided") from None


def lock_step(step: RoundStep) -> RoundStep:
    """Lock the round and return the step as it is now, for whoever decides it; in a transaction.

    Raises MoveRefused when it wants no decision (any more), or the text is not the one the round
    is for.
    """
    Round.objects.select_for_update().get(pk=step.round_id)
    step = RoundStep.objects.select_related("round__post", "round__version", "role").get(pk=step.pk)
    if step.state != StepState.NOW:
        raise MoveRefused(step, "decide", step.state)
    version = step.round.version
    if content_of(version).digest(version.account_id) != step.round.digest:
        raise MoveRefused(step, "decide", "changed")
    return step


def _lock_and_check(step: RoundStep, *, by: Member) -> RoundStep:
    """Lock the round, ask every right, prove the text is the one the round is for."""
    require(
        by,
        Decision.REVIEW_DECIDE,
        workspace_id=step.round.workspace_id,
        account_id=step.round.post.account_id,
    )
    step = lock_step(step)
    account_id, role_id = step.round.version.account_id, step.role_id
    writers = {step.round.post.author_id, *step.round.post.writers.values_list("pk", flat=True)}
    used = _used_up(step.round)
    mine = by.authority(Decision.REVIEW_DECIDE, account_id=account_id, role_id=role_id)
    if role_id is None or mine is None:
        roles = [step.role.shown_title] if step.role else []
        raise NotAllowed(Decision.REVIEW_DECIDE, "other_role", roles=roles)
    if by.pk in writers:
        raise NotAllowed(Decision.REVIEW_DECIDE, "own_work")
    if mine.giver is not None:
        found = by.authority(
            Decision.REVIEW_DECIDE, account_id=account_id, role_id=role_id, barred=writers | used
        )
        if found is None:
            why = "lent_own" if mine.giver in writers else "already_decided"
            raise NotAllowed(Decision.REVIEW_DECIDE, why)
        mine = found
    elif by.pk in used:
        raise NotAllowed(Decision.REVIEW_DECIDE, "already_decided")
    by.act_by(mine)
    return step


def _used_up(round_: Round) -> set[int]:
    """Return whose right to decide in this round is used, by themselves or by somebody for them."""
    verdicts = Verdict.objects.filter(round=round_)
    theirs = set(verdicts.values_list("member_id", flat=True))
    lent = verdicts.filter(acting_for__isnull=False).values_list("acting_for_id", flat=True)
    return theirs | set(lent)


def _told(step: RoundStep, *, reason: str = "", comment: str = "") -> StepDecided:
    """Return the payload that tells of a decision on ``step``."""
    return StepDecided(
        post=step.round.post_id,
        level=step.position + 1,
        of=step.round.steps.count(),
        reason=reason,
        comment=comment,
        digest=step.round.digest,
    )


@transaction.atomic
def pass_step(step: RoundStep, *, by: Member, comment: str = "", now: datetime) -> RoundStep:
    """Pass one level. With its quorum full the next level begins, or the round is passed.

    Raises NotAllowed (no right, another role's step, own work, decided in this round already) and
    MoveRefused (decided, withdrawn or changed meanwhile).
    """
    comment = clean_text(comment).strip()
    step = _lock_and_check(step, by=by)
    return settle_pass(step, by=Judge(by, by.ref, by.acting_for), comment=comment, now=now)


def settle_pass(step: RoundStep, *, by: Judge, comment: str, now: datetime) -> RoundStep:
    """Write a pass and what follows from it; ``step`` from lock_step, the rights were asked."""
    _decide(step, by=by, kind=VerdictKind.PASS, comment=comment, now=now)
    record(
        STEP_PASSED,
        _told(step, comment=comment),
        actor=by.ref,
        subject=step.round.ref,
        workspace_id=step.round.workspace_id,
        at=now,
    )
    if step.verdicts.filter(kind=VerdictKind.PASS).count() >= step.quorum:
        STEP.apply(step, "pass", now=now, decided_at=now)
        _advance(step.round, by=by.ref, now=now)
    return step


def _close(round_: Round, move: str, *, now: datetime) -> None:
    """End a round without a pass: its open steps are called off."""
    for step in round_.steps.filter(state__in=[StepState.COMING, StepState.NOW]):
        STEP.apply(step, "call_off", now=now)
    ROUND.apply(round_, move, now=now, closed_at=now)


@transaction.atomic
def return_step(
    step: RoundStep, *, by: Member, reason: str, comment: str, now: datetime
) -> RoundStep:
    """Return the post to its author with a reason (states.Reason) and a comment; ends the round.

    Raises ReasonMissing, and as pass_step does.
    """
    comment = clean_text(comment).strip()
    if not reason or not comment:
        raise ReasonMissing
    step = _lock_and_check(step, by=by)
    judge = Judge(by, by.ref, by.acting_for)
    return settle_return(step, by=judge, reason=reason, comment=comment, now=now)


def settle_return(
    step: RoundStep, *, by: Judge, reason: str, comment: str, now: datetime
) -> RoundStep:
    """Write a return and what follows from it; ``step`` from lock_step, the rights were asked."""
    _decide(step, by=by, kind=VerdictKind.RETURN, reason=reason, comment=comment, now=now)
    STEP.apply(step, "return", now=now, decided_at=now)
    _close(step.round, "return", now=now)
    mark(step.round.post, "return", now=now, levels_done=0)
    record(
        STEP_RETURNED,
        _told(step, reason=reason, comment=comment),
        actor=by.ref,
        subject=step.round.ref,
        workspace_id=step.round.workspace_id,
        at=now,
    )
    settle_run(step.round, decided=True, now=now)
    return step


@transaction.atomic
def withdraw_round(round_: Round, *, by: Member, now: datetime) -> Round:
    """Take a post back from review; the author's verb. Raises NotAllowed and MoveRefused."""
    require(
        by,
        Decision.POST_SUBMIT,
        workspace_id=round_.workspace_id,
        account_id=round_.post.account_id,
    )
    if by.pk != round_.post.author_id:
        raise NotAllowed(Decision.POST_SUBMIT, "not_author")
    Round.objects.select_for_update().get(pk=round_.pk)
    _close(round_, "withdraw", now=now)
    mark(round_.post, "withdraw", now=now, levels_done=0)
    _tell_withdrawn(round_, because="author", by=by.ref, now=now)
    return round_


def _tell_withdrawn(round_: Round, *, because: str, by: Ref, now: datetime) -> None:
    record(
        ROUND_WITHDRAWN,
        RoundWithdrawn(post=round_.post_id, because=because),
        actor=by,
        subject=round_.ref,
        workspace_id=round_.workspace_id,
        at=now,
    )
    settle_run(round_, decided=False, now=now)


def close_round_of(post_id: int, *, because: str, by: Ref = SYSTEM, now: datetime) -> None:
    """Close the post's open round, if any, because the post was revised or dropped.

    For the caller's transaction; asks no right, the caller's action did.
    """
    round_ = Round.objects.open().select_related("post").filter(post_id=post_id).first()
    if round_ is None:
        return
    _close(round_, "withdraw", now=now)
    _tell_withdrawn(round_, because=because, by=by, now=now)
