"""What publishing tells planning: which posts on X are ours, and what an account has cost."""

from __future__ import annotations

from datetime import datetime

from yanzhen.planning import ports
from yanzhen.planning.content import PostKind
from yanzhen.planning.ports import Standing
from yanzhen.publishing.engine.money import spent
from yanzhen.publishing.models import Delivery


class Deliveries:
    """Reads deliveries and charges for planning."""

    def standing(self, account_id: int, post_id: str) -> Standing:
        """Find a post among what we sent as the account; mentions of others are not known here."""
        sent = Delivery.objects.published().filter(account_id=account_id, remote_id=post_id)
        ours = sent.exclude(kind=PostKind.REPOST).exists()
        return Standing.OURS if ours else Standing.UNKNOWN

    def spent_micros(self, account_id: int, *, now: datetime) -> int | None:
        """Sum the month's charges; None when there are none."""
        return spent(account_id, now=now) or None


ports.tell(Deliveries())
