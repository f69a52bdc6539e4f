"""Reading what the rota asks of people that it should not, and what a change would add to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from django.utils.functional import cached_property

from yanzhen.duty.models import Layer, Place, Rota, Turn
from yanzhen.duty.queries import away_of, gone_of, pieces_of, plan_of
from yanzhen.duty.rules import cover as rules
from yanzhen.duty.rules import fairness, nights
from yanzhen.duty.rules.spans import Span, merged, remaining
from yanzhen.duty.rules.walls import Hours, opening
from yanzhen.kernel.wall_time import zone_named
from yanzhen.notify.models import Manner
from yanzhen.people.models import Member


@dataclass(frozen=True, slots=True)
class Strain:
    """What a plan asks of a member (number) that it should not, from ``start`` on.

    ``kind``: double (two duties at once), rest (too little between two), nights (too many in a
    row; ``start`` is the local midnight before the first), night (one that nobody planned, in
    hours that are none for ``other``). Of nights that a change brings, ``count`` is how many and
    ``usual`` how many in a row the plan asks of people anyway.
    """

    kind: str
    member: int
    start: datetime
    count: int = 0
    usual: int = 0
    other: int | None = None


@dataclass(frozen=True)
class Asked:
    """The turns of members (numbers): on duty, behind it, and on duty in another workspace."""

    primary: Sequence[rules.Piece]
    backup: Sequence[rules.Piece]
    elsewhere: Sequence[rules.Piece] = field(default=())

    @cached_property
    def hours(self) -> dict[int, list[Span]]:
        """When each member is on duty or behind it here."""
        found: dict[int, list[Span]] = {}
        for piece in (*self.primary, *self.backup):
            found.setdefault(piece.member, []).append(piece.span)
        return {member: merged(spans) for member, spans in found.items()}

    def strains(self) -> list[Strain]:
        """Return the double duties and short rests."""
        return [
            *(Strain("double", m, s.start) for m, s in rules.double(self.primary, self.backup)),
            *(Strain("double", m, s.start) for m, s in rules.double(self.primary, self.elsewhere)),
            *(Strain("rest", m, span.start) for m, span in fairness.short_rests(self.primary)),
        ]


def asked_of(rota: Rota, whole: Span, team: Sequence[Member]) -> Asked:
    """Read the turns in ``whole`` of the rota's ``team``, those in other workspaces included."""
    here = {member.user_id: member for member in team}
    primary: list[rules.Piece] = []
    backup: list[rules.Piece] = []
    elsewhere: list[rules.Piece] = []
    turns = Turn.objects.filter(member__user__in=here).within(whole)
    for turn in turns.select_related("member"):
        [piece] = pieces_of([turn])
        if turn.rota_id != rota.pk:
            elsewhere.append(replace(piece, member=here[turn.member.user_id].pk))
        else:
            (primary if turn.place == Place.PRIMARY else backup).append(piece)
    return Asked(primary, backup, elsewhere)


def planned_of(rota: Rota, whole: Span) -> Asked:
    """Reckon what the layers alone ask in ``whole``: without leave, swaps and overrides."""
    found = plan_of(rota, now=whole.start)
    plan = replace(found, away=gone_of(rota, now=whole.start), swaps={}, overrides={})
    return Asked(
        plan.cover(Place.PRIMARY, whole).pieces,
        plan.cover(Place.BACKUP, whole).pieces,
    )


def team_of(rota: Rota) -> list[Member]:
    """Return all members of the rota's workspace with their users, former ones too."""
    return list(Member.objects.filter(workspace_id=rota.workspace_id).select_related("user"))


def strains_of(rota: Rota, whole: Span) -> list[Strain]:
    """Return what is hard on somebody in ``whole``, in order of time; members of this workspace.

    Double duty is found in the other workspaces of the same person too.
    """
    team = team_of(rota)
    asked, homes = asked_of(rota, whole, team), _homes(team)
    found = asked.strains()
    for member, night, _count in fairness.long_runs_of_nights(asked.primary, homes):
        found.append(Strain("nights", member, _midnight(night, homes[member].zone)))
    return _in_order(found)


def added_strains(
    rota: Rota,
    before: Asked,
    after: Asked,
    planned: Asked,
    *,
    team: Sequence[Member],
    now: datetime,
) -> list[Strain]:
    """Return what a change makes hard on members who get hours by it, in order of time.

    ``planned`` is what the layers asked before it: what they ask anyway is nothing new. Of nights:
    more in a row than three, or than the layers ask of anybody where they ask nights of the member
    too; and any night of a member of whom they ask none, outside the hours the member works and
    inside their quiet hours, when somebody who is on the rota and free has no night then.
    """
    # Whoever is relieved for an hour has a break between two duties, and no harm by it.
    more = {m for m, spans in after.hours.items() if remaining(spans, before.hours.get(m, ()))}
    known = {*before.strains(), *planned.strains()}
    found = [s for s in after.strains() if s not in known and s.member in more]
    homes, said = _homes(team), set()
    for run in nights.nights_in_a_row(before.primary, after.primary, planned.primary, homes):
        start = _midnight(run.first, homes[run.member].zone)
        found.append(Strain("nights", run.member, start, run.count, run.usual))
        said |= {(run.member, run.first.toordinal() + n) for n in range(run.count)}
    others = nights.Team(_able(rota, now), away_of(rota, now=now), _busy(before, after))
    single = nights.nights_by_day_for_others(
        before.primary, after.primary, planned.primary, _clocks(team), others
    )
    found += [
        Strain("night", night.member, night.start, other=night.other)
        for night in single
        if (night.member, night.evening.toordinal()) not in said
    ]
    return _in_order(found)


def _in_order(found: Sequence[Strain]) -> list[Strain]:
    return sorted(found, key=lambda each: (each.start, each.kind, each.member))


def _homes(team: Sequence[Member]) -> dict[int, fairness.Home]:
    return {member.pk: fairness.Home(member.zone) for member in team}


def _midnight(night: date, zone: str) -> datetime:
    return opening(night, time(0), zone).at


def _clocks(team: Sequence[Member]) -> dict[int, nights.Clock]:
    quiet = {
        manner.member_id: Hours(manner.quiet_from, manner.quiet_until)
        for manner in Manner.objects.filter(member__in=team)
        if manner.quiet_from and manner.quiet_until and manner.quiet_from != manner.quiet_until
    }
    found = {}
    for member in team:
        start, end = member.user.day_start, member.user.day_end
        work = Hours(start, end) if start != end else None
        days = frozenset(member.user.workdays)
        found[member.pk] = nights.Clock(member.zone, work, days, quiet.get(member.pk))
    return found


def _able(rota: Rota, now: datetime) -> list[int]:
    """Return who takes turns on duty by a layer that is not over, each once."""
    layers = Layer.objects.filter(rota=rota, place=Place.PRIMARY).prefetch_related("order")
    running = [
        layer
        for layer in layers.order_by("pk")
        if layer.last_date is None
        or layer.last_date >= now.astimezone(zone_named(layer.zone)).date()
    ]
    rows = [row for layer in running for row in sorted(layer.order.all(), key=lambda r: r.position)]
    return list(dict.fromkeys(row.member_id for row in rows))


def _busy(before: Asked, after: Asked) -> Mapping[int, list[Span]]:
    """Return when members are on duty before or after: whoever gives hours cannot take them."""
    both = [*before.hours.items(), *after.hours.items()]
    found: dict[int, list[Span]] = {}
    for member, spans in both:
        found.setdefault(member, []).extend(spans)
    return found
