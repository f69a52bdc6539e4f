"""Files whose time is over before their post is due: the post is held while there is time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from yanzhen.kernel.machine import MoveRefused
from yanzhen.library.words import why_not
from yanzhen.planning.models import Post
from yanzhen.publishing import events
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.models import Delivery, Upload
from yanzhen.publishing.states import DeliveryState, HoldReason


def hold_expired(now: datetime) -> int:
    """Hold what is due when one of its files may not be used; return how many deliveries.

    All that is left of its thread is held with it, so that no half of one goes out.
    """
    due, asset = F("delivery__due_at"), "media__asset"
    late = Q(**{f"{asset}__expires_at__lte": due}) | Q(**{f"{asset}__available_at__gt": due})
    waiting = Upload.objects.filter(late, delivery__state=DeliveryState.SCHEDULED)
    found = dict(waiting.order_by("-delivery__position").values_list("delivery_id", "pk"))
    return sum(_hold(pk, upload_id, now=now) for pk, upload_id in found.items())


@transaction.atomic
def _hold(delivery_id: int, upload_id: int, *, now: datetime) -> int:
    """Hold one delivery with the rest of its thread, unless it has moved on meanwhile."""
    delivery = Delivery.objects.get(pk=delivery_id)
    post = Post.objects.select_for_update().get(pk=delivery.post_id)
    upload = Upload.objects.select_related("media__asset__workspace").get(pk=upload_id)
    note = why_not(upload.media.asset, delivery.due_at)
    thread = Delivery.objects.filter(
        post=post,
        version_id=delivery.version_id,
        occurrence=delivery.occurrence,
        state=DeliveryState.SCHEDULED,
    ).order_by("position")
    rows = list(thread)
    if not note or delivery.pk not in [row.pk for row in rows]:
        return 0
    for row in rows:
        try:
            outcome.stop(row, HoldReason.EXPIRED, note=note, now=now)
        except MoveRefused as refused:
            outcome.moved_meanwhile(refused)
    outcome.tell(events.HELD, delivery, post, why=HoldReason.EXPIRED, note=note, now=now)
    outcome.project(post, now=now)
    return 1
