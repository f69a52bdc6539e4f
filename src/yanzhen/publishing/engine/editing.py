"""Edits of what is out: which is the newest, how many there were, and whether X still takes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yanzhen.channels.models import Account
from yanzhen.planning.content import PostKind
from yanzhen.planning.models import Version, content_of
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState, HoldReason, RemovalState

#: X lets a Premium account edit a post so long after it was published, and so often.
WINDOW = timedelta(minutes=60)
MOST_EDITS = 5


@dataclass(frozen=True)
class History:
    """A published post and the edits that took its place, oldest first."""

    original: Delivery
    edits: list[Delivery]

    @property
    def newest(self) -> Delivery:
        """What X shows now."""
        return self.edits[-1] if self.edits else self.original

    @property
    def closes_at(self) -> datetime | None:
        """When X stops taking edits; None when it is not known when the post came out."""
        at = self.original.published_at
        return None if at is None else at + WINDOW


def edits_of(account_id: int) -> Mapping[str, Delivery]:
    """Return the account's published edits by the id each took the place of."""
    rows = Delivery.objects.filter(
        account_id=account_id, kind=PostKind.EDIT, state=DeliveryState.PUBLISHED
    )
    return {row.target_id: row for row in rows.order_by("pk")}


def history_of(delivery: Delivery, edits: Mapping[str, Delivery] | None = None) -> History:
    """Return the original of ``delivery`` and all its published edits, whichever it is of them.

    ``edits`` is edits_of its account, where that is known already.
    """
    original = delivery
    seen = {delivery.pk}
    while original.kind == PostKind.EDIT:
        before = Delivery.objects.filter(
            account_id=delivery.account_id,
            remote_id=original.target_id,
            state=DeliveryState.PUBLISHED,
        ).first()
        if before is None or before.pk in seen:
            break
        seen.add(before.pk)
        original = before
    if edits is None:
        edits = edits_of(delivery.account_id)
    found: list[Delivery] = []
    step = edits.get(original.remote_id)
    while step is not None and step not in found:
        found.append(step)
        step = edits.get(step.remote_id)
    return History(original, found)


def newest_id(delivery: Delivery) -> str:
    """Return the id at X that shows ``delivery`` now: its own, or its newest edit's."""
    return history_of(delivery).newest.remote_id


def is_gone(delivery: Delivery) -> bool:
    """Tell whether a delivery was deleted on X, or is about to be."""
    return delivery.removals.exclude(state=RemovalState.FAILED).exists()


def may_ever_change(delivery: Delivery) -> bool:
    """Tell whether X edits posts of this kind: no polls, no reposts, no answers to others."""
    content = content_of(delivery.version)
    if delivery.kind == PostKind.REPOST or delivery.position >= len(content.segments):
        return False
    answers_other = delivery.position == 0 and bool(content.terms.reply_to)
    return content.segments[delivery.position].poll is None and not answers_other


def fault(account: Account, history: History, *, now: datetime) -> HoldReason | None:
    """Return why X would not take another edit at ``now``, None when it would."""
    if is_gone(history.original) or is_gone(history.newest):
        return HoldReason.REMOVED
    return HoldReason.WINDOW if is_closed(account, history, now=now) else None


def is_closed(account: Account, history: History, *, now: datetime) -> bool:
    """Tell whether X's hour is over, there were five edits, or the account has no Premium."""
    closes_at = history.closes_at
    late = closes_at is None or now >= closes_at
    return late or len(history.edits) >= MOST_EDITS or not account.premium


def target_fault(version: Version, *, account: Account, now: datetime) -> HoldReason | None:
    """Return why an edit or repost may not leave at ``now``, None for every other version.

    An edit must be of the newest state of a post of its own account, within X's window; what an
    edit or a repost is about must not be deleted.
    """
    if version.kind == PostKind.POST:
        return None
    rows = Delivery.objects.filter(
        remote_id=version.target_id, state=DeliveryState.PUBLISHED, origin=account.origin
    ).exclude(kind=PostKind.REPOST)
    if version.kind == PostKind.REPOST:
        target = rows.filter(workspace_id=account.workspace_id).first()
        return HoldReason.REMOVED if target is None or is_gone(target) else None
    target = rows.filter(account=account).first()
    if target is None:
        return HoldReason.REMOVED
    history = history_of(target)
    if history.newest.remote_id != version.target_id:
        return HoldReason.WINDOW
    return fault(account, history, now=now)
