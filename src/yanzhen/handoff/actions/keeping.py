"""What keeps the lead true to the clock: nobody is forgotten, and it is never nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from yanzhen.activity.refs import SYSTEM
from yanzhen.activity.spine import record
from yanzhen.duty.queries import on_duty
from yanzhen.handoff import events
from yanzhen.handoff.actions.checks import AlreadyOpen
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.actions.sending import overtake_handover, send_handover
from yanzhen.handoff.ladder import OPENS_BEFORE, Rung, due_rungs, whom
from yanzhen.handoff.models import Handover, Paging
from yanzhen.handoff.queries import (
    barred_from,
    coordinators_of,
    deputies_of,
    open_handover_of,
    turns_of_others,
)
from yanzhen.handoff.states import HandoverState
from yanzhen.people.actions.keep import lock
from yanzhen.people.actions.lead import move_lead
from yanzhen.people.models import Member, Workspace


def _can_act(member: Member | None) -> bool:
    return member is not None and member.active and member.user.is_active


@transaction.atomic
def keep_workspace(workspace: Workspace, *, now: datetime) -> int:
    """Do what is due at ``now`` for one workspace; return how many things that was.

    A workspace in which nobody ever had the lead does without it.
    """
    fresh = lock(workspace.pk)
    if fresh.lead_id is None:
        return 0
    done = int(keep_lead(fresh, now=now))
    waiting = open_handover_of(fresh.pk)
    if waiting is not None and not _can_act(waiting.receiver):
        done += int(overtake_handover(waiting, now=now))
        waiting = None
    if waiting is None:
        waiting = _open_for_turn(fresh, now=now)
        done += int(waiting is not None)
    if waiting is None:
        return done
    if waiting.state == HandoverState.DRAFT:
        if waiting.due_at > now:
            return done
        waiting = send_handover(waiting, by=None, now=now)
        done += 1
    return done + _page(waiting, now=now)


def _open_for_turn(workspace: Workspace, *, now: datetime) -> Handover | None:
    """Open the log of the turn that follows by the rota, once for each turn.

    One that was taken back is opened again: a shift cannot be kept by dropping its log.
    """
    turns = turns_of_others(workspace, now=now).filter(start_at__lte=now + OPENS_BEFORE)
    logs = Handover.objects.filter(workspace=workspace, due_at=OuterRef("start_at"))
    logs = logs.filter(receiver=OuterRef("member")).exclude(state=HandoverState.WITHDRAWN)
    turn = turns.filter(~Exists(logs)).first()
    if turn is None or not _can_act(turn.member):
        return None
    try:
        return open_handover(
            workspace, to=turn.member, due_at=turn.start_at, until_at=turn.end_at, by=None, now=now
        )
    except AlreadyOpen as found:
        return found.handover


def _page(handover: Handover, *, now: datetime) -> int:
    """Page the rungs that are due and were not; return how many."""
    if handover.sent_at is None:
        return 0
    hour = max(handover.sent_at, handover.due_at)
    paged = set(handover.pagings.values_list("rung", flat=True))
    open_rungs = [rung for rung in due_rungs(hour, now=now) if rung not in paged]
    for rung in open_rungs:
        members = {member.pk: member for member in _whom(handover, whom(rung), now=now)}
        paging = Paging.objects.create(handover=handover, rung=rung, at=now)
        paging.members.set(members.values())
        record(
            events.UNACCEPTED,
            events.Paged(
                rung=rung,
                members=sorted(members),
                minutes=(now - hour) // timedelta(minutes=1),
            ),
            actor=SYSTEM,
            subject=handover.ref,
            workspace_id=handover.workspace_id,
            at=now,
        )
    return len(open_rungs)


def _whom(handover: Handover, rung: Rung, *, now: datetime) -> Iterator[Member]:
    """Yield whom a rung pages; where there is no deputy, the coordinator comes sooner."""
    workspace = Workspace.objects.get(pk=handover.workspace_id)
    if handover.outgoing is not None:
        yield handover.outgoing
    yield handover.receiver
    deputies = deputies_of(workspace, now=now)
    if rung >= Rung.DEPUTY:
        yield from deputies
    if rung >= Rung.COORDINATOR or (rung >= Rung.DEPUTY and not deputies):
        yield from coordinators_of(workspace, barred=barred_from(handover))


@transaction.atomic
def keep_lead(workspace: Workspace, *, now: datetime) -> bool:
    """Let the lead go on to somebody who can act when whoever had it is gone; tell whether it did.

    By the ladder: who is on duty, the deputy, the coordinator, who sets the lead, anybody. They
    could not be asked, so they and who sets the lead are told at once.
    """
    fresh = lock(workspace.pk)
    lead = Member.objects.select_related("user").filter(pk=fresh.lead_id or 0).first()
    if lead is None or _can_act(lead):
        return False
    heir = next((each for each in _heirs(fresh, now=now) if _can_act(each)), None)
    if heir is None:
        return False
    move_lead(fresh, to=heir, until=None, by=SYSTEM, now=now)
    record(
        events.FELL,
        events.Bare(),
        actor=SYSTEM,
        subject=heir.ref,
        workspace_id=fresh.pk,
        at=now,
    )
    return True


def _heirs(workspace: Workspace, *, now: datetime) -> Iterator[Member]:
    duty = on_duty(workspace, at=now)
    yield from (each for each in (duty.primary, duty.backup) if each is not None)
    yield from coordinators_of(workspace)
    team = Member.objects.active().filter(workspace=workspace).select_related("user")
    yield from team.order_by("joined_at", "pk")
