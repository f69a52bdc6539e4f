"""What the failure inbox lists: the posts the engine will not decide about, by what they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.states import PostState
from yanzhen.publishing.ledger import Line, ledger
from yanzhen.publishing.models import Attempt, Delivery, DeliveryQuerySet, LookUp, Removal, Resend
from yanzhen.publishing.states import (
    NEEDS_PERSON,
    Conclusion,
    DeliveryState,
    HoldReason,
    RemovalState,
)
from yanzhen.publishing.words import STORIES, Cause, cause_of, doubted

MOST_DELETIONS = 20
PERSON, ASKED, MISSED, PARTIAL = "person", "asked", "missed", "partial"
SHOWS = (PERSON, ASKED, MISSED, PARTIAL)


def _visible(member: Member, account: Account | None) -> DeliveryQuerySet:
    found = Delivery.objects.visible_to(member)
    return found if account is None else found.filter(account=account)


#: A segment that only waits for a stopped one before it is told there, as "behind it".
_ONLY_WAITS = Q(hold_reason=HoldReason.BEFORE, after__state__in=NEEDS_PERSON)
#: A wish to delete that X refused. A delivery has one removal at most, so no row comes twice.
_NOT_DELETED = Q(removals__state=RemovalState.FAILED)
_WANTS: Mapping[str, Q] = {
    PERSON: (Q(state__in=NEEDS_PERSON) & ~_ONLY_WAITS) | _NOT_DELETED,
    ASKED: Q(state=DeliveryState.AMBIGUOUS),
    MISSED: Q(state=DeliveryState.MISSED),
    PARTIAL: Q(state__in=NEEDS_PERSON, post__state=PostState.PARTIAL) & ~_ONLY_WAITS,
}


def waiting_for_a_person(member: Member) -> DeliveryQuerySet:
    """Return what a member must decide; of a stopped thread only its first stopped segment."""
    return _visible(member, None).filter(_WANTS[PERSON])


def counts(member: Member, account: Account | None) -> Mapping[str, int]:
    """Return how many items each of SHOWS lists; one query."""
    numbers = {name: Count("pk", filter=want) for name, want in _WANTS.items()}
    return _visible(member, account).order_by().aggregate(**numbers)


def listed(member: Member, show: str, account: Account | None) -> DeliveryQuerySet:
    """Return what one of SHOWS lists, oldest first; see with_story for what is loaded."""
    order = ("check_at", "pk") if show == ASKED else ("state_since_at", "pk")
    return with_story(_visible(member, account).filter(_WANTS[show])).order_by(*order)


def with_story(deliveries: DeliveryQuerySet) -> DeliveryQuerySet:
    """Load names, the attempts as ``tries`` and the look-ups as ``looks``, oldest first.

    ``behind`` counts the segments that only wait for this one.
    """
    waiting = (
        Delivery.objects.filter(
            post_id=OuterRef("post_id"),
            occurrence=OuterRef("occurrence"),
            hold_reason=HoldReason.BEFORE,
            state=DeliveryState.HELD,
            position__gt=OuterRef("position"),
        )
        .order_by()
        .values("post_id")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        deliveries.select_related("account", "post__author__user", "post__account", "post__embargo")
        .annotate(behind=Coalesce(Subquery(waiting), 0))
        .prefetch_related(
            Prefetch("attempts", Attempt.objects.order_by("number"), to_attr="tries"),
            Prefetch(
                "look_ups",
                LookUp.objects.select_related("by__user").order_by("at", "pk"),
                to_attr="looks",
            ),
            Prefetch(
                "removals", Removal.objects.select_related("asked_by__user"), to_attr="wishes"
            ),
        )
    )


@dataclass(frozen=True)
class Row:
    """One line of the list: the delivery and what happened to it, in the reader's language."""

    delivery: Delivery
    said: str


def last_try(delivery: Delivery) -> Attempt | None:
    """Return the latest attempt of a delivery loaded by with_story."""
    tries: list[Attempt] = getattr(delivery, "tries", [])
    return tries[-1] if tries else None


