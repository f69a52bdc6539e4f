"""What a freeze keeps waiting: the list that two people must see before it is lifted."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from yanzhen.publishing.engine import gates
from yanzhen.publishing.engine.claim import grace
from yanzhen.publishing.models import Delivery, Gate
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason

AHEAD = timedelta(hours=24)
DROP, HOLD = "drop", "hold"
#: A post's number, and which of its times it is.
_Time = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One post, or what is left of a thread, that a freeze keeps back.

    ``delivery`` is its first segment that is not out, ``behind`` counts those after it.
    ``came_due`` tells that its time has come already; else it goes out by itself after the thaw.
    ``unsettled``: another part of it may be on X or not, so until that is known it can only wait.
    """

    delivery: Delivery
    came_due: bool
    behind: int = 0
    unsettled: bool = False


def horizon(now: datetime) -> datetime:
    """Return until when what is still to come is listed: 24 hours and the rest of that hour.

    Whole hours keep the list the same while people look at it.
    """
    return (now + AHEAD).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def waiting_behind(gate: Gate, *, now: datetime) -> list[Waiting]:
    """Return what ``gate`` keeps waiting: what came due first, then what comes due soon.

    Loads account, post and author; costs the same whatever the number.
    """
    came_due = Q(state__in=(S.SCHEDULED, S.CLAIMED), due_at__lte=now)
    came_due |= Q(state=S.HELD, hold_reason=HoldReason.FROZEN)
    if gate.changed_at is not None:
        came_due |= Q(state=S.MISSED, due_at__gte=gate.changed_at - grace())
    soon = Q(state=S.SCHEDULED, due_at__gt=now, due_at__lte=horizon(now))
    rows = gates.within(gate).filter(came_due | soon)
    listed = list(
        rows.select_related(
            "account", "post__account", "post__author__user", "post__embargo", "after"
        ).order_by("due_at", "post_id", "occurrence", "position")
    )
    numbers = {delivery.pk for delivery in listed}
    heads = [d for d in listed if d.after_id not in numbers]
    behind, unsettled = _rest_of(heads)
    found = [
        Waiting(
            delivery=head,
            came_due=head.state != S.SCHEDULED or head.due_at <= now,
            behind=behind[head.post_id, head.occurrence] - 1,
            unsettled=(head.post_id, head.occurrence) in unsettled,
        )
        for head in heads
    ]
    return sorted(found, key=lambda one: not one.came_due)


def _rest_of(heads: Sequence[Delivery]) -> tuple[Counter[_Time], set[_Time]]:
    """Count what is not out of each post and occurrence, and say which may be out or not."""
    posts = Delivery.objects.filter(post_id__in={head.post_id for head in heads})
    unsent = posts.exclude(state__in=(S.PUBLISHED, S.CANCELLED))
    doubtful = posts.filter(
        Q(state__in=(S.SENDING, S.AMBIGUOUS)) | Q(hold_reason=HoldReason.AMBIGUOUS)
    )
    unclear = doubtful.values_list("post_id", "occurrence")
    in_doubt = set(unclear)
    waiting = unsent.exclude(pk__in=doubtful.values("pk"))
    return Counter(waiting.values_list("post_id", "occurrence")), in_doubt


def signature(listed: Sequence[Waiting], plan: Mapping[str, str]) -> str:
    """Return a short sign of exactly this list with exactly these choices.

    Whoever confirms sends back the sign of what they were shown. A post that is held now and was
    scheduled a moment ago is the same post with the same time, so its state plays no part.
    """
    lines = sorted(
        [
            one.delivery.pk,
            one.came_due,
            one.delivery.due_at.isoformat(),
            plan.get(str(one.delivery.pk), HOLD) if one.came_due else "",
        ]
        for one in listed
    )
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()[:10]
