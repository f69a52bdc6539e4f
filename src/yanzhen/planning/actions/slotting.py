"""The plan of a day: adding, changing and removing slots, and how far apart posts should be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.wall_time import resolve
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require, require_somewhere
from yanzhen.planning.actions.timing import WALL, InThePast
from yanzhen.planning.copying import SlotCopy
from yanzhen.planning.events import (
    SLOT_ADDED,
    SLOT_CHANGED,
    SLOT_REMOVED,
    SLOT_RESTORED,
    SPACING_SET,
    SlotGone,
    SlotPlanned,
    SpacingSet,
)
from yanzhen.planning.models import Slot, Spacing
from yanzhen.planning.states import SLOT


@dataclass(frozen=True, slots=True)
class SlotWish:
    """What a slot is to be: ``wall`` (naive) in ``zone`` (IANA), a span of ``minutes`` or 0.

    ``fold`` 0 or 1 picks one of a repeated hour; ``format`` is a Slot.Format or "".
    """

    account: Account
    wall: datetime
    zone: str
    fold: int | None = None
    minutes: int = 0
    goal: str = ""
    format: str = ""
    owner: Member | None = None
    note: str = ""


def _columns(wish: SlotWish, *, by: Member) -> dict[str, Any]:
    """Return the columns of a slot. Raises what resolve raises, and DoesNotExist for strangers."""
    if wish.account.workspace_id != by.workspace_id:
        raise Account.DoesNotExist(wish.account.pk)
    if wish.owner is not None and wish.owner.workspace_id != by.workspace_id:
        raise Member.DoesNotExist(wish.owner.pk)
    wall = wish.wall.replace(second=0, microsecond=0)
    resolved = resolve(wall, wish.zone, wish.fold)
    return {
        "account": wish.account,
        "wall": wall.strftime(WALL),
        "zone": wish.zone,
        "fold": resolved.fold,
        "starts_at": resolved.at,
        "minutes": wish.minutes,
        "goal": wish.goal,
        "format": wish.format,
        "owner": wish.owner,
        "note": wish.note,
    }


@transaction.atomic
def add_slot(wish: SlotWish, *, by: Member, now: datetime) -> Slot:
    """Plan a slot. Raises NotAllowed, GapTime, FoldTime, UnknownZone and InThePast."""
    require(
        by,
        Decision.POST_SCHEDULE,
        workspace_id=wish.account.workspace_id,
        account_id=wish.account.pk,
    )
    columns = _columns(wish, by=by)
    if columns["starts_at"] < now.replace(second=0, microsecond=0):
        raise InThePast(wish.wall.isoformat())
    slot = Slot.objects.create(workspace_id=by.workspace_id, state_since_at=now, **columns)
    _record(SLOT_ADDED, slot, before="", by=by, now=now)
    return slot


@transaction.atomic
def change_slot(slot: Slot, wish: SlotWish, *, by: Member, now: datetime) -> Slot:
    """Make a slot what ``wish`` says. Its time may be moved to what is still to come only.

    Raises as add_slot does, and MoveRefused when somebody changed or removed it meanwhile.
    """
    require(by, Decision.POST_SCHEDULE, workspace_id=slot.workspace_id, account_id=slot.account_id)
    columns, before = _columns(wish, by=by), (slot.wall, slot.starts_at)
    moved = columns["starts_at"] != slot.starts_at
    if moved and columns["starts_at"] < now.replace(second=0, microsecond=0):
        raise InThePast(wish.wall.isoformat())
    SLOT.apply(slot, "change", now=now, **columns)
    _record(SLOT_CHANGED, slot, before=before[0].replace("T", " "), by=by, now=now)
    return slot


@transaction.atomic
def remove_slot(slot: Slot, *, by: Member, now: datetime) -> Slot:
    """Take a slot out of the plan; the post that fills it stays. Raises NotAllowed, MoveRefused."""
    require(by, Decision.POST_SCHEDULE, workspace_id=slot.workspace_id, account_id=slot.account_id)
    SLOT.apply(slot, "remove", now=now)
    _record_gone(SLOT_REMOVED, slot, by=by, now=now)
    return slot


@transaction.atomic
def restore_slot(slot: Slot, *, by: Member, now: datetime) -> Slot:
    """Put a removed slot back. Raises NotAllowed and MoveRefused."""
    require(by, Decision.POST_SCHEDULE, workspace_id=slot.workspace_id, account_id=slot.account_id)
    SLOT.apply(slot, "restore", now=now)
    _record_gone(SLOT_RESTORED, slot, by=by, now=now)
    return slot


@transaction.atomic
def copy_slots(copies: Sequence[SlotCopy], *, by: Member, now: datetime) -> list[Slot]:
    """Plan what slot_copies found and nothing keeps back; all or none. Raises as add_slot does.

    What a copy that was faster has planned meanwhile is not planned again.
    """
    Workspace.objects.select_for_update().get(pk=by.workspace_id)
    wanted = [each for each in copies if not each.why]
    planned = Slot.objects.visible_to(by).planned()
    there = planned.filter(starts_at__in={each.at for each in wanted})
    standing = set(there.values_list("account_id", "starts_at"))
    made = []
    for each in wanted:
        slot = each.slot
        if (slot.account_id, each.at) in standing:
            continue
        wish = SlotWish(
            account=slot.account,
            wall=each.wall,
            zone=slot.zone,
            fold=each.fold,
            minutes=slot.minutes,
            goal=slot.goal,
            format=slot.format,
            owner=slot.owner if slot.owner and slot.owner.active else None,
            note=slot.note,
        )
        made.append(add_slot(wish, by=by, now=now))
    return made


@transaction.atomic
def uncopy_slots(slots: Iterable[Slot], *, by: Member, now: datetime) -> tuple[int, int]:
    """Remove those of ``slots`` nobody has changed since they were made.

    Returns how many, and how many stay because somebody did. Raises NotAllowed.
    """
    require_somewhere(by, Decision.POST_SCHEDULE, workspace_id=by.workspace_id)
    slots = list(slots)
    untouched = [slot for slot in slots if slot.state_version == 0]
    for slot in untouched:
        remove_slot(slot, by=by, now=now)
    return len(untouched), len(slots) - len(untouched)


def _record(kind: Any, slot: Slot, *, before: str, by: Member, now: datetime) -> None:
    record(
        kind,
        SlotPlanned(
            account=str(slot.account),
            wall=slot.wall.replace("T", " "),
            zone=slot.zone,
            minutes=slot.minutes,
            goal=slot.goal,
            before=before,
        ),
        actor=by.ref,
        subject=slot.ref,
        workspace_id=slot.workspace_id,
        at=now,
    )


def _record_gone(kind: Any, slot: Slot, *, by: Member, now: datetime) -> None:
    record(
        kind,
        SlotGone(wall=slot.wall.replace("T", " "), zone=slot.zone),
        actor=by.ref,
        subject=slot.ref,
        workspace_id=slot.workspace_id,
        at=now,
    )


@transaction.atomic
def set_spacing(*, minutes: int, seen: int, by: Member, now: datetime) -> Spacing:
    """Set how far apart (minutes) two posts of one account should be; 0 for any distance.

    ``seen`` is the revision the page showed. Raises NotAllowed and MoveRefused for an older one.
    """
    require(by, Decision.PLAN_THEME, workspace_id=by.workspace_id)
    Spacing.objects.get_or_create(workspace_id=by.workspace_id)
    spacing = Spacing.objects.select_for_update().get(workspace_id=by.workspace_id)
    if spacing.revision != seen:
        raise MoveRefused(spacing, "change", str(spacing.apart_minutes))
    before, spacing.apart_minutes = spacing.apart_minutes, minutes
    spacing.revision += 1
    spacing.save(update_fields=["apart_minutes", "revision"])
    record(
        SPACING_SET,
        SpacingSet(minutes=minutes, before=before),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
    return spacing
