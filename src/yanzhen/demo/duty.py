"""The rota of the demo brand: three places that follow the sun, leave, a gap ahead and a swap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yanzhen.demo.cast import BERLIN, PACIFIC, SHANGHAI
from yanzhen.duty.actions.calendars import follow_calendar
from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.actions.layers import LayerWish, add_layer
from yanzhen.duty.actions.leaving import take_leave
from yanzhen.duty.actions.rotas import open_rota
from yanzhen.duty.actions.sites import add_site
from yanzhen.duty.actions.swapping import offer_swap, take_swap
from yanzhen.duty.models import Place, Rota, Swap, Turn
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.overlap import MONDAY_TO_FRIDAY
from yanzhen.duty.rules.spans import Span
from yanzhen.people.models import Member

HOURS = [("10:00", "19:00")]
#: Place, zone, whose public holidays it keeps, and who takes turns there for how many days.
SITES = (
    ("Shanghai", SHANGHAI, "CN", ("lin", "zhou", "chen"), 2),
    ("Berlin", BERLIN, "DE-BE", ("lena", "jonas", "aylin"), 1),
    ("San Francisco", PACIFIC, "US-CA", ("maya", "priya"), 1),
)
STANDS_BEHIND = ("sam", "lena", "lin")
DAY = timedelta(days=1)


def open_demo_rota(members: Mapping[str, Member], *, now: datetime) -> None:
    """Begin the rota at ``now``, some weeks back; ``members`` as the actions want them."""
    lena = members["lena"]
    rota = open_rota(lena.workspace, by=lena, now=now)
    for name, zone, calendar, order, every in SITES:
        site = add_site(
            lena.workspace,
            name=name,
            zone=zone,
            hours=HOURS,
            weekdays=MONDAY_TO_FRIDAY,
            by=lena,
            now=now,
        )
        follow_calendar(site, calendar=calendar, by=lena, now=now)
        wish = LayerWish(
            name=name,
            zone=zone,
            hours=HOURS,
            order=[members[key] for key in order],
            first_date=now.astimezone(ZoneInfo(zone)).date(),
            change=Change.DAY,
            every=every,
        )
        add_layer(rota, wish=wish, by=lena, now=now)
    behind = LayerWish(
        name="Weeks",
        zone=BERLIN,
        hours=[("10:00", "10:00")],
        order=[members[key] for key in STANDS_BEHIND],
        first_date=now.astimezone(ZoneInfo(BERLIN)).date(),
        place=Place.BACKUP,
    )
    add_layer(rota, wish=behind, by=lena, now=now)


def live_with_rota(members: Mapping[str, Member], *, now: datetime) -> None:
    """Let people be away and ask to swap, as they do; one day ahead nobody is left in one place."""
    rota = Rota.objects.get(workspace=members["lena"].workspace_id)
    _away(members["priya"], 4, 9, "Moving flats", now)
    # Priya is away then too, so San Francisco has nobody for a day.
    _away(members["maya"], 6, 7, "Shoot in Reno", now)
    _away(members["chen"], 11, 15, "年假", now)
    _ask_swap(rota, members["jonas"], members["aylin"], now)
    _offer(rota, members["zhou"], "那天下午有拍摄。", now)
    agreed = _offer(rota, members["lena"], "", now, asked=members["jonas"])
    if agreed:
        take_swap(agreed, by=members["jonas"], now=now)
    keep_rota(rota, now=now)


def _away(member: Member, first: int, last: int, note: str, now: datetime) -> None:
    """Take leave from the midnight ``first`` days ahead, at the member's, to another."""
    midnight = now.astimezone(ZoneInfo(member.zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    span = Span(midnight + first * DAY, midnight + last * DAY)
    take_leave(member, span=span, note=note, by=member, now=now)


def _ask_swap(rota: Rota, giver: Member, taker: Member, now: datetime) -> None:
    """Ask for the giver's first whole turn in some days, for the taker's that follows it."""
    ahead = Turn.objects.filter(rota=rota, start_at__gt=now + 2 * DAY).primary()
    given = ahead.filter(member=giver).order_by("start_at").first()
    back = ahead.filter(member=taker).order_by("start_at").first()
    if given and back:
        offer_swap(
            rota,
            given=given.span,
            back=back.span,
            asked=taker,
            note="My sister arrives that evening.",
            by=giver,
            now=now,
        )


def _offer(
    rota: Rota, giver: Member, note: str, now: datetime, *, asked: Member | None = None
) -> Swap | None:
    """Offer the giver's first whole turn in some days, to one or to whoever takes it."""
    ahead = Turn.objects.filter(rota=rota, start_at__gt=now + 3 * DAY, member=giver).primary()
    turn = ahead.order_by("start_at").first()
    if turn is None:
        return None
    return offer_swap(rota, given=turn.span, asked=asked, note=note, by=giver, now=now)
