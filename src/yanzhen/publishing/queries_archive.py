"""What is out, for the archive: narrowed, and in the order of what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.models import Campaign
from yanzhen.publishing.models import Delivery, DeliveryQuerySet, Reading
from yanzhen.publishing.queries import WISHES
from yanzhen.publishing.states import DeliveryState

#: Counts that the archive can be put in the order of, the highest first.
SORTS = ("impressions", "likes", "reposts", "replies")
_LONGER_THAN_A_MONTH = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the archive is asked for; None asks for nothing.

    ``month`` is the first day of one, by the reader's clocks; ``lead`` is who had the lead when it
    went out. ``sort`` is one of SORTS, "" for the
    newest first.
    """

    account: Account | None = None
    campaign: Campaign | None = None
    month: date | None = None
    lead: Member | None = None
    sort: str = ""

    @property
    def narrows(self) -> bool:
        """Whether something may be left out."""
        asked = (self.account, self.campaign, self.month, self.lead)
        return any(each is not None for each in asked)


def archive(member: Member, wanted: Wanted) -> DeliveryQuerySet:
    """Return what is out and asked for; ``reading_id`` is its latest counts.

    What X has not counted yet comes last where the order is by a count.
    """
    latest = Reading.objects.filter(delivery_id=OuterRef("pk")).order_by("-at", "-pk")
    found = Delivery.objects.visible_to(member).published()
    if wanted.account is not None:
        found = found.filter(account=wanted.account)
    if wanted.campaign is not None:
        found = found.filter(post__campaign=wanted.campaign)
    if wanted.month is not None:
        first, next_month = _bounds(wanted.month, member)
        found = found.filter(published_at__gte=first, published_at__lt=next_month)
    if wanted.lead is not None:
        found = found.filter(lead=wanted.lead)
    found = found.select_related("account", "post__campaign", "lead__user").prefetch_related(WISHES)
    found = found.annotate(reading_id=Subquery(latest.values("pk")[:1]))
    if wanted.sort:
        found = found.annotate(count=Subquery(latest.values(wanted.sort)[:1]))
        found = found.order_by(F("count").desc(nulls_last=True), "-published_at", "-pk")
    return found


def _bounds(month: date, member: Member) -> tuple[datetime, datetime]:
    """Return when the month begins and when it is over for the member, aware."""
    zone = member.user.tz
    following = (month + _LONGER_THAN_A_MONTH).replace(day=1)
    first, last = (datetime(day.year, day.month, 1, tzinfo=zone) for day in (month, following))
    return first, last


def months_of(member: Member) -> Sequence[date]:
    """Return the first days of the months in which something went out, the latest first."""
    out = Delivery.objects.visible_to(member).published()
    zone = member.user.tz
    return [at.date() for at in out.datetimes("published_at", "month", "DESC", tzinfo=zone)]


def leads_of(member: Member) -> QuerySet[Member]:
    """Return who had the lead when something went out, by name; former members too."""
    out = Delivery.objects.visible_to(member).filter(state=DeliveryState.PUBLISHED)
    had = Member.objects.filter(workspace_id=member.workspace_id).select_related("user")
    return had.filter(Exists(out.filter(lead=OuterRef("pk")))).order_by("user__name", "pk")


def latest_readings(deliveries: Sequence[Delivery]) -> dict[int, Reading]:
    """Return the latest counts of archived deliveries, by delivery; one query."""
    wanted = [pk for d in deliveries if (pk := getattr(d, "reading_id", None)) is not None]
    return {reading.delivery_id: reading for reading in Reading.objects.filter(pk__in=wanted)}
