"""The watchdog: what should be out and is not, and why. Reads only.

It trusts no worker: everything is asked of the rows and of the database's clock, so that the web
processes can ask when every worker is dead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q

from yanzhen.jobs.models import Lease
from yanzhen.publishing.engine import gates, limits, looks, money
from yanzhen.publishing.engine.reaper import PATIENCE
from yanzhen.publishing.models import Delivery, DeliveryQuerySet, Gate, GateScope
from yanzhen.publishing.states import IN_FLIGHT
from yanzhen.publishing.states import DeliveryState as S

#: How long after its time a post may be on its way before somebody is told.
LATE_AFTER = timedelta(minutes=2)
#: The loop that sends says that it lives after every turn, about twice a second.
SENDER = "publishing.publish"
SILENT_AFTER = timedelta(seconds=30)
#: More are counted as "more than that" where they are only shown; alarms are raised for all.
MOST_SHOWN = 200
_OPEN = (S.SCHEDULED, S.CLAIMED, S.SENDING, S.AMBIGUOUS)


class Why(StrEnum):
    """Why a post is late. Stored in events; never rename one.

    UNREACHABLE: X does not answer. SENDING and PREPARING: stuck there. AT_WORK: under way right
    now. BEHIND: an earlier post of its account is not settled. UNCLEAR: nothing keeps it back.
    CHECKING: X is being asked whether it is there. FROZEN, LIMIT, PAUSED: behind a freeze, X's own
    limit, an X app without money. LOOK: the lead has not cleared it.
    """

    NO_WORKER = "no_worker"
    UNREACHABLE = "unreachable"
    SENDING = "sending"
    PREPARING = "preparing"
    AT_WORK = "at_work"
    BEHIND = "behind"
    UNCLEAR = "unclear"
    CHECKING = "checking"
    FROZEN = "frozen"
    LIMIT = "limit"
    PAUSED = "paused"
    LOOK = "look"


#: Somebody knows already, or it is meant so: shown, but no alarm.
EXCUSED = frozenset({Why.CHECKING, Why.FROZEN, Why.LIMIT, Why.PAUSED, Why.LOOK})


@dataclass(frozen=True, slots=True)
class Late:
    """A delivery that should be out and is not. ``until_at``: when X's own limit ends, if any."""

    delivery: Delivery
    why: Why
    until_at: datetime | None = None

    @property
    def excused(self) -> bool:
        """Whether no alarm is due."""
        return self.why in EXCUSED


def last_answer() -> datetime | None:
    """Return when a worker last finished looking for something to send; None when none ever did."""
    return Lease.objects.filter(name=SENDER).values_list("ok_at", flat=True).first()


def is_silent(answered_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether no worker runs, from when one last answered."""
    return answered_at is None or now - answered_at > SILENT_AFTER


def overdue(*, now: datetime) -> DeliveryQuerySet:
    """Return what is on its way for more than LATE_AFTER, earliest first.

    Of a thread only the first segment that is not out: the others wait for it.
    """
    since = now - LATE_AFTER
    head = Q(after=None) | Q(after__state=S.PUBLISHED)
    rows = Delivery.objects.filter(head, state__in=_OPEN, due_at__lte=since)
    return rows.order_by("due_at", "pk")


def late(*, now: datetime) -> list[Late]:
    """Return what is late at ``now`` (the database's clock) with its reason, earliest first."""
    return _examined(list(_with_names(overdue(now=now))), now=now)


def late_in(workspace_id: int, *, now: datetime) -> list[Late]:
    """Return what is late in one workspace, at most MOST_SHOWN."""
    rows = _with_names(overdue(now=now).filter(workspace_id=workspace_id))
    return _examined(list(rows[:MOST_SHOWN]), now=now)


def _with_names(rows: DeliveryQuerySet) -> DeliveryQuerySet:
    return rows.select_related("post", "account")


def _examined(found: Sequence[Delivery], *, now: datetime) -> list[Late]:
    if not found:
        return []
    doctor = _Doctor(found, now=now)
    return [doctor.examine(delivery) for delivery in found]


def stuck(*, now: datetime) -> list[Late]:
    """Return what somebody must be told about."""
    return [one for one in late(now=now) if not one.excused]


class _Doctor:
    """Tells why each of some late deliveries is late, from a few queries for all of them."""

    def __init__(self, found: Sequence[Delivery], *, now: datetime) -> None:
        self._now = now
        self._silent = is_silent(last_answer(), now=now)
        self._frozen = set(Gate.objects.filter(frozen=True).values_list("key", flat=True))
        self._resting = limits.resting(now=now)
        self._paused = money.paused_accounts()
        numbers = Delivery.objects.filter(pk__in=[delivery.pk for delivery in found])
        self._unseen = set(looks.lacking(numbers).values_list("pk", flat=True))
        accounts = {delivery.account_id for delivery in found}
        others = Delivery.objects.filter(account_id__in=accounts)
        self._busy = set(
            others.filter(state__in=IN_FLIGHT).order_by().values_list("account_id", flat=True)
        )
        self._unreached = {d.account_id for d in found if d.state == S.SCHEDULED and d.retry_at}

    def examine(self, delivery: Delivery) -> Late:
        """Return the delivery with its reason."""
        if delivery.state == S.SCHEDULED:
            return self._waiting(delivery)
        if self._silent:
            return Late(delivery, Why.NO_WORKER)
        if delivery.state == S.AMBIGUOUS:
            looked_after = (delivery.check_at or delivery.due_at) >= self._now - LATE_AFTER
            return Late(delivery, Why.CHECKING if looked_after else Why.UNCLEAR)
        lease = delivery.lease_until_at
        if lease is not None and lease + PATIENCE >= self._now:
            return Late(delivery, Why.AT_WORK)
        return Late(delivery, Why.SENDING if delivery.state == S.SENDING else Why.PREPARING)

    def _waiting(self, delivery: Delivery) -> Late:
        if self._frozen & _keys(delivery) or delivery.pk in self._unseen:
            # A freeze is said first: while it stands, a look alone lets nothing out.
            frozen = self._frozen & _keys(delivery)
            return Late(delivery, Why.FROZEN if frozen else Why.LOOK)
        if delivery.account_id in self._paused:
            return Late(delivery, Why.PAUSED)
        if delivery.account_id in self._resting and not self._silent:
            return Late(delivery, Why.LIMIT, self._resting[delivery.account_id])
        if self._silent:
            return Late(delivery, Why.NO_WORKER)
        if delivery.account_id in self._unreached:
            return Late(delivery, Why.UNREACHABLE)
        return Late(delivery, Why.BEHIND if delivery.account_id in self._busy else Why.UNCLEAR)


def _keys(delivery: Delivery) -> set[str]:
    """Return the keys of the gates that guard a delivery."""
    keys = {
        gates.INSTALLATION,
        gates.key_of(GateScope.WORKSPACE, delivery.workspace_id),
        gates.key_of(GateScope.ACCOUNT, delivery.account_id),
    }
    if delivery.post.campaign_id is not None:
        keys.add(gates.key_of(GateScope.CAMPAIGN, delivery.post.campaign_id))
    return keys
