"""The last look: where a flow asks for it, nothing goes out that the lead has not cleared.

Asked when a delivery is claimed and again in the intent. What lacks it stays scheduled behind this
gate, as behind a freeze that is about to end: cleared within the grace it goes out, later it has
missed its time like anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from yanzhen.publishing.models import Clearance, Delivery, DeliveryQuerySet
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.review.models import Flow


def asking() -> Mapping[int, timedelta]:
    """Return the workspaces whose flow asks for the look, and how long before it opens."""
    flows = Flow.objects.filter(active=True, look_minutes__isnull=False)
    rows = flows.values_list("workspace_id", "look_minutes")
    return {workspace: timedelta(minutes=minutes or 0) for workspace, minutes in rows}


def fitting() -> Exists:
    """Tell of each delivery whether a clearance stands for exactly its text, at its time."""
    given = Clearance.objects.standing().filter(
        delivery_id=OuterRef("pk"),
        digest=OuterRef("digest"),
        good_from_at__lte=OuterRef("due_at"),
        good_until_at__gte=OuterRef("due_at"),
    )
    return Exists(given)


def passable(deliveries: DeliveryQuerySet) -> DeliveryQuerySet:
    """Return those of ``deliveries`` that no missing look keeps back."""
    asked = list(asking())
    return deliveries.filter(~Q(workspace_id__in=asked) | fitting()) if asked else deliveries


def lacking(deliveries: DeliveryQuerySet) -> DeliveryQuerySet:
    """Return those of ``deliveries`` whose flow asks for a look that nobody gave."""
    asked = list(asking())
    return deliveries.filter(~fitting(), workspace_id__in=asked) if asked else deliveries.none()


def heads() -> DeliveryQuerySet:
    """Return what is scheduled, of a thread only the first part that is not out."""
    first = Q(after=None) | Q(after__state=S.PUBLISHED)
    return Delivery.objects.filter(first, state=S.SCHEDULED)


def waiting(workspace_id: int, *, now: datetime) -> DeliveryQuerySet:
    """Return what the lead should look at from ``now`` on, the earliest first."""
    span = asking().get(workspace_id)
    if span is None:
        return Delivery.objects.none()
    found = heads().filter(~fitting(), workspace_id=workspace_id, due_at__lte=now + span)
    return found.order_by("due_at", "pk")
