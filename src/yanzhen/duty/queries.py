"""Reading the rota: who is on duty, what is planned, and where nobody is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max, Q

from yanzhen.duty.models import (
    DealtTurn,
    Holiday,
    Layer,
    LayerQuerySet,
    Leave,
    Override,
    Place,
    Rota,
    Site,
    Swap,
    Turn,
)
from yanzhen.duty.rules import cover as rules
from yanzhen.duty.rules import fairness, overlap
from yanzhen.duty.rules.ahead import WARN_DAYS
from yanzhen.duty.rules.ical import Entry
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.layers import Layer as LayerValue
from yanzhen.duty.rules.spans import Span, between
from yanzhen.duty.rules.turns import Away
from yanzhen.duty.rules.walls import Bent, Hours
from yanzhen.duty.states import HOLDING, SwapState
from yanzhen.people.models import Member, Workspace

FOR_GOOD = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty at one moment; None where nobody is."""

    primary: Member | None
    backup: Member | None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides who is on duty from a moment on, loaded once."""

    layers: Mapping[str, Sequence[LayerValue]]
    settled: Mapping[int, Mapping[int, int | None]]
    away: Away
    swaps: Mapping[str, Sequence[rules.Swap]]
    overrides: Mapping[str, Sequence[rules.Override]]

    def cover(self, place: str, whole: Span) -> rules.Cover:
        """Work out who has ``place`` in ``whole``."""
        return rules.cover(
            self.layers.get(place, ()),
            whole,
            away=self.away,
            swaps=self.swaps.get(place, ()),
            overrides=self.overrides.get(place, ()),
            settled=self.settled,
        )


def on_duty(workspace: Workspace, *, at: datetime) -> OnDuty:
    """Return who is on duty at ``at`` (aware), the past included, in one query."""
    rows = Turn.objects.filter(rota__workspace=workspace).at(at).select_related("member__user")
    by_place = {turn.place: turn.member for turn in rows}
    return OnDuty(by_place.get(Place.PRIMARY), by_place.get(Place.BACKUP))


def pieces_of(turns: Iterable[Turn]) -> list[rules.Piece]:
    """Return turns as plain values."""
    return [
        rules.Piece(
            turn.span,
            turn.member_id,
            rules.Why(turn.why),
            turn.source,
            Bent(turn.opened),
            Bent(turn.closed),
        )
        for turn in turns
    ]


def gaps_of(rota: Rota, whole: Span) -> list[Span]:
    """Return when in ``whole`` nobody is on duty though somebody should be."""
    inside = between(whole.start, min(whole.end, rota.laid_until_at))
    if inside is None:
        return []
    turns = Turn.objects.filter(rota=rota).primary().within(inside)
    needed = [inside]
    if not rota.always:
        layers = _loaded(Layer.objects.filter(rota=rota, place=Place.PRIMARY))
        needed = rules.hours_of([value_of(layer) for layer in layers], inside)
    return rules.gaps(pieces_of(turns), needed)


def gaps_ahead(rota: Rota, *, now: datetime) -> list[Span]:
    """Return the gaps now and in the days in which they are told of, and as long after.

    One that runs now starts where the last turn ended, so that it stays the same gap; before
    anybody was ever on duty there is none.
    """
    found = gaps_of(rota, Span(now, now + 2 * timedelta(days=max(WARN_DAYS))))
    if found and found[0].start == now:
        turns = Turn.objects.filter(rota=rota, end_at__lte=now).primary()
        last = turns.aggregate(last=Max("end_at"))["last"]
        found[:1] = [Span(last, found[0].end)] if last else []
    return found


def is_qualified(member: Member, rota: Rota) -> bool:
    """Tell whether the member may be on duty: active, and with the rota's role if it asks for one.

    The member's user must be loaded.
    """
    if member.workspace_id != rota.workspace_id or not (member.active and member.user.is_active):
        return False
    return rota.role_id is None or member.has_role(rota.role_id)


def away_of(rota: Rota, *, now: datetime) -> Away:
    """Return when the members cannot be on duty: on leave, and for good from ``now`` when they left
    or lack the role.
    """
    found: dict[int, list[Span]] = {}
    leaves = Leave.objects.filter(member__workspace_id=rota.workspace_id, end_at__gt=now)
    for leave in leaves:
        if leave.kept:
            found.setdefault(leave.member_id, []).append(leave.kept)
    for member, spans in gone_of(rota, now=now).spans.items():
        found.setdefault(member, []).extend(spans)
    return Away(found)


def gone_of(rota: Rota, *, now: datetime) -> Away:
    """Return who cannot be on duty for good from ``now`` on: they left or lack the role."""
    team = Member.objects.filter(workspace_id=rota.workspace_id).with_roles()
    gone = [member.pk for member in team if not is_qualified(member, rota)]
    return Away({member: [Span(now, FOR_GOOD)] for member in gone})


def plan_of(rota: Rota, *, now: datetime) -> Plan:
    """Load what decides who is on duty from ``now`` on."""
    layers: dict[str, list[LayerValue]] = {}
    for row in _loaded(Layer.objects.filter(rota=rota)):
        layers.setdefault(row.place, []).append(value_of(row))
    settled: dict[int, dict[int, int | None]] = {}
    known = DealtTurn.objects.filter(layer__rota=rota, start_at__lt=now)
    for layer_id, turn, member_id in known.values_list("layer_id", "turn", "member_id"):
        settled.setdefault(layer_id, {})[turn] = member_id
    swaps: dict[str, list[rules.Swap]] = {}
    ahead = Q(end_at__gt=now) | Q(back_end_at__gt=now)
    for swap in Swap.objects.filter(ahead, rota=rota, state__in=HOLDING):
        swaps.setdefault(swap.place, []).append(swap_value(swap))
    overrides: dict[str, list[rules.Override]] = {}
    for order in Override.objects.filter(rota=rota, end_at__gt=now).standing():
        value = rules.Override(order.pk, Span(order.start_at, order.end_at), order.member_id)
        overrides.setdefault(order.place, []).append(value)
    return Plan(layers, settled, away_of(rota, now=now), swaps, overrides)


def swap_value(swap: Swap) -> rules.Swap:
    """Return a taken swap as a plain value."""
    if swap.taker_id is None:
        raise ValueError("nobody has taken this swap")
    halves = [rules.Half(swap.given, giver=swap.giver_id, taker=swap.taker_id)]
    if swap.back:
        halves.append(rules.Half(swap.back, giver=swap.taker_id, taker=swap.giver_id))
    return rules.Swap(swap.pk, tuple(halves), begun=swap.state == SwapState.BEGUN)


def hours_from(pairs: Iterable[Sequence[str]]) -> tuple[Hours, ...]:
    """Return stored pairs of wall times as values. Raises ValueError for what is no time."""
    return tuple(Hours(time.fromisoformat(a), time.fromisoformat(b)) for a, b in pairs)


def value_of(row: Layer) -> LayerValue:
    """Return a layer as a plain value; order and holidays should be loaded."""
    days = _days(row.holidays_of.holidays.all()) if row.holidays_of else (frozenset(), frozenset())
    members = sorted(row.order.all(), key=lambda each: each.position)
    return LayerValue(
        number=row.pk,
        zone=row.zone,
        hours=hours_from(row.hours),
        order=tuple(each.member_id for each in members),
        first_date=row.first_date,
        change=Change(row.change),
        every=row.every,
        hand_over=row.hand_over,
        weekdays=frozenset(row.weekdays),
        last_date=row.last_date,
        rank=row.rank,
        closed=days[0],
        opened=days[1],
    )


def site_value(row: Site) -> overlap.Site:
    """Return a place as a plain value."""
    closed, opened = _days(row.holidays.all())
    weekdays = frozenset(row.weekdays)
    return overlap.Site(row.name, row.zone, hours_from(row.hours), weekdays, closed, opened)


def loads_of(rota: Rota, whole: Span) -> list[tuple[Member, fairness.Load]]:
    """Return the load of every active member in ``whole``, past and planned, by name.

    Holidays are those of the first place in the member's own zone.
    """
    team = Member.objects.active().filter(workspace_id=rota.workspace_id).select_related("user")
    sites: dict[str, tuple[frozenset[date], frozenset[date]]] = {}
    for site in Site.objects.filter(workspace_id=rota.workspace_id).prefetch_related("holidays"):
        sites.setdefault(site.zone, _days(site.holidays.all()))
    members = {member.pk: member for member in team.order_by("user__name", "pk")}
    nothing: tuple[frozenset[date], frozenset[date]] = (frozenset(), frozenset())
    homes = {
        pk: fairness.Home(member.zone, *sites.get(member.zone, nothing))
        for pk, member in members.items()
    }
    turns = Turn.objects.filter(rota=rota, member__in=members).primary().within(whole)
    pieces = [
        rules.Piece(inside, turn.member_id, rules.Why(turn.why), turn.source)
        for turn in turns
        if (inside := turn.span.common(whole))
    ]
    return [(members[load.member], load) for load in fairness.loads(pieces, homes)]


def entries_of(
    rota: Rota, whole: Span, *, words: str, host: str, member: Member | None = None
) -> list[Entry]:
    """Return the turns in ``whole`` for a calendar, only those of ``member`` if one is given.

    ``words`` is a title in the reader's language with %(name)s and %(place)s. A turn's name stays
    the same while its start does, so that a calendar moves it and does not double it.
    """
    turns = Turn.objects.filter(rota=rota).within(whole).select_related("member__user")
    if member is not None:
        turns = turns.filter(member=member)
    return [
        Entry(
            uid=f"duty-{rota.pk}-{turn.place}-{turn.start_at:%Y%m%dT%H%M%SZ}@{host}",
            span=turn.span,
            title=words % {"name": turn.member.name, "place": turn.get_place_display()},
            changed_at=rota.settled_at,
        )
        for turn in turns
    ]


def _loaded(layers: LayerQuerySet) -> LayerQuerySet:
    return layers.select_related("holidays_of").prefetch_related("order", "holidays_of__holidays")


def _days(rows: Iterable[Holiday]) -> tuple[frozenset[date], frozenset[date]]:
    """Return the closed days and those made up."""
    found = list(rows)
    return (
        frozenset(day.day_date for day in found if not day.made_up),
        frozenset(day.day_date for day in found if day.made_up),
    )
