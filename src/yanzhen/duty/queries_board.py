"""Reading what the pages of the rota show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from yanzhen.duty.board import Loaded, Special
from yanzhen.duty.models import (
    DealtTurn,
    Holiday,
    Layer,
    Leave,
    LeaveQuerySet,
    Override,
    Place,
    Rota,
    Site,
    Swap,
    SwapQuerySet,
    Turn,
)
from yanzhen.duty.queries import gaps_of, site_value, value_of
from yanzhen.duty.rules.overlap import Site as SiteValue
from yanzhen.duty.rules.spans import Span, between
from yanzhen.duty.rules.walls import ONE_DAY
from yanzhen.duty.states import SwapState
from yanzhen.people.models import Member, Workspace

MOST_NEXT = 3
MOST_OWN = 4


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who has a place now and who comes next, in order; ``now`` None where nobody is."""

    now: Turn | None
    next: Sequence[Turn]


def rota_of(member: Member) -> Rota | None:
    """Return the rota of the member's workspace, its workspace loaded; None before there is one."""
    rows = Rota.objects.visible_to(member).select_related("workspace", "role")
    return rows.first()


def ahead_of(
    workspace: Workspace,
    *,
    now: datetime,
    place: str = Place.PRIMARY,
    most: int = MOST_NEXT,
) -> Ahead:
    """Return who has ``place`` at ``now`` and its next ``most`` turns, in one query."""
    rows = Turn.objects.filter(rota__workspace=workspace, place=place, end_at__gt=now)
    turns = list(rows.select_related("member__user").order_by("start_at")[: most + 1])
    running = turns.pop(0) if turns and turns[0].start_at <= now else None
    return Ahead(running, turns[:most])


def load_board(rota: Rota, whole: Span, *, now: datetime) -> Loaded:
    """Load what ``whole`` shows, in a number of queries that does not depend on how much it is.

    Gaps are those from ``now`` on: what was, was.
    """
    team = Member.objects.filter(workspace_id=rota.workspace_id).select_related("user")
    holidays = Prefetch("holidays", Holiday.objects.order_by("day_date"))
    sites = list(
        Site.objects.filter(workspace_id=rota.workspace_id)
        .prefetch_related(holidays)
        .order_by("name", "pk")
    )
    ahead = between(max(whole.start, now), whole.end)
    dealt: dict[int, dict[int, int | None]] = {}
    rows = DealtTurn.objects.filter(layer__rota=rota, start_at__lt=whole.end)
    for layer_id, turn, member_id in rows.values_list("layer_id", "turn", "member_id"):
        dealt.setdefault(layer_id, {})[turn] = member_id
    orders = Override.objects.filter(rota=rota, start_at__lt=whole.end, end_at__gt=whole.start)
    return Loaded(
        members={member.pk: member for member in team},
        laid_until=rota.laid_until_at,
        turns=list(Turn.objects.filter(rota=rota).within(whole)),
        gaps=gaps_of(rota, ahead) if ahead else [],
        layers=[(row, value_of(row)) for row in layers_of(rota)],
        dealt=dealt,
        sites=[site_value(site) for site in sites],
        leaves=list(_leaves(rota, whole)),
        offers=list(offers_of(rota).filter(start_at__lt=whole.end, end_at__gt=whole.start)),
        overrides={order.pk: order for order in orders},
        special=_special(sites, whole),
    )


def layers_of(rota: Rota) -> list[Layer]:
    """Return the rota's layers with their order and holidays, primaries and the top first."""
    rows = Layer.objects.filter(rota=rota).in_order().select_related("holidays_of")
    return list(rows.prefetch_related("order__member__user", "holidays_of__holidays"))


def offers_of(rota: Rota) -> SwapQuerySet:
    """Return the swaps that are offered and not taken yet, with their people."""
    return Swap.objects.filter(rota=rota).in_state(SwapState.OFFERED).with_names()


def own_turns(member: Member, *, now: datetime, most: int = MOST_OWN) -> list[Turn]:
    """Return the member's next turns in this workspace, what runs included."""
    rows = Turn.objects.visible_to(member).filter(member=member, end_at__gt=now)
    return list(rows.order_by("start_at", "place")[:most])


def zones_of(member: Member) -> list[str]:
    """Return the zones somebody of the team lives or works in, the member's own first."""
    workspace = member.workspace
    team = Member.objects.active().filter(workspace=workspace)
    lived = team.order_by("user__zone").values_list("user__zone", flat=True).distinct()
    sites = Site.objects.filter(workspace=workspace).order_by("zone").values_list("zone", flat=True)
    return list(dict.fromkeys([member.zone, workspace.zone, *lived, *sites]))


def sites_by_name(member: Member) -> list[tuple[Site, SiteValue]]:
    """Return the places of the member's workspace, as rows and as plain values. Two queries."""
    rows = Site.objects.visible_to(member).prefetch_related("holidays")
    return [(row, site_value(row)) for row in rows]


def _leaves(rota: Rota, whole: Span) -> LeaveQuerySet:
    rows = Leave.objects.filter(member__workspace_id=rota.workspace_id)
    return rows.filter(start_at__lt=whole.end, end_at__gt=whole.start)


def _special(sites: Sequence[Site], whole: Span) -> dict[date, list[Special]]:
    """Return the days in and beside ``whole`` on which a place is closed, or works all the same."""
    first, last = whole.start.date() - ONE_DAY, whole.end.date() + ONE_DAY
    special: dict[date, list[Special]] = {}
    for site in sites:
        for day in site.holidays.all():
            if first <= day.day_date <= last:
                found = Special(site.name, day.named(site.calendar), day.made_up)
                special.setdefault(day.day_date, []).append(found)
    return special
