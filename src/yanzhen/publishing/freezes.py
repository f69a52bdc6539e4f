"""What the pages about a freeze show; reads only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from yanzhen.channels.states import AccountState, Problem
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision
from yanzhen.publishing.engine import compared
from yanzhen.publishing.engine.waiting import DROP, HOLD, Waiting
from yanzhen.publishing.models import Delivery, Gate, GateScope, Thaw
from yanzhen.publishing.queries import link_to
from yanzhen.publishing.states import DeliveryState, Doubt, HoldReason
from yanzhen.publishing.words import STORIES, cause_of
from yanzhen.publishing.words_gates import reason_of

MOST_FLIGHTS = 50
MINUTE = "%Y-%m-%dT%H:%M"
_FLYING = (DeliveryState.SENDING, DeliveryState.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class Flight:
    """A post that had left before a freeze, and what became of it.

    ``outcome`` is flying, out, held or unsent; ``url`` where it is on X.
    """

    delivery: Delivery
    outcome: str
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """One closed gate: what it stops, why, and how far its lifting has come.

    ``decides`` is False where only the command line can open it. ``missing`` are accounts of a
    restored copy that are not compared with X yet. ``may_lift``: whether the reader may; ``others``
    are the members who may besides.
    """

    gate: Gate
    name: str
    reason: str
    decides: bool
    wish: Thaw | None
    may_lift: bool
    others: Sequence[Member]
    missing: Sequence[compared.Missing] = ()


def gates_over(member: Member) -> list[Gate]:
    """Return the closed gates that keep something of the member's workspace back, widest first."""
    here = Q(workspace_id=member.workspace_id) | Q(scope=GateScope.INSTALLATION)
    rows = Gate.objects.filter(here, frozen=True).select_related(
        "changed_by__user", "workspace", "account", "campaign"
    )
    order = list(GateScope)
    return sorted(rows, key=lambda gate: (order.index(GateScope(gate.scope)), gate.pk))


def name_of(gate: Gate) -> str:
    """Return what a gate stops, in the reader's language."""
    guarded = gate.campaign or gate.account or gate.workspace
    return str(guarded) if guarded is not None else _("The whole installation")


def open_wish(gate: Gate) -> Thaw | None:
    """Return the wish to lift the gate that waits for a second person."""
    found = Thaw.objects.filter(gate=gate, closed_at=None).select_related("asked_by__user", "gate")
    return found.first()


def last_answer(gate: Gate) -> Thaw | None:
    """Return the last wish that was turned down since the gate closed."""
    since = gate.changed_at or datetime.min.replace(tzinfo=UTC)
    closed = Thaw.objects.filter(gate=gate, closed_at__gte=since)
    return closed.select_related("asked_by__user", "closed_by__user").order_by("-closed_at").first()


def closed_for(member: Member, *, now: datetime) -> list[Closed]:
    """Return what is frozen for the member's workspace."""
    found = gates_over(member)
    if not found:
        return []
    alone = Workspace.objects.count() == 1
    wishes = Thaw.objects.filter(gate__in=found, closed_at=None).select_related("asked_by__user")
    by_gate = {wish.gate_id: wish for wish in wishes}
    rows = Member.objects.filter(workspace_id=member.workspace_id).active().with_roles()
    team = [other for other in rows.order_by("user__name", "pk") if other.pk != member.pk]
    return [
        Closed(
            gate=gate,
            name=name_of(gate),
            reason=reason_of(gate),
            decides=alone or gate.workspace_id is not None,
            wish=by_gate.get(gate.pk),
            may_lift=member.may(Decision.PUBLISH_UNFREEZE, account_id=gate.account_id),
            others=[
                other
                for other in team
                if other.may(Decision.PUBLISH_UNFREEZE, account_id=gate.account_id)
            ],
            missing=[
                one
                for one in compared.missing(gate, now=now)
                if one.account.workspace_id == member.workspace_id
            ],
        )
        for gate in found
    ]


def flights(member: Member, gates: Sequence[Gate]) -> list[Flight]:
    """Return what had left before ``gates`` closed or is in the air now, the uncertain first."""
    left = {number for gate in gates for number in gate.left}
    rows = Delivery.objects.visible_to(member).filter(Q(state__in=_FLYING) | Q(pk__in=left))
    rows = rows.select_related("account", "post").order_by("due_at", "pk")
    found = [flight_of(delivery) for delivery in rows[:MOST_FLIGHTS]]
    return sorted(found, key=lambda one: one.outcome != "flying")


