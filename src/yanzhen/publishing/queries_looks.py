"""What waits for the lead's last look, and what was let go; reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from yanzhen.people.models import Member
from yanzhen.planning.models import Post, content_of
from yanzhen.publishing.actions.clearing import is_own
from yanzhen.publishing.engine import looks
from yanzhen.publishing.models import Clearance, Delivery, DeliveryQuerySet
from yanzhen.review.models import Flow
from yanzhen.review.queries import Reading, read

MOST_SHOWN = 100
MOST_LET_GO = 50
_GIVEN = Prefetch(
    "clearances", Clearance.objects.standing().select_related("by__user"), to_attr="given"
)


def clearance_of(delivery: Delivery) -> Clearance | None:
    """Return the clearance of a delivery loaded with what was given, if any stands."""
    given: list[Clearance] = getattr(delivery, "given", [])
    return given[0] if given else None


def _with_names(rows: DeliveryQuerySet) -> DeliveryQuerySet:
    return rows.select_related("account", "post__author__user", "post__embargo")


def asks_for_looks(member: Member) -> bool:
    """Tell whether the flow of the member's workspace asks for the lead's last look."""
    return member.workspace_id in looks.asking()


def waiting_for(member: Member, *, now: datetime) -> Sequence[Delivery]:
    """Return what waits for the last look and the member may see, the earliest first."""
    rows = looks.waiting(member.workspace_id, now=now)
    mine = rows.filter(pk__in=Delivery.objects.visible_to(member).values("pk"))
    return list(_with_names(mine)[:MOST_SHOWN])


def let_go(member: Member) -> Sequence[Delivery]:
    """Return what was looked at and is not out yet, each with its clearance in ``given``."""
    if not asks_for_looks(member):
        return []
    rows = looks.heads().filter(looks.fitting())
    mine = rows.filter(pk__in=Delivery.objects.visible_to(member).values("pk"))
    ordered = _with_names(mine).order_by("due_at", "pk")
    return list(ordered.prefetch_related(_GIVEN)[:MOST_LET_GO])


@dataclass(frozen=True)
class LookSheet:
    """One delivery as it lies open before the lead: everything that will go out.

    ``clearance`` is the one that stands and fits, else None. ``barred`` is a stable word that says
    why the member may not look: not_lead, own_work, or "".
    """

    delivery: Delivery
    reading: Reading
    clearance: Clearance | None
    barred: str


def look_sheet(delivery: Delivery, member: Member) -> LookSheet:
    """Read one delivery of an asking workspace for the page. It comes from visible_to()."""
    flow = Flow.objects.get(workspace_id=delivery.workspace_id, active=True)
    fits = Delivery.objects.filter(looks.fitting(), pk=delivery.pk).exists()
    given = Clearance.objects.standing().filter(delivery=delivery).select_related("by__user")
    barred = ""
    if not member.leads:
        barred = "not_lead"
    elif not flow.look_own and is_own(delivery.post, member):
        barred = "own_work"
    return LookSheet(
        delivery=delivery,
        reading=read(delivery.post, content_of(delivery.version)),
        clearance=given.first() if fits else None,
        barred=barred,
    )


@dataclass(frozen=True)
class PostLook:
    """What a post's own page says of the last look. ``opens_at`` is aware; None once it is given.

    ``delivery`` is the first part that waits or was let go.
    """

    delivery: Delivery
    clearance: Clearance | None
    opens_at: datetime | None
    is_open: bool


def look_of(post: Post, *, now: datetime) -> PostLook | None:
    """Return how the post stands with the last look; None where nothing asks for one."""
    span = looks.asking().get(post.workspace_id)
    if span is None:
        return None
    rows = looks.heads().filter(post=post).order_by("due_at", "pk")
    first = rows.filter(~looks.fitting()).first()
    if first is not None:
        opens_at = first.due_at - span
        return PostLook(first, None, opens_at, opens_at <= now)
    cleared = rows.prefetch_related(_GIVEN).first()
    return PostLook(cleared, clearance_of(cleared), None, False) if cleared else None
