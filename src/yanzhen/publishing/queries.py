"""What the pages of publishing show; reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from yanzhen.channels.models import Account
from yanzhen.channels.platforms import platform
from yanzhen.people.models import Member
from yanzhen.planning.models import Campaign, Post
from yanzhen.publishing.models import Attempt, Delivery, DeliveryQuerySet, Gate, GateScope, Reading
from yanzhen.publishing.states import NEEDS_PERSON, DeliveryState, HoldReason


def _with_names(deliveries: DeliveryQuerySet) -> DeliveryQuerySet:
    attempts = Attempt.objects.order_by("number")
    return deliveries.select_related("account", "post__author__user").prefetch_related(
        Prefetch("attempts", queryset=attempts, to_attr="ledger")
    )


def waiting_for_a_person(member: Member) -> DeliveryQuerySet:
    """Return what a person must decide, oldest first; ``behind`` counts segments that only wait.

    Of a stopped thread only the first stopped segment is shown. Loads names and attempts.
    """
    behind = (
        Delivery.objects.filter(
            post_id=OuterRef("post_id"),
            hold_reason=HoldReason.BEFORE,
            position__gt=OuterRef("position"),
        )
        .order_by()
        .values("post_id")
        .annotate(number=Count("pk"))
        .values("number")
    )
    only_waits = Q(hold_reason=HoldReason.BEFORE, after__state__in=NEEDS_PERSON)
    found = Delivery.objects.visible_to(member).needing_a_person().exclude(only_waits)
    return _with_names(found.annotate(behind=Coalesce(Subquery(behind), 0)))


def being_checked(member: Member) -> DeliveryQuerySet:
    """Return what X is being asked about now, with names and attempts."""
    found = Delivery.objects.visible_to(member).filter(state=DeliveryState.AMBIGUOUS)
    return _with_names(found.order_by("check_at", "pk"))


def archive(member: Member, account: Account | None) -> DeliveryQuerySet:
    """Return what is out, newest first; ``reading_id`` is its latest counts."""
    latest = Reading.objects.filter(delivery_id=OuterRef("pk")).order_by("-at", "-pk").values("pk")
    found = Delivery.objects.visible_to(member).published()
    if account is not None:
        found = found.filter(account=account)
    return found.select_related("account", "post").annotate(reading_id=Subquery(latest[:1]))


def latest_readings(deliveries: Sequence[Delivery]) -> dict[int, Reading]:
    """Return the latest counts of archived deliveries, by delivery; one query."""
    wanted = [pk for d in deliveries if (pk := getattr(d, "reading_id", None)) is not None]
    return {reading.delivery_id: reading for reading in Reading.objects.filter(pk__in=wanted)}


@dataclass(frozen=True)
class Closable:
    """Something that can be frozen, and its gate if there is one. ``key`` names it in forms."""

    key: str
    name: str
    gate: Gate | None

    @property
    def frozen(self) -> bool:
        """Whether nothing of it goes out now."""
        return self.gate is not None and self.gate.frozen


def closables(member: Member) -> list[Closable]:
    """Return the workspace, its accounts and active campaigns, each with its gate."""
    known = Gate.objects.filter(workspace_id=member.workspace_id)
    gates = {gate.key: gate for gate in known.select_related("changed_by__user")}
    named: list[tuple[str, str]] = [
        (f"{GateScope.WORKSPACE.value}:{member.workspace_id}", member.workspace.name)
    ]
    accounts = Account.objects.visible_to(member).in_order()
    named += [(f"{GateScope.ACCOUNT.value}:{a.pk}", str(a)) for a in accounts]
    campaigns = Campaign.objects.filter(workspace_id=member.workspace_id, active=True)
    named += [
        (f"{GateScope.CAMPAIGN.value}:{c.pk}", c.name) for c in campaigns.order_by("name", "pk")
    ]
    return [Closable(key, name, gates.get(key)) for key, name in named]


@dataclass(frozen=True)
class Part:
    """One delivery of a post and where it is on X; ``url`` is "" while it is not."""

    delivery: Delivery
    url: str


def parts_of(post: Post) -> list[Part]:
    """Return the post's deliveries in order of the thread, without what was called off."""
    found = (
        Delivery.objects.filter(post=post)
        .exclude(state=DeliveryState.CANCELLED)
        .select_related("account")
        .order_by("position", "pk")
    )
    return [Part(each, link_to(each)) for each in found]


def link_to(delivery: Delivery) -> str:
    """Return where the delivery is on X, "" while it is not."""
    if not delivery.remote_id:
        return ""
    account = delivery.account
    return platform(account.platform).post_url(account.handle, delivery.remote_id)
