"""Laying turns: from now on they are what layers, leave, swaps and overrides say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import record
from yanzhen.duty.actions.voiding import void_swap
from yanzhen.duty.actions.zoning import tell_zones
from yanzhen.duty.events import TURNS_MOVED, TurnsMoved
from yanzhen.duty.models import DealtTurn, Place, Rota, Swap, Turn
from yanzhen.duty.queries import pieces_of, plan_of
from yanzhen.duty.rules.cover import Dealt, Piece, moved
from yanzhen.duty.rules.moves import Move, moves
from yanzhen.duty.rules.spans import Span
from yanzhen.kernel.wall_time import tzdata_version
from yanzhen.people.models import Workspace

HORIZON = timedelta(weeks=12)


def lock(rota_id: int) -> Rota:
    """Lock and return the rota, so that its changes follow one another.

    The workspace is locked before, as changes of people do, which lay the rota from within: two
    who take the locks in another order would wait for each other for ever. On SQLite the
    transaction itself holds the lock.
    """
    workspaces = Workspace.objects.select_for_update(of=("self",), no_key=True)
    workspace = workspaces.get(rota=rota_id)
    rota = Rota.objects.select_for_update(of=("self",), no_key=True).get(pk=rota_id)
    rota.workspace = workspace
    return rota


@transaction.atomic
def lay(rota: Rota, *, by: Ref, now: datetime) -> frozenset[int]:
    """Lay the turns from ``now`` (aware) for HORIZON, and return the members whose hours changed.

    The caller holds the lock. Voids the swaps that do not hold any more, and records who is
    concerned by what was planned otherwise before. What was before ``now`` stands for good.
    """
    start = max(now, rota.settled_at)
    whole = Span(start, max(start + HORIZON, rota.laid_until_at))
    plan = plan_of(rota, now=start)
    concerned: frozenset[int] = frozenset()
    dealt: list[Dealt] = []
    other_rules = rota.tzdata not in ("", tzdata_version())
    shifted: list[Move] = []
    for place in Place.values:
        found = plan.cover(place, whole)
        for swap in Swap.objects.filter(pk__in=found.void_swaps):
            void_swap(swap, now=now)
        before = _until(_planned(rota, place, whole), rota.laid_until_at)
        after = _until(found.pieces, rota.laid_until_at)
        concerned |= moved(before, after)
        if other_rules:
            shifted.extend(moves(before, after))
        _write(rota, place, found.pieces, whole)
        dealt.extend(found.dealt)
    _keep(rota, dealt, start)
    if shifted:
        tell_zones(rota, shifted, now=now)
    rota.settled_at, rota.laid_until_at = start, whole.end
    rota.tzdata = tzdata_version()
    rota.save(update_fields=["settled_at", "laid_until_at", "tzdata"])
    if concerned:
        record(
            TURNS_MOVED,
            TurnsMoved(members=sorted(concerned)),
            actor=by,
            subject=rota.workspace.ref,
            workspace_id=rota.workspace_id,
            at=now,
        )
    return concerned


def _planned(rota: Rota, place: str, whole: Span) -> list[Piece]:
    """Return what was laid before, from the start of ``whole`` on."""
    rows = pieces_of(Turn.objects.filter(rota=rota, place=place).within(whole))
    return _until(rows, whole.end, start=whole.start)


def _until(pieces: Sequence[Piece], end: datetime, *, start: datetime | None = None) -> list[Piece]:
    """Return the pieces cut to what is before ``end`` (and from ``start`` on)."""
    found = []
    for piece in pieces:
        first = max(piece.span.start, start) if start else piece.span.start
        last = min(piece.span.end, end)
        if first < last:
            span = Span(first, last)
            found.append(
                Piece(span, piece.member, piece.why, piece.source, piece.opened, piece.closed)
            )
    return found


def _write(rota: Rota, place: str, pieces: Sequence[Piece], whole: Span) -> None:
    """Replace the turns from the start of ``whole`` on; one that runs over it ends or goes on."""
    rows = Turn.objects.filter(rota=rota, place=place)
    rows.filter(start_at__gte=whole.start).delete()
    running = rows.at(whole.start).first()
    rest = list(pieces)
    if running:
        goes_on = bool(rest) and rest[0].span.start == whole.start and _same(running, rest[0])
        first = rest.pop(0) if goes_on else None
        running.end_at = first.span.end if first else whole.start
        running.closed = first.closed.value if first else ""
        running.save(update_fields=["end_at", "closed"])
    Turn.objects.bulk_create(_turn(rota, place, piece) for piece in rest)


def _same(running: Turn, piece: Piece) -> bool:
    now_is = (running.member_id, running.why, running.source)
    return now_is == (piece.member, piece.why.value, piece.source)


def _turn(rota: Rota, place: str, piece: Piece) -> Turn:
    return Turn(
        rota=rota,
        place=place,
        member_id=piece.member,
        start_at=piece.span.start,
        end_at=piece.span.end,
        why=piece.why.value,
        source=piece.source,
        opened=piece.opened.value,
        closed=piece.closed.value,
    )


def _keep(rota: Rota, dealt: Sequence[Dealt], start: datetime) -> None:
    """Write down who was dealt which turn; those that had started before stand."""
    DealtTurn.objects.filter(layer__rota=rota, start_at__gte=start).delete()
    known = set(DealtTurn.objects.filter(layer__rota=rota).values_list("layer_id", "turn"))
    DealtTurn.objects.bulk_create(
        DealtTurn(layer_id=d.layer, turn=d.turn, start_at=d.start, member_id=d.member)
        for d in dealt
        if (d.layer, d.turn) not in known
    )
