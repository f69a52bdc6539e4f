"""The rules of filtered streams, and the delivery of posts that match them."""

from __future__ import annotations

from typing import Any

from xsim import money, problems
from xsim.accounts import App, app_by
from xsim.posts import Post
from xsim.queries import BadQuery, compile_query
from xsim.shapes import includes, post_json, read_view
from xsim.world import World

RULES_MAX, RULE_LENGTH_MAX = 1_000, 1_024


def rules_of(world: World, app: App) -> list[dict[str, Any]]:
    """List an app's rules in the order they were made."""
    rows = world.store.rows(
        "SELECT id, value, tag FROM stream_rules WHERE client_id = ? ORDER BY id",
        (app.client_id,),
    )
    return [
        {"id": str(row["id"]), "value": row["value"], **({"tag": row["tag"]} if row["tag"] else {})}
        for row in rows
    ]


def why_not(world: World, app: App, value: str, *, more: int) -> dict[str, Any] | None:
    """Tell why a rule cannot be added when ``more`` are about to be; None when it can."""
    known = world.store.row(
        "SELECT id FROM stream_rules WHERE client_id = ? AND value = ?", (app.client_id, value)
    )
    if known:
        return problems.duplicate_rule(value, str(known["id"]))
    if len(rules_of(world, app)) + more >= RULES_MAX:
        return problems.rule_cap(value)
    if len(value) > RULE_LENGTH_MAX:
        return problems.bad_rule(value, f"a rule has at most {RULE_LENGTH_MAX} characters")
    try:
        compile_query(value)
    except BadQuery as error:
        return problems.bad_rule(value, str(error))
    return None


def add(world: World, app: App, wishes: list[dict[str, Any]], *, dry: bool) -> dict[str, Any]:
    """Add rules that are sound and new; gives data, errors and a summary."""
    made: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    seen: set[str] = set()
    for wish in wishes:
        value, tag = wish["value"], wish.get("tag")
        wrong = why_not(world, app, value, more=len(made) if dry else 0)
        if wrong is None and value in seen:
            wrong = problems.duplicate_rule(value, "0")
        if wrong:
            errors.append(wrong)
            continue
        seen.add(value)
        rule_id = world.next_post_id()
        made.append({"value": value, **({"tag": tag} if tag else {}), "id": str(rule_id)})
        if not dry:
            world.store.insert(
                "stream_rules",
                {"id": rule_id, "client_id": app.client_id, "value": value, "tag": tag},
            )
    invalid = sum(one["title"] == "UnprocessableEntity" for one in errors)
    summary = {
        "created": len(made),
        "not_created": len(errors),
        "valid": len(wishes) - invalid,
        "invalid": invalid,
    }
    return {"data": made, "errors": errors, "summary": summary}


def remove(
    world: World, app: App, *, ids: list[str], values: list[str], dry: bool
) -> dict[str, Any]:
    """Remove rules by id or value; gives errors and a summary."""
    rules = rules_of(world, app)
    gone = [rule for rule in rules if rule["id"] in ids or rule["value"] in values]
    named = {rule["id"] for rule in gone} | {rule["value"] for rule in gone}
    missing = [one for one in (*ids, *values) if one not in named]
    if not dry:
        for rule in gone:
            world.store.write("DELETE FROM stream_rules WHERE id = ?", (int(rule["id"]),))
    errors = [problems.missing_resource("rule", one, "ids") for one in missing]
    return {"errors": errors, "summary": {"deleted": len(gone), "not_deleted": len(missing)}}


def deliver(world: World, post: Post) -> None:
    """Send a new post to every filtered stream with a rule that it matches."""
    for stream in world.streams.listening("filtered"):
        app = app_by(world, "client_id", stream.client_id)
        if app is None:
            continue
        matching = [
            {"id": rule["id"], **({"tag": rule["tag"]} if "tag" in rule else {})}
            for rule in rules_of(world, app)
            if compile_query(rule["value"])(world, post)
        ]
        if not matching:
            continue
        view = read_view(stream.view)
        item: dict[str, Any] = {"data": post_json(world, post, view)}
        if more := includes(world, [post], view, caller_id=None):
            item["includes"] = more
        stream.put({**item, "matching_rules": matching})
        money.charge_reads(
            world,
            app,
            post_ids=[str(post.id)],
            user_ids=[one["id"] for one in more.get("users", [])],
        )
