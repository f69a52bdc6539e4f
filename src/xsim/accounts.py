"""Users of the fake X and the developer apps that act for them."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from xsim.ids import user_number
from xsim.world import World

HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
# First path segments that belong to the server itself.
RESERVED = frozenset({"i", "oauth", "oauth2", "2", "_sim", "_page", "favicon"})


#: The app of whoever names none.
UNNAMED = "xsim app"


class BadAccount(ValueError):
    """A user or app cannot be made as asked."""


@dataclass(frozen=True)
class User:
    """One account of the fake X. ``verified_type`` is none, blue, business or government."""

    id: str
    username: str
    name: str
    description: str
    location: str
    premium: bool
    verified_type: str
    protected: bool
    followers: int
    created_ms: int


@dataclass(frozen=True)
class App:
    """One developer app. ``client_secret`` None makes it a public OAuth 2 client."""

    client_id: str
    client_secret: str | None
    consumer_key: str
    consumer_secret: str
    bearer_token: str
    name: str
    redirect_uris: tuple[str, ...]
    can_write: bool
    enterprise: bool


def _user(row: sqlite3.Row | None) -> User | None:
    if row is None:
        return None
    values = dict(row)
    return User(
        **{**values, "premium": bool(values["premium"]), "protected": bool(values["protected"])}
    )


def _app(row: sqlite3.Row | None) -> App | None:
    if row is None:
        return None
    values = dict(row)
    return App(
        **{
            **values,
            "redirect_uris": tuple(json.loads(values["redirect_uris"])),
            "can_write": bool(values["can_write"]),
            "enterprise": bool(values["enterprise"]),
        }
    )


def user_by_id(world: World, user_id: str) -> User | None:
    """Find a user by id."""
    return _user(world.store.row("SELECT * FROM users WHERE id = ?", (user_id,)))


def user_by_name(world: World, username: str) -> User | None:
    """Find a user by handle, with or without @, in any case."""
    return _user(
        world.store.row("SELECT * FROM users WHERE username = ?", (username.removeprefix("@"),))
    )


def all_users(world: World) -> list[User]:
    """List users in the order they were made."""
    rows = world.store.rows("SELECT * FROM users ORDER BY rowid")
    return [user for row in rows if (user := _user(row)) is not None]


def save_user(world: World, wish: dict[str, Any]) -> User:
    """Make a user, or change the named fields of the one with that handle. Raises BadAccount."""
    username = str(wish.get("username", "")).removeprefix("@")
    if not HANDLE.fullmatch(username) or username.lower() in RESERVED:
        raise BadAccount("username is 1 to 15 letters, digits or _, and not a reserved word")
    known = user_by_name(world, username)
    values: dict[str, Any] = {
        "id": user_number(world.seed, username),
        "username": username,
        "name": username,
        "description": "",
        "location": "",
        "premium": False,
        "verified_type": "none",
        "protected": False,
        "followers": 100 + int(user_number(world.seed, username)[-4:]),
        "created_ms": world.now_ms(),
    }
    unknown = set(wish) - set(values)
    if unknown:
        raise BadAccount(f"unknown: {sorted(unknown)}")
    if known:
        values = {name: getattr(known, name) for name in values}
    values |= {name: value for name, value in wish.items() if name != "username"}
    if values["premium"] and values["verified_type"] == "none":
        values["verified_type"] = "blue"
    names = list(values)
    changes = ", ".join(
        f"{name} = excluded.{name}" for name in names if name not in ("id", "username")
    )
    with world.lock:
        world.store.write(
            f"INSERT INTO users ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608 -- literal names
            f"ON CONFLICT (id) DO UPDATE SET {changes}",
            tuple(values[name] for name in names),
        )
    saved = user_by_name(world, username)
    if saved is None:
        raise BadAccount("the id is taken by another user")
    return saved


def app_by(world: World, column: str, value: str) -> App | None:
    """Find an app by client_id, consumer_key, bearer_token or name."""
    if column not in ("client_id", "consumer_key", "bearer_token", "name"):
        raise ValueError(column)
    return _app(world.store.row(f"SELECT * FROM apps WHERE {column} = ?", (value,)))  # noqa: S608 -- checked above


def save_app(world: World, wish: dict[str, Any]) -> App:
    """Make an app, or change the one with that client_id or else that name. Raises BadAccount.

    Keys may be given, else they are drawn from the seed. ``public`` True leaves out the client
    secret.
    """
    client_id, name = wish.get("client_id"), str(wish.get("name") or "")
    by, value = ("client_id", str(client_id)) if client_id else ("name", name or UNNAMED)
    known = app_by(world, by, value)
    name = name or (known.name if known else UNNAMED)
    redirect_uris = wish.get("redirect_uris", list(known.redirect_uris) if known else [])
    if not isinstance(redirect_uris, list) or not all(
        isinstance(uri, str) for uri in redirect_uris
    ):
        raise BadAccount("redirect_uris is a list of addresses")
    with world.lock:
        values = _app_keys(world, wish, known)
        values |= {
            "name": name,
            "redirect_uris": json.dumps(redirect_uris),
            "can_write": bool(wish.get("can_write", known.can_write if known else True)),
            "enterprise": bool(wish.get("enterprise", known.enterprise if known else False)),
        }
        world.store.write("DELETE FROM apps WHERE client_id = ?", (values["client_id"],))
        world.store.insert("apps", values)
    saved = app_by(world, "client_id", values["client_id"])
    if saved is None:
        raise BadAccount("the app was not saved")
    return saved


def _app_keys(world: World, wish: dict[str, Any], known: App | None) -> dict[str, Any]:
    lengths = {
        "client_id": 34,
        "client_secret": 50,
        "consumer_key": 25,
        "consumer_secret": 50,
        "bearer_token": 110,
    }
    public = bool(wish.get("public", known is not None and known.client_secret is None))
    keys: dict[str, Any] = {}
    for key, length in lengths.items():
        if key == "client_secret" and public:
            keys[key] = None
        else:
            keys[key] = wish.get(key) or (known and getattr(known, key)) or world.mint(key, length)
    return keys
