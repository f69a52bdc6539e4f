"""The clock of a run through the fast lane: who is told when, how it ended, what came of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.refs import SYSTEM
from yanzhen.activity.spine import Kind, record
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.review.events import (
    FAST_BREACHED,
    FAST_ESCALATED,
    FAST_MET,
    FAST_REGRETTED,
    FAST_UNREGRETTED,
    FastClock,
    FastRegretted,
)
from yanzhen.review.models import ESCALATIONS, FastRun, Round, Verdict
from yanzhen.review.states import FAST, FastOutcome, StepKind


class RegretRefused(Exception):
    """``why``: "reason" (a reason is missing) or "open" (the run has not ended yet)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _tell(kind: Kind, run: FastRun, *, level: int = 0, now: datetime) -> None:
    """Record what the clock says of a run."""
    record(
        kind,
        FastClock(
            post=run.round.post_id,
            round=run.round_id,
            minutes=run.minutes,
            left=max(0, round((run.due_at - now).total_seconds() / 60)),
            took=max(0, round((now - run.started_at).total_seconds() / 60)),
            level=level,
        ),
        actor=SYSTEM,
        subject=run.ref,
        workspace_id=run.workspace_id,
        at=now,
    )


def _end(run: FastRun, *, now: datetime) -> None:
    """Write down that an open run was decided: in time, or too late."""
    met = now <= run.due_at
    FAST.apply(run, "meet" if met else "breach", now=now, next_at=None, decided_at=now)
    _tell(FAST_MET if met else FAST_BREACHED, run, now=now)


def settle_run(round_: Round, *, decided: bool, now: datetime) -> None:
    """End the run of a round that closes, if it has one; for the caller's transaction.

    Everybody locks the log before a run, so the caller has recorded what it did already.
    ``decided``: passed or returned. Otherwise it was taken back: undone when nobody but the author
    had said anything, and then it uses up nothing.
    """
    if round_.due_at is None:
        return
    found = FastRun.objects.select_related("round__post").get(round=round_)
    if found.state != FastOutcome.OPEN:
        if decided:
            FastRun.objects.filter(pk=found.pk).update(decided_at=now)
        return
    if decided:
        _end(found, now=now)
        return
    judged = Verdict.objects.filter(round=round_, step__kind=StepKind.ROLE).exists()
    FAST.apply(found, "withdraw" if judged else "undo", now=now, next_at=None)


@transaction.atomic
def ring(run: FastRun, *, now: datetime) -> bool:
    """Tell the next escalation of an open run, or that its time is over; False: nothing to tell.

    Safe to run twice and from several workers: it is told first, which locks the log, and taken
    back when the row says that somebody was quicker. Each escalation is told once, those a pause of
    the worker left out one after the other.
    """
    runs = FastRun.objects.ringing(now=now).select_related("round__post")
    found = runs.filter(pk=run.pk).first()
    if found is None:
        return False
    over = found.told >= len(ESCALATIONS)
    if over:
        _tell(FAST_BREACHED, found, now=now)
    else:
        _tell(FAST_ESCALATED, found, level=found.told + 1, now=now)
    same = FastRun.objects.filter(pk=found.pk, state=FastOutcome.OPEN, told=found.told)
    try:
        if over:
            FAST.apply(found, "breach", now=now, next_at=None)
            return True
        won = same.update(told=found.told + 1, next_at=found.rings_at(found.told + 1))
    except MoveRefused:
        won = 0
    if not won:
        transaction.set_rollback(True)
    return bool(won)


@transaction.atomic
def regret_run(run: FastRun, *, by: Member, reason: str, now: datetime) -> FastRun:
    """Mark a run that has ended as one that should not have been, with a reason.

    Raises NotAllowed, TextRefused, RegretRefused and MoveRefused (marked by somebody meanwhile).
    """
    require(
        by,
        Decision.REVIEW_DECIDE,
        workspace_id=run.workspace_id,
        account_id=run.round.post.account_id,
    )
    reason = clean_text(reason).strip()[:300]
    if run.state == FastOutcome.OPEN:
        raise RegretRefused("open")
    if not reason:
        raise RegretRefused("reason")
    return _mark(run, by=by, reason=reason, now=now)


@transaction.atomic
def unregret_run(run: FastRun, *, by: Member, now: datetime) -> FastRun:
    """Take the mark back. Raises NotAllowed and MoveRefused (taken back by somebody meanwhile)."""
    require(
        by,
        Decision.REVIEW_DECIDE,
        workspace_id=run.workspace_id,
        account_id=run.round.post.account_id,
    )
    return _mark(run, by=by, reason="", now=now)


def _mark(run: FastRun, *, by: Member, reason: str, now: datetime) -> FastRun:
    """Record the mark, then write it on the row: the log is locked before a run, as everywhere."""
    record(
        FAST_REGRETTED if reason else FAST_UNREGRETTED,
        FastRegretted(post=run.round.post_id, reason=reason),
        actor=by.ref,
        subject=run.ref,
        workspace_id=run.workspace_id,
        at=now,
    )
    rows = FastRun.objects.filter(pk=run.pk, regretted_at__isnull=bool(reason))
    run.regret = reason
    run.regretted_at, run.regretted_by = (now, by) if reason else (None, None)
    won = rows.update(
        regret=run.regret, regretted_at=run.regretted_at, regretted_by=run.regretted_by
    )
    if not won:
        raise MoveRefused(run, "regret", run.state)
    return run
