"""What a post's own page shows of its sending: its parts, what they became, what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yanzhen.channels.models import Account
from yanzhen.planning.content import PostKind
from yanzhen.planning.models import Post
from yanzhen.publishing.engine import editing
from yanzhen.publishing.models import Delivery, Removal
from yanzhen.publishing.queries import WISHES, link_to, removal_of
from yanzhen.publishing.states import IN_FLIGHT, DeliveryState, HoldReason, RemovalState
from yanzhen.publishing.words import STORIES, Cause


@dataclass(frozen=True)
class Part:
    """One delivery of a post and where it is on X; ``url`` is "" while it is not.

    ``removal`` is the wish to delete it there, ``became`` its newest edit, ``editable_until`` when
    X stops taking edits; each None where there is none.
    """

    delivery: Delivery
    url: str
    removal: Removal | None = None
    became: Delivery | None = None
    editable_until: datetime | None = None

    @property
    def out(self) -> bool:
        """Whether X has it."""
        return self.delivery.state == DeliveryState.PUBLISHED

    @property
    def in_flight(self) -> bool:
        """Whether it may be about to appear on X."""
        return self.delivery.state in IN_FLIGHT

    @property
    def gone(self) -> bool:
        """Whether it was deleted on X."""
        return self.removal is not None and self.removal.state == RemovalState.GONE

    @property
    def repostable(self) -> bool:
        """Whether another account can show it again."""
        return self.out and self.delivery.kind != PostKind.REPOST


def parts_of(post: Post, *, now: datetime) -> list[Part]:
    """Return the post's deliveries in order of the thread, without what was called off."""
    found = (
        Delivery.objects.filter(post=post)
        .exclude(state=DeliveryState.CANCELLED)
        .select_related("account", "version", "lead__user")
        .prefetch_related(WISHES, "version__segments")
        .order_by("occurrence", "position", "pk")
    )
    edits = editing.edits_of(post.account_id)
    return [_part(each, edits, now=now) for each in found]


def _part(delivery: Delivery, edits: Mapping[str, Delivery], *, now: datetime) -> Part:
    removal = removal_of(delivery)
    if delivery.state != DeliveryState.PUBLISHED or delivery.kind == PostKind.REPOST:
        return Part(delivery, link_to(delivery), removal)
    history = editing.history_of(delivery, edits)
    became = history.newest if history.newest.pk != delivery.pk else None
    # Only the newest state can be edited, and only while X still takes it.
    editable = (
        became is None
        and removal is None
        and not editing.is_closed(delivery.account, history, now=now)
        and editing.may_ever_change(delivery)
    )
    until = history.closes_at if editable else None
    return Part(delivery, link_to(delivery), removal, became, until)


@dataclass(frozen=True)
class About:
    """What an edit or a repost is about. ``trouble`` says why X would not take it now."""

    text: str
    url: str
    account: Account | None
    post_id: int | None
    language: str
    closes_at: datetime | None
    trouble: str


def about(post: Post, *, now: datetime) -> About | None:
    """Return what an edit or a repost is about, None for every other post."""
    if post.kind == PostKind.POST:
        return None
    target = (
        Delivery.objects.published()
        .filter(workspace_id=post.workspace_id, remote_id=post.target_id)
        .exclude(kind=PostKind.REPOST)
        .select_related("account", "post")
        .first()
    )
    if target is None:
        gone = str(STORIES[Cause.REMOVED].happened)
        return About("", "", None, post.source_id, "", None, gone)
    closes_at, why = None, None
    if post.kind == PostKind.EDIT:
        history = editing.history_of(target)
        closes_at = history.closes_at
        why = editing.fault(post.account, history, now=now)
        if history.newest.pk != target.pk:
            why = HoldReason.WINDOW
    elif editing.is_gone(target):
        why = HoldReason.REMOVED
    settled = Delivery.objects.published().filter(post=post).exists()
    trouble = {
        HoldReason.WINDOW: str(STORIES[Cause.WINDOW].happened),
        HoldReason.REMOVED: str(STORIES[Cause.REMOVED].happened),
    }
    return About(
        text=target.text,
        url=link_to(target),
        account=target.account,
        post_id=target.post_id,
        language=target.post.language,
        closes_at=None if settled else closes_at,
        trouble="" if settled or why is None else trouble[why],
    )
