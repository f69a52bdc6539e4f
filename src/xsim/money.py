"""What calls cost: the price list, each app's credits and spend cap, and every charge made.

Amounts are millionths of a US dollar.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from xsim.accounts import App
from xsim.clock import iso
from xsim.problems import credits_depleted, spend_cap
from xsim.world import World

DOLLAR = 1_000_000
# The price list of 2026 for paid use. Reading own data is cheap only for the owner of the app.
PRICES: dict[str, int] = {
    "post": 15_000,
    "post_with_link": 200_000,
    "summoned_reply": 10_000,
    "delete": 10_000,
    "media_metadata": 5_000,
    "repost": 15_000,
    "hide_reply": 15_000,
    "counts": 5_000,
    "post_read": 5_000,
    "own_post_read": 1_000,
    "user_read": 10_000,
    "own_user_read": 1_000,
    "post_event": 5_000,
}
# A cycle is a month; here every month has 30 days.
CYCLE_MS = 30 * 24 * 60 * 60 * 1000


def _purse(world: World, app: App) -> sqlite3.Row | None:
    return world.store.row("SELECT * FROM purses WHERE client_id = ?", (app.client_id,))


def set_purse(
    world: World,
    app: App,
    *,
    credits_: int | None = None,
    cap: int | None = None,
    resets_ms: int | None = None,
    owner_id: str | None = None,
) -> None:
    """Give an app credits and a spend cap (None: no end of either), and an owner."""
    world.store.write(
        "INSERT INTO purses (client_id, credits, cap, cap_resets_ms, owner_id) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (client_id) DO UPDATE SET credits = excluded.credits, "
        "cap = excluded.cap, cap_resets_ms = excluded.cap_resets_ms, owner_id = excluded.owner_id",
        (app.client_id, credits_, cap, resets_ms or world.now_ms() + CYCLE_MS, owner_id),
    )


def refuse_unpaid(world: World, app: App, price: int = 0) -> None:
    """Refuse a call that credits or cap do not cover: 402, or 403 until the cap is reset."""
    purse = _purse(world, app)
    if purse is None:
        return
    purse = _renewed(world, app, purse)
    if purse["credits"] is not None and purse["credits"] < max(price, 1):
        raise credits_depleted()
    if purse["cap"] is not None and purse["cycle_spent"] + max(price, 1) > purse["cap"]:
        raise spend_cap(iso(purse["cap_resets_ms"])[:10])


def _renewed(world: World, app: App, purse: sqlite3.Row) -> sqlite3.Row:
    """Begin a new cycle when the last one is over."""
    over = world.now_ms() - purse["cap_resets_ms"]
    if over < 0:
        return purse
    resets = purse["cap_resets_ms"] + (over // CYCLE_MS + 1) * CYCLE_MS
    world.store.write(
        "UPDATE purses SET cycle_spent = 0, cap_resets_ms = ? WHERE client_id = ?",
        (resets, app.client_id),
    )
    return _purse(world, app) or purse


def charge(world: World, app: App, kind: str, what: str, *, once: bool = False) -> None:
    """Write a charge down and take it from the credits.

    ``once`` charges for a thing only the first time on a UTC day.
    """
    now = world.now_ms()
    made = world.store.write(
        "INSERT OR IGNORE INTO charges (client_id, at_ms, day, kind, once, what, micros) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (app.client_id, now, day_of(now), kind, what if once else None, what, PRICES[kind]),
    )
    if made:
        world.store.write(
            "UPDATE purses SET credits = credits - ?, cycle_spent = cycle_spent + ? "
            "WHERE client_id = ?",
            (PRICES[kind], PRICES[kind], app.client_id),
        )


def day_of(at_ms: int) -> str:
    """Name the UTC day of a moment."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()


def charge_reads(
    world: World, app: App, *, post_ids: Iterable[str] = (), user_ids: Iterable[str] = ()
) -> None:
    """Charge for posts and users that an answer has shown."""
    purse = _purse(world, app)
    owner_id = purse["owner_id"] if purse else None
    for post_id in post_ids:
        own = owner_id is not None and world.store.row(
            "SELECT 1 FROM posts WHERE id = ? AND author_id = ?", (int(post_id), owner_id)
        )
        charge(world, app, "own_post_read" if own else "post_read", post_id, once=True)
    for user_id in user_ids:
        kind = "own_user_read" if user_id == owner_id else "user_read"
        charge(world, app, kind, user_id, once=True)


def dollars(micros: int | None) -> float | None:
    """Write an amount in dollars."""
    return None if micros is None else micros / DOLLAR


def describe(world: World, app: App) -> dict[str, Any]:
    """Show an app's purse and what it has spent, by kind and in all, in dollars."""
    purse = _purse(world, app)
    spent = world.store.rows(
        "SELECT kind, count(*) AS n, sum(micros) AS micros FROM charges WHERE client_id = ? "
        "GROUP BY kind ORDER BY kind",
        (app.client_id,),
    )
    return {
        "app": app.name,
        "credits": dollars(purse["credits"]) if purse else None,
        "spend_cap": dollars(purse["cap"]) if purse else None,
        "cycle_spent": dollars(purse["cycle_spent"]) if purse else None,
        "resets_at": iso(purse["cap_resets_ms"]) if purse else None,
        "owner_id": purse["owner_id"] if purse else None,
        "spent": sum(row["micros"] for row in spent) / DOLLAR,
        "charges": {
            row["kind"]: {"count": row["n"], "usd": row["micros"] / DOLLAR} for row in spent
        },
    }


def last_charges(world: World, app: App, *, limit: int = 100) -> list[dict[str, Any]]:
    """List an app's newest charges, oldest first."""
    rows = world.store.rows(
        "SELECT * FROM charges WHERE client_id = ? ORDER BY seq DESC LIMIT ?",
        (app.client_id, limit),
    )
    return [
        {
            "at": iso(row["at_ms"]),
            "kind": row["kind"],
            "what": row["what"],
            "usd": row["micros"] / DOLLAR,
        }
        for row in reversed(rows)
    ]


def balance_json(world: World, app: App) -> dict[str, Any]:
    """Answer GET /2/usage/credits; an app without end of credits shows none of its own."""
    purse = _purse(world, app)
    prepaid = dollars(purse["credits"]) if purse and purse["credits"] is not None else 0.0
    return {
        "total_balance": max(prepaid or 0.0, 0.0),
        "prepaid_balance": prepaid,
        "free_balance": 0.0,
    }


def usage_json(world: World, app: App, days: int) -> dict[str, Any]:
    """Answer GET /2/usage/tweets: posts read on each of the last days, of this app."""
    since = day_of(world.now_ms() - (days - 1) * 24 * 60 * 60 * 1000)
    rows = world.store.rows(
        "SELECT day, count(*) AS n FROM charges WHERE client_id = ? AND day >= ? "
        "AND kind IN ('post_read', 'own_post_read', 'post_event') GROUP BY day ORDER BY day",
        (app.client_id, since),
    )
    usage = [{"date": f"{row['day']}T00:00:00.000Z", "usage": str(row["n"])} for row in rows]
    total = sum(row["n"] for row in rows)
    project = str(int.from_bytes(app.client_id.encode()[:6], "big"))
    return {
        "cap_reset_day": 1,
        "project_cap": "3000000",
        "project_id": project,
        "project_usage": str(total),
        "daily_project_usage": {"project_id": project, "usage": usage},
        "daily_client_app_usage": [
            {"client_app_id": project, "usage": usage, "usage_result_count": len(usage)}
        ],
    }
