"""The gates: rows that every send locks before it goes, so that a freeze is a lock, not a flag."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q

from yanzhen.planning.models import Post
from yanzhen.publishing.engine import looks
from yanzhen.publishing.models import Delivery, DeliveryQuerySet, Gate, GateScope

INSTALLATION = "installation"


def key_of(scope: GateScope, pk: int | None = None) -> str:
    """Return the key of one gate, such as "account:5"."""
    return INSTALLATION if scope == GateScope.INSTALLATION else f"{scope.value}:{pk}"


def _gates_of(post: Post) -> list[Gate]:
    gates = [
        Gate(key=INSTALLATION, scope=GateScope.INSTALLATION),
        Gate(
            key=key_of(GateScope.WORKSPACE, post.workspace_id),
            scope=GateScope.WORKSPACE,
            workspace_id=post.workspace_id,
        ),
        Gate(
            key=key_of(GateScope.ACCOUNT, post.account_id),
            scope=GateScope.ACCOUNT,
            workspace_id=post.workspace_id,
            account_id=post.account_id,
        ),
    ]
    if post.campaign_id is not None:
        gates.append(
            Gate(
                key=key_of(GateScope.CAMPAIGN, post.campaign_id),
                scope=GateScope.CAMPAIGN,
                workspace_id=post.workspace_id,
                campaign_id=post.campaign_id,
            )
        )
    return gates


def make_missing(post: Post) -> None:
    """Make the gate rows that a send of this post will lock."""
    wanted = _gates_of(post)
    known = set(Gate.objects.filter(key__in=[g.key for g in wanted]).values_list("key", flat=True))
    missing = [gate for gate in wanted if gate.key not in known]
    if missing:
        Gate.objects.bulk_create(missing, ignore_conflicts=True)


def lock_for_sending(post: Post) -> Sequence[Gate]:
    """Lock this post's gates against a freeze until the transaction ends, and return them.

    Fewer than expected when a row is missing (make_missing makes them). On PostgreSQL senders share
    the lock and a freeze waits for them; on SQLite the transaction is IMMEDIATE, so it holds the
    one write lock that a freeze needs.
    """
    keys = sorted(gate.key for gate in _gates_of(post))
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(Gate._meta.db_table)
        return list(
            Gate.objects.raw(
                f"SELECT * FROM {table} WHERE key = ANY(%s) ORDER BY key FOR SHARE",  # noqa: S608 -- the model's own table name
                [keys],
            )
        )
    return list(Gate.objects.filter(key__in=keys))


def expected(post: Post) -> int:
    """Return how many gates a send of this post must find."""
    return len(_gates_of(post))


def closed(deliveries: DeliveryQuerySet) -> DeliveryQuerySet:
    """Return those of ``deliveries`` that a frozen gate keeps back."""
    frozen = list(Gate.objects.filter(frozen=True))
    if any(gate.scope == GateScope.INSTALLATION for gate in frozen):
        return deliveries
    return deliveries.filter(_behind(frozen)) if frozen else deliveries.none()


def passable() -> DeliveryQuerySet:
    """Return the deliveries no freeze keeps back."""
    frozen = list(Gate.objects.filter(frozen=True))
    deliveries = Delivery.objects.all()
    if any(gate.scope == GateScope.INSTALLATION for gate in frozen):
        return deliveries.none()
    return deliveries.exclude(_behind(frozen)) if frozen else deliveries


def sendable() -> DeliveryQuerySet:
    """Return the deliveries that neither a freeze nor a missing last look keeps back."""
    return looks.passable(passable())


def _behind(gates: Sequence[Gate]) -> Q:
    behind = Q(pk__in=())
    for gate in gates:
        if gate.scope == GateScope.WORKSPACE:
            behind |= Q(workspace_id=gate.workspace_id or 0)
        elif gate.scope == GateScope.ACCOUNT:
            behind |= Q(account_id=gate.account_id or 0)
        elif gate.scope == GateScope.CAMPAIGN:
            # Without the first half, "not in it" would be NULL for posts without a campaign.
            campaign = Q(post__campaign_id=gate.campaign_id or 0)
            behind |= Q(post__campaign_id__isnull=False) & campaign
    return behind


def within(gate: Gate) -> DeliveryQuerySet:
    """Return the deliveries that ``gate`` guards."""
    if gate.scope == GateScope.INSTALLATION:
        return Delivery.objects.all()
    return Delivery.objects.filter(_behind([gate]))
