"""Sending a post through the fast lane."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require
from yanzhen.planning.models import Post
from yanzhen.review.actions.fast_lane import least_people, people_of
from yanzhen.review.actions.rounds import submit_post
from yanzhen.review.events import FAST_STARTED, FastStarted
from yanzhen.review.models import FastLane, FastReason, FastRun, Round


class LaneShut(Exception):
    """The lane cannot be used now; ``why``: off, people, used, reason or line."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def week_of(workspace: Workspace, moment: datetime) -> datetime:
    """Return the beginning of the week of ``moment``: Monday, 0:00 in the workspace's zone."""
    local = moment.astimezone(workspace.tz)
    monday = local - timedelta(days=local.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)


def uses_of(post: Post, *, now: datetime) -> int:
    """Return how often the post's account has used the lane in this week."""
    since = week_of(post.workspace, now)
    return FastRun.objects.counted().filter(account=post.account_id, started_at__gte=since).count()


def lane_fault(lane: FastLane | None, post: Post, *, now: datetime) -> str:
    """Return why the post cannot go through the lane, or "": off, people or used."""
    if lane is None or not lane.active:
        return "off"
    if people_of(lane) < least_people(post.workspace_id):
        return "people"
    return "used" if uses_of(post, now=now) >= lane.weekly_most else ""


@transaction.atomic
def submit_fast(
    post: Post,
    *,
    by: Member,
    ticks: Mapping[int, bool],
    reason_id: int | None,
    line: str,
    comment: str = "",
    now: datetime,
) -> Round:
    """Send a post to review through the fast lane and start its clock.

    ``reason_id`` is one of the workspace's reasons, ``line`` says in a line why it cannot wait.
    Raises NotAllowed, LaneShut, TextRefused and what submit_post raises.
    """
    require(by, Decision.POST_FAST, workspace_id=post.workspace_id, account_id=post.account_id)
    # The limit is counted behind the door that every submission goes through, one at a time.
    Workspace.objects.select_for_update(no_key=True).get(pk=post.workspace_id)
    lane = FastLane.objects.filter(workspace_id=post.workspace_id).first()
    fault = lane_fault(lane, post, now=now)
    if lane is None or fault:
        raise LaneShut(fault)
    reason = FastReason.objects.filter(lane=lane, active=True, pk=reason_id or 0).first()
    if reason is None:
        raise LaneShut("reason")
    line = clean_text(line).strip()[:200]
    if not line:
        raise LaneShut("line")
    round_ = submit_post(post, by=by, ticks=ticks, comment=comment, lane=lane, now=now)
    run = FastRun(
        workspace_id=post.workspace_id,
        round=round_,
        account_id=post.account_id,
        member=by,
        reason=reason,
        line=line,
        minutes=lane.minutes,
        started_at=now,
        due_at=now + timedelta(minutes=lane.minutes),
        state_since_at=now,
    )
    run.next_at = run.rings_at(0)
    run.save()
    record(
        FAST_STARTED,
        FastStarted(
            post=post.pk,
            round=round_.pk,
            reason=reason.shown_text,
            line=line,
            minutes=lane.minutes,
        ),
        actor=by.ref,
        subject=round_.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return round_
