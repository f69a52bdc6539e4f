"""What publishing tells planning: which posts on X are ours, and what an account has cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from yanzhen.library.ports import Result, tell_results
from yanzhen.planning import ports
from yanzhen.planning.content import PostKind
from yanzhen.planning.ports import Standing
from yanzhen.publishing.engine.money import spent
from yanzhen.publishing.models import Delivery, Reading
from yanzhen.publishing.queries import link_to


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


def results_of_posts(ids: Sequence[str]) -> Mapping[str, Sequence[Result]]:
    """Return where these posts are on X and their latest counts; two queries."""
    rows = Delivery.objects.published().filter(post__in=[int(pk) for pk in ids], position=0)
    out = list(rows.select_related("account").order_by("published_at", "pk"))
    latest = {
        row.delivery_id: row for row in Reading.objects.filter(delivery__in=out).order_by("at")
    }
    found: dict[str, list[Result]] = {}
    for delivery in out:
        result = Result(link_to(delivery), _counts(latest.get(delivery.pk)))
        found.setdefault(str(delivery.post_id), []).append(result)
    return found


def _counts(reading: Reading | None) -> list[str]:
    if reading is None:
        return []
    said = [(_("%(count)s seen"), reading.impressions), (_("%(count)s likes"), reading.likes)]
    return [words % {"count": f"{count:,}"} for words, count in said if count is not None]


ports.tell(Deliveries())
tell_results("planning.post", results_of_posts)