def last_look(delivery: Delivery) -> LookUp | None:
    """Return the latest look-up of a delivery loaded by with_story."""
    looks: list[LookUp] = getattr(delivery, "looks", [])
    return looks[-1] if looks else None


def may_have_landed(delivery: Delivery) -> bool:
    """Tell whether a try of a delivery loaded by with_story may be on X."""
    tries: list[Attempt] = getattr(delivery, "tries", [])
    return any(each.conclusion == Conclusion.UNPROVEN for each in tries)


def removal_of(delivery: Delivery) -> Removal | None:
    """Return the wish to delete a delivery loaded by with_story, if any."""
    wishes: list[Removal] = getattr(delivery, "wishes", [])
    return wishes[0] if wishes else None


def why(delivery: Delivery) -> Cause | None:
    """Return why a delivery loaded by with_story needs a person, None when it does not."""
    wish = removal_of(delivery)
    not_deleted = wish is not None and wish.state == RemovalState.FAILED
    if delivery.state not in NEEDS_PERSON and not not_deleted:
        return None
    return cause_of(delivery, last_try(delivery), last_look(delivery))


def rows(deliveries: Sequence[Delivery]) -> list[Row]:
    """Return the lines of the list, for deliveries loaded by with_story."""
    return [Row(delivery, happened(delivery)) for delivery in deliveries]


def happened(delivery: Delivery) -> str:
    """Return what happened to a delivery loaded by with_story."""
    cause = why(delivery)
    if cause is not None:
        return str(STORIES[cause].happened)
    if delivery.state == DeliveryState.AMBIGUOUS:
        return doubted(delivery, last_try(delivery))
    return str(DeliveryState(delivery.state).label)


@dataclass(frozen=True)
class Outage:
    """Posts of one account that missed their time, due from ``first`` to ``last``."""

    account: Account
    count: int
    first: datetime
    last: datetime


def outages(member: Member) -> list[Outage]:
    """Return the accounts of which more than one post missed its time; two queries."""
    missed = _visible(member, None).filter(state=DeliveryState.MISSED)
    groups = (
        missed.order_by()
        .values("account_id")
        .annotate(count=Count("pk"), first=Min("due_at"), last=Max("due_at"))
        .filter(count__gt=1)
        .order_by("first", "account_id")
    )
    found = list(groups)
    accounts = Account.objects.in_bulk([group["account_id"] for group in found])
    return [
        Outage(accounts[group["account_id"]], group["count"], group["first"], group["last"])
        for group in found
    ]


def missed_of(member: Member, account: Account) -> DeliveryQuerySet:
    """Return the account's missed deliveries by when they were due, with names."""
    missed = _visible(member, account).filter(state=DeliveryState.MISSED)
    return missed.select_related("account", "post__account").order_by("due_at", "pk")


def open_resend(delivery: Delivery) -> Resend | None:
    """Return the proposal to send it again that waits for a second member, if any."""
    waiting = Resend.objects.filter(delivery=delivery, closed_at=None)
    return waiting.select_related("asked_by__user").first()


def ledger_of(delivery: Delivery) -> Sequence[Line]:
    """Return the timeline of a delivery loaded by with_story; one more query."""
    names = ("asked_by__user", "confirmed_by__user")
    resends = Resend.objects.filter(delivery=delivery).select_related(*names).order_by("pk")
    return ledger(
        delivery,
        attempts=getattr(delivery, "tries", []),
        looks=getattr(delivery, "looks", []),
        resends=resends,
        removal=removal_of(delivery),
    )


def being_deleted(member: Member, account: Account | None) -> list[Removal]:
    """Return the wishes to delete that a worker has yet to carry out, oldest first."""
    rows = Removal.objects.filter(
        state__in=(RemovalState.ASKED, RemovalState.DOING), delivery__in=_visible(member, account)
    )
    names = ("delivery__account", "delivery__post", "asked_by__user")
    return list(rows.select_related(*names).order_by("asked_at", "pk")[:MOST_DELETIONS])
