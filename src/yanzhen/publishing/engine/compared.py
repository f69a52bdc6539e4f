"""How far a restored copy has compared itself with X: reads only, so that pages may ask.

What asks X is engine.comparing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from yanzhen.channels.models import Account
from yanzhen.publishing.engine import gates
from yanzhen.publishing.engine.matching import SETTLED_AFTER
from yanzhen.publishing.models import Comparison, DeliveryQuerySet, Gate, GateScope
from yanzhen.publishing.states import DeliveryState, GateCause

_DONE = (DeliveryState.PUBLISHED, DeliveryState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Missing:
    """An account that is not compared yet; ``trouble`` says why, "" when it only takes its time.

    ``asked`` tells that X has answered once and is asked again at ``again_at``.
    """

    account: Account
    trouble: str
    asked: bool
    again_at: datetime


def unfinished(gate: Gate) -> DeliveryQuerySet:
    """Return what the gate guards and what could still be sent from here."""
    return gates.within(gate).exclude(state__in=_DONE).filter(origin=settings.ENV.origin)


def _set_aside(gate: Gate) -> Sequence[int]:
    """Return the accounts that a gate of their own keeps back, whatever becomes of this one."""
    if gate.scope == GateScope.ACCOUNT:
        return []
    own = Account.objects.filter(gates__scope=GateScope.ACCOUNT, gates__frozen=True)
    return list(own.values_list("pk", flat=True))


def accounts_of(gate: Gate) -> Sequence[Account]:
    """Return the accounts that must be compared before ``gate`` may open."""
    ids = unfinished(gate).exclude(account_id__in=_set_aside(gate)).order_by()
    wanted = Account.objects.filter(pk__in=ids.values("account_id").distinct())
    return list(wanted.order_by("workspace_id", "pk"))


def accounts_left(gate: Gate) -> Sequence[Account]:
    """Return the accounts that a gate of their own sets aside and that are not compared."""
    known = Comparison.objects.filter(gate=gate, epoch=gate.epoch)
    whole = [one.account_id for one in known if is_settled(one, gate)]
    ids = unfinished(gate).filter(account_id__in=_set_aside(gate)).order_by()
    wanted = Account.objects.filter(pk__in=ids.values("account_id").distinct())
    return list(wanted.exclude(pk__in=whole))


def settles_at(gate: Gate, now: datetime) -> datetime:
    """Return from when X surely shows all that was sent before the freeze."""
    return (gate.changed_at or now) + SETTLED_AFTER


def is_settled(one: Comparison, gate: Gate) -> bool:
    """Tell whether X was asked late enough to have shown everything."""
    return one.asked_at is not None and one.asked_at >= settles_at(gate, one.asked_at)


def missing(gate: Gate, *, now: datetime) -> list[Missing]:
    """Return the accounts that are not compared with X yet; empty when the gate may open."""
    if gate.cause != GateCause.RESTORED:
        return []
    known = {one.account_id: one for one in Comparison.objects.filter(gate=gate, epoch=gate.epoch)}
    found = []
    for account in accounts_of(gate):
        one = known.get(account.pk)
        if one is not None and is_settled(one, gate):
            continue
        asked = one is not None and one.asked_at is not None
        trouble = one.trouble if one is not None else ""
        found.append(Missing(account, trouble, asked, settles_at(gate, now)))
    return found
