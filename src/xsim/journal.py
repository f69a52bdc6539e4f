"""The journal: one line for every API request that came in, whatever became of it."""

from __future__ import annotations

import hashlib
from typing import Any

from xsim.clock import iso
from xsim.wire import Request
from xsim.world import World

KEPT = 50_000
TRIM_EVERY = 1_000
# Parameters that carry secrets in their query form are not written down.
HIDDEN = ("oauth_signature", "access_token", "code", "code_verifier")


def open_entry(
    world: World,
    request: Request,
    *,
    route: str,
    account: str | None,
    app: str | None,
    auth: str | None,
    fault: str | None,
) -> int:
    """Write down that a request came in; gives the number of its line."""
    query = "&".join(
        f"{name}={'*' if name in HIDDEN else value}" for name, value in request.query.items()
    ).encode("utf-8", "replace")
    number = world.store.insert(
        "journal",
        {
            "at_ms": world.now_ms(),
            "method": request.method,
            "path": request.raw_path,
            "query": query.decode(),
            "route": route,
            "account": account,
            "app": app,
            "auth": auth,
            "body_sha256": hashlib.sha256(request.body).hexdigest(),
            "body_bytes": len(request.body),
            "fault": fault,
            "outcome": "open",
        },
    )
    if number % TRIM_EVERY == 0:
        world.store.write("DELETE FROM journal WHERE seq <= ?", (number - KEPT,))
    return number


def close_entry(
    world: World, number: int, *, status: int | None, outcome: str, took_ms: float
) -> None:
    """Write down how it ended: ``status`` None means that no answer was sent."""
    world.store.write(
        "UPDATE journal SET status = ?, outcome = ?, took_ms = ? WHERE seq = ?",
        (status, outcome, took_ms, number),
    )


def read(world: World, query: dict[str, str]) -> dict[str, Any]:
    """List lines, oldest first, filtered by method, route, account, status, after (a line number),
    and counted.

    ``limit`` cuts the list to the newest lines (1,000 unless told), never the counts.
    """
    conditions, values = ["1"], []
    for name in ("method", "route", "status", "path", "fault"):
        if query.get(name):
            conditions.append(f"{name} = ?")
            values.append(query[name])
    if query.get("account"):
        conditions.append("account = ? COLLATE NOCASE")
        values.append(query["account"])
    if query.get("after"):
        conditions.append("seq > CAST(? AS INTEGER)")
        values.append(query["after"])
    where = " AND ".join(conditions)
    limit = int(query.get("limit", "1000"))
    rows = world.store.rows(
        f"SELECT * FROM journal WHERE {where} ORDER BY seq DESC LIMIT ?",  # noqa: S608 -- conditions are literals
        (*values, limit),
    )
    counted = world.store.rows(
        f"SELECT method, route, count(*) AS n FROM journal WHERE {where} GROUP BY method, route",  # noqa: S608 -- as above
        values,
    )
    counts = {f"{row['method']} {row['route']}": row["n"] for row in counted}
    entries = [{**dict(row), "at": iso(row["at_ms"])} for row in reversed(rows)]
    return {"entries": entries, "counts": counts, "total": sum(counts.values())}
