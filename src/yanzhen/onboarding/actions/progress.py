"""Keeping how far the first hour is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.onboarding.events import (
    CHECKLIST_HIDDEN,
    CHECKLIST_SHOWN,
    STEP_DONE,
    STEP_SKIPPED,
    Bare,
    StepSettled,
)
from yanzhen.onboarding.models import HiddenList, StepMark, Tick
from yanzhen.onboarding.states import StepState
from yanzhen.onboarding.steps import ALL_OWN, BY_SLUG, OWN_POINTS
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require


class NoSuchStep(ValueError):
    """No step, or no point of a list, has this slug."""


@transaction.atomic
def settle_step(slug: str, *, skipped: bool, by: Member, now: datetime) -> None:
    """Mark a step as taken, or as left out for now, by whoever it was last.

    A step that was taken stays so when somebody leaves it out later. Raises NotAllowed, NoSuchStep.
    """
    require(by, Decision.WORKSPACE_EDIT, workspace_id=by.workspace_id)
    if slug not in BY_SLUG:
        raise NoSuchStep(slug)
    Workspace.objects.select_for_update().get(pk=by.workspace_id)
    state = StepState.SKIPPED if skipped else StepState.DONE
    before = StepMark.objects.filter(workspace_id=by.workspace_id, step=slug).first()
    if before is not None and (before.state == state or skipped):
        return
    StepMark.objects.update_or_create(
        workspace_id=by.workspace_id, step=slug, defaults={"state": state, "by": by, "at": now}
    )
    record(
        STEP_SKIPPED if skipped else STEP_DONE,
        StepSettled(step=slug),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )


@transaction.atomic
def hide_list(*, by: Member, now: datetime) -> None:
    """Take the list of first steps out of everybody's sight; twice is once. Raises NotAllowed."""
    require(by, Decision.WORKSPACE_EDIT, workspace_id=by.workspace_id)
    _row, made = HiddenList.objects.get_or_create(
        workspace_id=by.workspace_id, defaults={"by": by, "at": now}
    )
    if made:
        _tell(CHECKLIST_HIDDEN, by=by, now=now)


@transaction.atomic
def show_list(*, by: Member, now: datetime) -> None:
    """Show the list of first steps again. Raises NotAllowed."""
    require(by, Decision.WORKSPACE_EDIT, workspace_id=by.workspace_id)
    gone, _rows = HiddenList.objects.filter(workspace_id=by.workspace_id).delete()
    if gone:
        _tell(CHECKLIST_SHOWN, by=by, now=now)


def _tell(kind: Kind, *, by: Member, now: datetime) -> None:
    record(
        kind,
        Bare(),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )


def tick_point(point: str, *, by: Member, now: datetime) -> None:
    """Note that a member has seen to a point of their own list, or ALL_OWN of it.

    Nobody's right is asked and nothing is told: it is their own. Raises NoSuchStep.
    """
    if point != ALL_OWN and point not in {each.slug for each in OWN_POINTS}:
        raise NoSuchStep(point)
    Tick.objects.get_or_create(member=by, point=point, defaults={"at": now})


def untick_point(point: str, *, by: Member) -> None:
    """Take a tick back. Nobody's right is asked: it is their own."""
    Tick.objects.filter(member=by, point=point).delete()
