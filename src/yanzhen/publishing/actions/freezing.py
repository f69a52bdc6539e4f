"""The freeze: one row that every send locks. After it answers, nothing new begins to go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.channels.models import Account
from yanzhen.kernel.sqlite.base import hurried
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require
from yanzhen.planning.models import Campaign
from yanzhen.publishing import events
from yanzhen.publishing.engine import gates
from yanzhen.publishing.models import Delivery, Gate, GateScope, Thaw
from yanzhen.publishing.states import DeliveryState, GateCause, ThawOutcome

Target = Workspace | Account | Campaign


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a freeze found: the gate, and what may still arrive because it had left before.

    ``already`` tells that it was closed before, by whom and why the gate says.
    """

    gate: Gate
    in_flight: Sequence[Delivery]
    already: bool = False


def workspace_of(target: Target) -> int:
    """Return the workspace a target belongs to."""
    return target.pk if isinstance(target, Workspace) else target.workspace_id


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


def installation_gate() -> Gate:
    """Return the gate of the whole installation, making its row when it is missing."""
    gate, _ = Gate.objects.get_or_create(
        key=gates.INSTALLATION, defaults={"scope": GateScope.INSTALLATION}
    )
    return gate


def clean_reason(reason: str) -> str:
    """Return a reason on one line, at most as long as the log keeps. Raises TextRefused."""
    return " ".join(clean_text(reason).split())[:300]


def in_flight(gate: Gate) -> Sequence[Delivery]:
    """Return what left before the gate closed and may still arrive. Claims stop at the gate."""
    left = gates.within(gate).filter(state__in=(DeliveryState.SENDING, DeliveryState.AMBIGUOUS))
    return list(left.select_related("post", "account").order_by("due_at", "pk"))


def about(gate: Gate) -> Ref:
    """Return how the log names what a gate guards."""
    if gate.campaign is not None:
        return Ref("planning.campaign", str(gate.campaign_id), gate.campaign.name)
    guarded = gate.account or gate.workspace
    return guarded.ref if guarded is not None else Ref("publishing.gate", gate.key, "Yanzhen")


def tell(kind: Kind, gate: Gate, reason: str, *, count: int, by: Ref, now: datetime) -> None:
    """Record what happened to a gate in every workspace it guards; for the caller's transaction."""
    guarded = Workspace.objects.order_by("pk")
    if gate.workspace_id is not None:
        guarded = guarded.filter(pk=gate.workspace_id)
    for workspace in guarded:
        record(
            kind,
            events.GateMoved(scope=gate.scope, reason=reason, count=count),
            actor=by,
            subject=about(gate),
            workspace_id=workspace.pk,
            at=now,
        )


def freeze(target: Target, *, by: Member, reason: str = "", now: datetime) -> Frozen:
    """Stop everything of a workspace, account or campaign, and tell what is still in the air.

    What is frozen already stays as it is; a wish to lift it is set aside. Raises NotAllowed and
    TextRefused.
    """
    account_id = target.pk if isinstance(target, Account) else None
    require(by, Decision.PUBLISH_FREEZE, workspace_id=workspace_of(target), account_id=account_id)
    with hurried(), transaction.atomic():
        gate = gate_for(target)
        return close_gate(gate, cause=GateCause.HAND, by=by, reason=reason, now=now)


def freeze_from_shell(target: Target | None, *, reason: str, now: datetime) -> Frozen:
    """Freeze from the command line, where no member is signed in; None stops the installation.

    Asks no right. Raises TextRefused.
    """
    with hurried(), transaction.atomic():
        gate = installation_gate() if target is None else gate_for(target)
        return close_gate(gate, cause=GateCause.SHELL, by=None, reason=reason, now=now)


def freeze_restored(gate: Gate, *, why: str, now: datetime) -> None:
    """Freeze the installation because this database is a copy; for the caller's transaction.

    A gate that somebody has closed already gets the cause as well: it opens only once the copy has
    been compared with X.
    """
    done = close_gate(gate, cause=GateCause.RESTORED, by=None, reason=why, now=now)
    if done.already:
        Gate.objects.filter(pk=gate.pk).update(
            cause=GateCause.RESTORED,
            reason=clean_reason(why),
            epoch=F("epoch") + 1,
            changed_at=now,
            changed_by=None,
            reconciled_at=None,
        )


def close_gate(
    gate: Gate, *, cause: GateCause, by: Member | None, reason: str, now: datetime
) -> Frozen:
    """Close one gate; for the caller's transaction. Waits for the sends that hold it."""
    # In a hurry the reason may come later, but what is kept must read as a sentence.
    reason = clean_reason(reason) or gettext("No reason was given yet.")
    moved = Gate.objects.filter(pk=gate.pk, frozen=False).update(
        frozen=True,
        epoch=F("epoch") + 1,
        cause=cause,
        reason=reason,
        changed_by=by,
        changed_at=now,
        reconciled_at=None,
    )
    gate.refresh_from_db()
    flying = in_flight(gate)
    actor = by.ref if by is not None else SYSTEM
    if not moved:
        _set_aside(gate, by=by, actor=actor, now=now)
        return Frozen(gate, flying, already=True)
    gate.left = [delivery.pk for delivery in flying]
    Gate.objects.filter(pk=gate.pk).update(left=gate.left)
    tell(events.FROZEN, gate, reason, count=len(flying), by=actor, now=now)
    return Frozen(gate, flying)


def _set_aside(gate: Gate, *, by: Member | None, actor: Ref, now: datetime) -> None:
    """Close an open wish to lift the freeze: somebody has just pressed freeze again."""
    wishes = Thaw.objects.filter(gate=gate, closed_at=None)
    if wishes.update(closed_at=now, closed_by=by, outcome=ThawOutcome.OVERTAKEN):
        tell(events.THAW_OVERTAKEN, gate, "", count=0, by=actor, now=now)
