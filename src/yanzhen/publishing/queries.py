"""What the pages of publishing show; reads only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from yanzhen.channels.models import Account
from yanzhen.channels.platforms import platform
from yanzhen.people.models import Member
from yanzhen.planning.models import Campaign
from yanzhen.publishing.models import (
    Delivery,
    Gate,
    GateScope,
    Removal,
)

WISHES = Prefetch("removals", Removal.objects.select_related("asked_by__user"), to_attr="wishes")


def removal_of(delivery: Delivery) -> Removal | None:
    """Return the wish to delete a delivery loaded with its wishes, if any."""
    wishes: list[Removal] = getattr(delivery, "wishes", [])
    return wishes[0] if wishes else None


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


def link_to(delivery: Delivery) -> str:
    """Return where the delivery is on X, "" while it is not."""
    if not delivery.remote_id:
        return ""
    account = delivery.account
    return platform(account.platform).post_url(account.handle, delivery.remote_id)
