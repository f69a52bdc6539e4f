"""X's own limits, in X's own words: what each answer said, and what must wait for it.

Limits count per account and route, so that a limit of one account never delays another. Constants
are nowhere: X's documents disagree with its headers, and the headers are right.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from yanzhen.channels.models import Account
from yanzhen.channels.ports import RateWindow
from yanzhen.publishing.models import Window

CREATE, REPOST, DELETE, READ, UPLOAD = "create", "repost", "delete", "read", "upload"
#: Without a header X's short window is waited out.
UNTOLD = timedelta(minutes=15)
#: X's clock and ours differ a little; nobody asks in the very second it resets.
MARGIN = timedelta(seconds=1)


def learn(account: Account, route: str, windows: Iterable[RateWindow], *, now: datetime) -> None:
    """Keep what one answer said about its limits, in one statement."""
    Window.objects.bulk_create(
        (
            Window(
                account=account,
                route=route,
                bucket=window.bucket,
                limit=window.limit,
                remaining=window.remaining,
                resets_at=window.resets_at,
                at=now,
            )
            for window in windows
        ),
        update_conflicts=True,
        unique_fields=["account", "route", "bucket"],
        update_fields=["limit", "remaining", "resets_at", "at"],
    )


def rest(account: Account, route: str, *, until: datetime | None, now: datetime) -> None:
    """Ask nothing more of X on this route before ``until``, or for a quarter of an hour.

    A time in the past is no time: X has said "too many", so it is not believed.
    """
    if until is None or until <= now:
        until = now + UNTOLD
    Window.objects.update_or_create(
        account=account,
        route=route,
        bucket="window",
        defaults={"remaining": 0, "resets_at": until, "at": now},
    )


def resting_until(account_id: int, route: str, *, now: datetime) -> datetime | None:
    """Return when this route may be used again, None when it may be now."""
    used_up = Window.objects.filter(
        account_id=account_id, route=route, remaining=0, resets_at__gt=now - MARGIN
    )
    ends = [at + MARGIN for at in used_up.values_list("resets_at", flat=True) if at is not None]
    return max(ends, default=None)


def resting_on(route: str, *, now: datetime) -> set[int]:
    """Return the accounts that must wait on ``route``."""
    used_up = Window.objects.filter(route=route, remaining=0, resets_at__gt=now - MARGIN)
    return set(used_up.values_list("account_id", flat=True))


def resting_routes(account_id: int, *, now: datetime) -> set[str]:
    """Return the routes on which the account must wait."""
    used_up = Window.objects.filter(account_id=account_id, remaining=0, resets_at__gt=now - MARGIN)
    return set(used_up.values_list("route", flat=True))


def resting(*, now: datetime) -> dict[int, datetime]:
    """Return the accounts that may not send now, each with when it may again."""
    used_up = Window.objects.filter(
        route__in=(CREATE, REPOST), remaining=0, resets_at__gt=now - MARGIN
    )
    rows = used_up.order_by("resets_at").values_list("account_id", "resets_at")
    return {account: at + MARGIN for account, at in rows if at is not None}


def is_resting(route: str, *, now: datetime) -> Exists:
    """Tell, for each delivery of a query, whether its account must wait on this route."""
    return Exists(
        Window.objects.filter(
            account_id=OuterRef("account_id"),
            route=route,
            remaining=0,
            resets_at__gt=now - MARGIN,
        )
    )
