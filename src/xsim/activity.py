"""The Activity API: what apps subscribe to, and the events that are told to their streams."""

from __future__ import annotations

import uuid
from typing import Any

from xsim import money
from xsim.accounts import App, User, app_by
from xsim.clock import iso
from xsim.posts import Post, by_id
from xsim.shapes import View, post_json, read_view
from xsim.world import World

SUBSCRIPTIONS_MAX = 1_500
EVENTS = frozenset(
    {
        *("post.create", "post.delete", "post.mention.create", "post.reply.create"),
        *("post.quote.create", "post.repost.create", "oauth.revoke"),
    }
)
# Events that only those hear who have the user's consent.
PRIVATE = frozenset({"oauth.revoke"})
_PAYLOAD = {"tweet.fields": "author_id,created_at,conversation_id,entities,referenced_tweets,lang"}


def subscribe(world: World, app: App, *, event: str, user_id: str, tag: str | None) -> int:
    """Add a subscription; gives its id."""
    now, number = world.now_ms(), world.next_post_id()
    world.store.insert(
        "subscriptions",
        {
            "id": number,
            "client_id": app.client_id,
            "event_type": event,
            "user_id": user_id,
            "tag": tag,
            "created_ms": now,
            "updated_ms": now,
        },
    )
    return number


def subscriptions_of(world: World, app: App) -> list[dict[str, Any]]:
    """List an app's subscriptions in the order they were made."""
    rows = world.store.rows(
        "SELECT * FROM subscriptions WHERE client_id = ? ORDER BY id", (app.client_id,)
    )
    return [
        {
            "subscription_id": str(row["id"]),
            "event_type": row["event_type"],
            "filter": {"user_id": row["user_id"]},
            "created_at": iso(row["created_ms"]),
            "updated_at": iso(row["updated_ms"]),
            **({"tag": row["tag"]} if row["tag"] else {}),
        }
        for row in rows
    ]


def unsubscribe(world: World, app: App, number: str) -> bool:
    """Take a subscription away; tells whether there was one."""
    return bool(
        world.store.write(
            "DELETE FROM subscriptions WHERE id = ? AND client_id = ?", (number, app.client_id)
        )
    )


def has_consent(world: World, app: App, user: User) -> bool:
    """Tell whether a user has ever let an app act for them, and not only revoked it since."""
    return any(
        world.store.row(
            f"SELECT 1 FROM {table} WHERE client_id = ? AND user_id = ? AND {live}",  # noqa: S608 -- literals of this package
            (app.client_id, user.id),
        )
        for table, live in (("oauth2_tokens", "NOT revoked"), ("oauth1_tokens", "kind = 'access'"))
    )


def deliver_post(world: World, event: str, post: Post) -> None:
    """Tell of a post made or deleted, to those who watch one of the users it is about."""
    if not world.streams.listening("activity"):
        return
    view = read_view(_PAYLOAD)
    if event == "post.delete":
        gone = {"id": str(post.id), "author_id": post.author_id}
        _tell(world, event, post.author_id, gone)
        return
    for name, user_id in _meanings(world, post):
        _tell(world, name, user_id, _payload(world, post, view))


def _payload(world: World, post: Post, view: View) -> dict[str, Any]:
    return post_json(world, post, view)


def _meanings(world: World, post: Post) -> list[tuple[str, str]]:
    """List what a new post means and to whom."""
    found = [("post.create", post.author_id)]
    found += [
        ("post.mention.create", one["id"])
        for one in post.entities.get("mentions", [])
        if not post.repost_of
    ]
    if post.reply_to_user:
        found.append(("post.reply.create", post.reply_to_user))
    for name, post_id in (("quote", post.quoted_id), ("repost", post.repost_of)):
        about = by_id(world, post_id) if post_id else None
        if about:
            found.append((f"post.{name}.create", about.author_id))
    return found


def deliver_revoked(world: World, client_id: str, user_id: str) -> None:
    """Tell an app that a user has taken its rights back."""
    payload = {"user_id": user_id, "client_id": client_id, "revoked_at": iso(world.now_ms())}
    _tell(world, "oauth.revoke", user_id, payload, only=client_id)


def _tell(
    world: World, event: str, user_id: str, payload: dict[str, Any], *, only: str | None = None
) -> None:
    rows = world.store.rows(
        "SELECT * FROM subscriptions WHERE event_type = ? AND user_id = ? "
        "AND (?3 IS NULL OR client_id = ?3) ORDER BY id",
        (event, user_id, only),
    )
    for row in rows:
        # Derived, so that the same history gives the same ids.
        about = f"{row['id']}:{event}:{payload.get('id', world.now_ms())}"
        item = {
            "data": {
                "event_type": event,
                "event_uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, about)),
                "filter": {"user_id": user_id},
                **({"tag": row["tag"]} if row["tag"] else {}),
                "payload": payload,
            }
        }
        for stream in world.streams.listening("activity"):
            app = app_by(world, "client_id", stream.client_id)
            if app and stream.client_id == row["client_id"]:
                stream.put(item)
                if event.startswith("post."):
                    money.charge(world, app, "post_event", str(payload["id"]), once=True)
