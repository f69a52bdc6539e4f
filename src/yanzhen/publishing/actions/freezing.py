"""The freeze: one row that every send locks. After it answers, nothing new begins to go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require
from yanzhen.planning.models import Campaign
from yanzhen.publishing import events
from yanzhen.publishing.engine import gates, outcome
from yanzhen.publishing.models import Delivery, Gate, GateScope
from yanzhen.publishing.states import DeliveryState

Target = Workspace | Account | Campaign
EVERYTHING = Ref("publishing.gate", gates.INSTALLATION, "Yanzhen")


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a freeze found: the gate, and what may still arrive because it had left before."""

    gate: Gate
    in_flight: Sequence[Delivery]


def workspace_of(target: Target) -> int:
    """Return the workspace a target belongs to."""
    return target.pk if isinstance(target, Workspace) else target.workspace_id


def _about(target: Target) -> Ref:
    if isinstance(target, Campaign):
        return Ref("planning.campaign", str(target.pk), target.name)
    return target.ref


def gate_for(target: Target) -> Gate:
    """Return the target's gate, making its row when it is missing."""
    scope = {
        Workspace: GateScope.WORKSPACE,
        Account: GateScope.ACCOUNT,
        Campaign: GateScope.CAMPAIGN,
    }[type(target)]
    gate, _ = Gate.objects.get_or_create(
        key=gates.key_of(scope, target.pk),
        defaults={
            "scope": scope,
            "workspace_id": workspace_of(target),
            "account": target if isinstance(target, Account) else None,
            "campaign": target if isinstance(target, Campaign) else None,
        },
    )
    return gate


def _swing(gate: Gate, *, frozen: bool, reason: str, by: Member | None, now: datetime) -> None:
    """Move the gate; waits for sends that hold it. Raises MoveRefused when it stands so already."""
    moved = Gate.objects.filter(pk=gate.pk, frozen=not frozen).update(
        frozen=frozen, epoch=F("epoch") + 1, reason=reason, changed_by=by, changed_at=now
    )
    gate.refresh_from_db()
    if not moved:
        raise MoveRefused(gate, "freeze" if frozen else "unfreeze", str(gate))


def _told(
    kind: Kind, gate: Gate, count: int, *, workspace_id: int, by: Ref, about: Ref, now: datetime
) -> None:
    record(
        kind,
        events.GateMoved(scope=gate.scope, reason=gate.reason, count=count),
        actor=by,
        subject=about,
        workspace_id=workspace_id,
        at=now,
    )


def _in_flight(gate: Gate) -> Sequence[Delivery]:
    """Return what left before the gate closed and may still arrive. Claims stop at the gate."""
    left = gates.within(gate).filter(state__in=(DeliveryState.SENDING, DeliveryState.AMBIGUOUS))
    return list(left.select_related("post", "account").order_by("due_at", "pk"))


def _hold_missed(gate: Gate, *, now: datetime) -> int:
    """Mark what came due during the freeze as missed: nothing goes out late because it ended."""
    missed = gates.within(gate).filter(state=DeliveryState.SCHEDULED, due_at__lte=now)
    held = 0
    for delivery in missed.order_by("due_at", "post_id", "position"):
        delivery.refresh_from_db()
        if delivery.state == DeliveryState.SCHEDULED:
            outcome.miss(delivery, now=now)
            held += 1
    return held


@transaction.atomic
def freeze(target: Target, *, by: Member, reason: str, now: datetime) -> Frozen:
    """Stop everything of a workspace, account or campaign, and tell what is still in the air.

    Raises NotAllowed, TextRefused, MoveRefused (frozen already).
    """
    workspace_id = workspace_of(target)
    require(by, Decision.PUBLISH_FREEZE, workspace_id=workspace_id)
    return _freeze(target, by=by, actor=by.ref, reason=reason, now=now)


@transaction.atomic
def freeze_from_shell(target: Target | None, *, reason: str, now: datetime) -> Frozen:
    """Freeze from the command line, where no member is signed in; None stops the installation.

    Asks no right. Raises MoveRefused (frozen already).
    """
    if target is not None:
        return _freeze(target, by=None, actor=SYSTEM, reason=reason, now=now)
    gate, _ = Gate.objects.get_or_create(
        key=gates.INSTALLATION, defaults={"scope": GateScope.INSTALLATION}
    )
    _swing(gate, frozen=True, reason=_clean(reason), by=None, now=now)
    flying = _in_flight(gate)
    _tell_everybody(events.FROZEN, gate, len(flying), now=now)
    return Frozen(gate, flying)


def _freeze(target: Target, *, by: Member | None, actor: Ref, reason: str, now: datetime) -> Frozen:
    gate = gate_for(target)
    _swing(gate, frozen=True, reason=_clean(reason), by=by, now=now)
    flying = _in_flight(gate)
    about, workspace_id = _about(target), workspace_of(target)
    _told(
        events.FROZEN,
        gate,
        len(flying),
        workspace_id=workspace_id,
        by=actor,
        about=about,
        now=now,
    )
    return Frozen(gate, flying)


@transaction.atomic
def unfreeze(target: Target, *, by: Member, reason: str, now: datetime) -> int:
    """Let what is due from now on go out again; return how many missed posts are held instead.

    Raises NotAllowed, TextRefused, MoveRefused (not frozen).
    """
    workspace_id = workspace_of(target)
    require(by, Decision.PUBLISH_UNFREEZE, workspace_id=workspace_id)
    return _unfreeze(target, by=by, actor=by.ref, reason=reason, now=now)


@transaction.atomic
def unfreeze_from_shell(target: Target | None, *, reason: str, now: datetime) -> int:
    """Lift a freeze from the command line; None is the installation's. Raises MoveRefused."""
    if target is not None:
        return _unfreeze(target, by=None, actor=SYSTEM, reason=reason, now=now)
    gate, _ = Gate.objects.get_or_create(
        key=gates.INSTALLATION, defaults={"scope": GateScope.INSTALLATION}
    )
    _swing(gate, frozen=False, reason=_clean(reason), by=None, now=now)
    held = _hold_missed(gate, now=now)
    _tell_everybody(events.UNFROZEN, gate, held, now=now)
    return held


def _unfreeze(target: Target, *, by: Member | None, actor: Ref, reason: str, now: datetime) -> int:
    gate = gate_for(target)
    _swing(gate, frozen=False, reason=_clean(reason), by=by, now=now)
    held = _hold_missed(gate, now=now)
    about, workspace_id = _about(target), workspace_of(target)
    _told(events.UNFROZEN, gate, held, workspace_id=workspace_id, by=actor, about=about, now=now)
    return held


def _tell_everybody(kind: Kind, gate: Gate, count: int, *, now: datetime) -> None:
    for workspace in Workspace.objects.order_by("pk"):
        _told(kind, gate, count, workspace_id=workspace.pk, by=SYSTEM, about=EVERYTHING, now=now)


def _clean(reason: str) -> str:
    return " ".join(clean_text(reason).split())[:300]