def flight_of(delivery: Delivery) -> Flight:
    """Return what became of one delivery that had left, in the reader's language."""
    state = DeliveryState(delivery.state)
    if state == DeliveryState.SENDING:
        return Flight(delivery, "flying", _("It is being sent at this moment."))
    if state == DeliveryState.AMBIGUOUS:
        return Flight(delivery, "flying", str(Doubt(delivery.doubt).label))
    if state == DeliveryState.PUBLISHED:
        return Flight(delivery, "out", _("It is on X."), link_to(delivery))
    if state in (DeliveryState.HELD, DeliveryState.MISSED, DeliveryState.FAILED):
        return Flight(delivery, "held", _stopped(delivery))
    return Flight(delivery, "unsent", _("It was not sent."))


def _stopped(delivery: Delivery) -> str:
    """Say in a few words why it did not go out; the inbox tells the whole story."""
    if delivery.state == DeliveryState.HELD:
        return str(HoldReason(delivery.hold_reason).label)
    return str(STORIES[cause_of(delivery, None, None)].happened)


def trouble_words(one: compared.Missing) -> str:
    """Return in the reader's language why an account is not compared yet, and what to do."""
    if one.trouble in Problem.values:
        return str(Problem(one.trouble).label)
    if one.trouble in AccountState.values:
        return _("It is not connected. Connect it again, or freeze it on its own.")
    if one.trouble:
        return _("X could not be asked: %(words)s") % {"words": one.trouble}
    if one.asked:
        return _("It is asked for once more when X surely shows all that was sent.")
    return _("X is being asked.")


@dataclass(frozen=True, slots=True)
class Row:
    """One waiting post on the page: why it waits, and what was chosen for it.

    ``fate`` is drop, hold or time, ``at`` the new time as a wall time in ``zone`` for the field and
    ``until`` the same as a moment. ``fresh`` came due after the wish. Of a
    ``veiled`` one the reader learns only that it waits.
    """

    waiting: Waiting
    why: str
    fate: str
    zone: str
    at: str = ""
    until: datetime | None = None
    fresh: bool = False
    error: str = ""
    veiled: bool = False


def why_it_waits(one: Waiting) -> str:
    """Return in a few words why a post is on the list."""
    if not one.came_due:
        return _("Goes out by itself once the freeze is lifted.")
    if one.unsettled:
        return _("Another part of it may be on X. Until that is settled, leave it missed.")
    if one.delivery.state == DeliveryState.MISSED:
        return _("It missed its time by too much.")
    return _("It came due during the freeze.")


def zone_of(delivery: Delivery) -> str:
    """Return the zone in which people gave the post its time."""
    return delivery.post.due_zone or delivery.post.account.zone


def veiled_of(listed: Sequence[Waiting], member: Member) -> frozenset[int]:
    """Return the numbers of the deliveries on the list that an embargo keeps from the member."""
    numbers = {one.delivery.pk for one in listed}
    if not numbers:
        return frozenset()
    seen = Delivery.objects.visible_to(member).filter(pk__in=numbers)
    return frozenset(numbers.difference(seen.values_list("pk", flat=True)))


def rows_of_wish(
    listed: Sequence[Waiting], plan: Mapping[str, str], *, veiled: Collection[int] = ()
) -> list[Row]:
    """Return the list with the choices of a wish."""
    return [replace(_row_of_wish(one, plan), veiled=one.delivery.pk in veiled) for one in listed]


def _row_of_wish(one: Waiting, plan: Mapping[str, str]) -> Row:
    zone = zone_of(one.delivery)
    choice = plan.get(str(one.delivery.pk))
    fresh = one.came_due and choice is None
    choice = choice or HOLD
    if choice in (DROP, HOLD):
        return Row(one, why_it_waits(one), choice, zone, fresh=fresh)
    until = datetime.fromisoformat(choice)
    at = until.astimezone(ZoneInfo(zone)).strftime(MINUTE)
    return Row(one, why_it_waits(one), "time", zone, at=at, until=until, fresh=fresh)


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody typed into the list: fate and wall time by delivery, and what is wrong."""

    fates: Mapping[int, str] = field(default_factory=dict)
    times: Mapping[int, str] = field(default_factory=dict)
    errors: Mapping[int, str] = field(default_factory=dict)


def rows_to_fill(
    listed: Sequence[Waiting], filled: Filled, *, veiled: Collection[int] = ()
) -> list[Row]:
    """Return the list as a form, with what was typed before."""
    return [
        Row(
            one,
            why_it_waits(one),
            filled.fates.get(one.delivery.pk, HOLD),
            zone_of(one.delivery),
            at=filled.times.get(one.delivery.pk, ""),
            error=filled.errors.get(one.delivery.pk, ""),
            veiled=one.delivery.pk in veiled,
        )
        for one in listed
    ]
