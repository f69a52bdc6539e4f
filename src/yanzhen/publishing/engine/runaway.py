"""The guard against runaways: an account that is about to post too much is frozen, not trusted.

Whatever made the posts, a bug of ours or an import gone wrong, the public sees each of them. So the
intent asks, under the gate's lock, how much has gone out, and who must decide is a person.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from yanzhen.activity.refs import SYSTEM
from yanzhen.activity.spine import record
from yanzhen.publishing import events
from yanzhen.publishing.engine import gates
from yanzhen.publishing.models import Attempt, Delivery, Gate, GateScope
from yanzhen.publishing.states import Conclusion, GateCause

logger = logging.getLogger(__name__)
TOO_MANY, SAME_AGAIN = "too_many", "same_again"
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
#: Tries that left nothing on X do not count.
_NOTHING_LEFT = (Conclusion.UNSENT, Conclusion.ABSENT)


def fault(delivery: Delivery, payload_hash: str, *, now: datetime) -> str:
    """Return why sending this now would be a runaway (a slug), "" when it would not.

    Times of one recurring post may repeat its words: that was passed.
    """
    sent = Attempt.objects.filter(
        delivery__account_id=delivery.account_id, intended_at__gt=now - DAY
    ).exclude(conclusion__in=_NOTHING_LEFT)
    others = sent.exclude(delivery_id=delivery.pk)
    lately = others.filter(intended_at__gt=now - HOUR, delivery__position=0)
    most = settings.ENV.most_posts_an_hour
    if not delivery.position and lately.values("delivery_id").distinct().count() >= most:
        return TOO_MANY
    if (
        others.filter(payload_hash=payload_hash)
        .exclude(delivery__post_id=delivery.post_id)
        .exists()
    ):
        return SAME_AGAIN
    return ""


@transaction.atomic
def stop_account(delivery: Delivery, why: str, *, now: datetime) -> None:
    """Freeze the delivery's account; nothing when it is frozen already."""
    closed = Gate.objects.filter(
        key=gates.key_of(GateScope.ACCOUNT, delivery.account_id), frozen=False
    ).update(
        frozen=True,
        cause=GateCause.RUNAWAY,
        reason=why,
        epoch=F("epoch") + 1,
        changed_by=None,
        changed_at=now,
    )
    if not closed:
        return
    logger.error("account %s is frozen: %s", delivery.account_id, why)
    record(
        events.FROZEN,
        events.GateMoved(scope=GateScope.ACCOUNT, reason=why, count=0),
        actor=SYSTEM,
        subject=delivery.account.ref,
        workspace_id=delivery.workspace_id,
        at=now,
    )
