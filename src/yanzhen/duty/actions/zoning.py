"""What a new version of the rules of time zones did to a rota, told turn by turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from yanzhen.activity.refs import SYSTEM
from yanzhen.activity.spine import record
from yanzhen.duty.events import ZONES_CHANGED, ZonesChanged
from yanzhen.duty.models import Rota
from yanzhen.duty.rules.moves import Move
from yanzhen.duty.rules.spans import Span
from yanzhen.kernel.wall_time import tzdata_version
from yanzhen.people.models import Member

#: What is said in the sentence itself, and what the log keeps.
_NAMED, _KEPT = 3, 400


def tell_zones(rota: Rota, shifted: Sequence[Move], *, now: datetime) -> None:
    """Record which turns ahead are elsewhere by the rules in use now.

    For use in a transaction, before the rota takes up their version. Times are UTC.
    """
    first = shifted[:_NAMED]
    rows = Member.objects.filter(pk__in=[move.member for move in first]).select_related("user")
    names = {member.pk: member.name for member in rows}
    said = "; ".join(_said(move, names) for move in first)
    more = len(shifted) - len(first)
    record(
        ZONES_CHANGED,
        ZonesChanged(
            old=rota.tzdata,
            new=tzdata_version(),
            count=len(shifted),
            words=f"{said}; +{more}" if more else said,
            moved=[(m.member, _ends(m.was), _ends(m.now)) for m in shifted[:_KEPT]],
        ),
        actor=SYSTEM,
        subject=rota.workspace.ref,
        workspace_id=rota.workspace_id,
        at=now,
    )


def _said(move: Move, names: Mapping[int, str]) -> str:
    """Say a move without words of a language: Lena: 2026-03-30 07:00–15:00 → 08:00–16:00 UTC."""
    was = f"{move.was.start:%Y-%m-%d %H:%M}–{move.was.end:%H:%M}" if move.was else "–"
    day = "%H:%M" if move.was and move.now and _same_day(move.was, move.now) else "%Y-%m-%d %H:%M"
    later = f"{move.now.start:{day}}–{move.now.end:%H:%M}" if move.now else "–"
    return f"{names[move.member]}: {was} → {later} UTC"


def _same_day(was: Span, now: Span) -> bool:
    return was.start.date() == now.start.date()


def _ends(span: Span | None) -> tuple[str, str] | None:
    return (span.start.isoformat(), span.end.isoformat()) if span else None
