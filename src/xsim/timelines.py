"""Reading posts back: by id, by author, and by who is mentioned."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from xsim.accounts import User
from xsim.clock import parse_moment
from xsim.ids import EPOCH_MS, post_number
from xsim.posts import CURRENT, Post, from_row, in_time
from xsim.problems import invalid_request, missing_resource
from xsim.shapes import View, includes, post_json, read_view
from xsim.world import World

IDS_MAX = 100
NEWEST_OWN, NEWEST_OWN_WITHOUT_REPLIES, NEWEST_MENTIONS = 3_200, 800, 800
_OWN = f"""SELECT * FROM posts WHERE author_id = ? AND deleted_ms IS NULL AND visible_ms <= ?
          AND {CURRENT} AND (? OR reply_to IS NULL)
          AND (? OR json_extract(extras, '$.repost_of') IS NULL) AND {in_time("timeline")}
          ORDER BY id DESC LIMIT ?"""  # noqa: S608 -- literals of this package
_MENTIONING = f"""SELECT posts.* FROM mentions JOIN posts ON posts.id = mentions.post_id
                 WHERE mentions.user_id = ? AND deleted_ms IS NULL AND visible_ms <= ?
                 AND {CURRENT} AND {in_time("mentions")}
                 ORDER BY posts.id DESC LIMIT ?"""  # noqa: S608 -- literals of this package
_QUOTING = f"""SELECT * FROM posts WHERE quoted_id = ? AND deleted_ms IS NULL AND visible_ms <= ?
               AND {CURRENT}"""  # noqa: S608 -- literals of this package
_WINDOW = """WHERE id > ? AND id < ? AND created_ms >= ? AND created_ms < ?
             ORDER BY id DESC LIMIT ?"""
_ID = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True)
class Page:
    """A read window of a timeline: ids strictly between ``above`` and ``below``, at most ``size``,
    newest first.
    """

    size: int
    above: int
    below: int
    exclude: frozenset[str]
    start_ms: int
    end_ms: int


def _number(query: dict[str, str], name: str, *, default: int, low: int, high: int) -> int:
    value = query.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
        raise invalid_request(
            f"The `{name}` query parameter value [{value}] is not between {low} and {high}",
            **{name: value},
        )
    return int(value)


def _post_id(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name)
    if value is None:
        return default
    if not _ID.fullmatch(value):
        raise invalid_request(
            f"The `{name}` query parameter value [{value}] is not valid", **{name: value}
        )
    return post_number(value)


def _moment(query: dict[str, str], name: str, default: int) -> int:
    if name not in query:
        return default
    try:
        return parse_moment(query[name])
    except (TypeError, ValueError):
        raise invalid_request(
            f"The `{name}` query parameter value is not a time", **{name: query[name]}
        ) from None


def page_token(below: int) -> str:
    """Make the token of the page that lies below an id."""
    return base64.urlsafe_b64encode(f"below:{below}".encode()).decode().rstrip("=")


def _below(token: str) -> int:
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        return min(int(text.removeprefix("below:")), 2**63 - 1)
    except (binascii.Error, ValueError):
        raise invalid_request(
            "The `pagination_token` is not valid", pagination_token=token
        ) from None


def read_page(query: dict[str, str], *, smallest: int = 5) -> Page:
    """Read the window from query parameters; ``smallest`` is the least page size.

    Raises Refused (400).
    """
    below = _post_id(query, "until_id", 2**63 - 1)
    token = query.get("pagination_token") or query.get("next_token")
    if token:
        below = min(below, _below(token))
    exclude = frozenset(filter(None, query.get("exclude", "").split(",")))
    if exclude - {"replies", "retweets"}:
        raise invalid_request(
            "The `exclude` query parameter takes replies and retweets", exclude=query["exclude"]
        )
    return Page(
        size=_number(query, "max_results", default=10, low=smallest, high=100),
        above=_post_id(query, "since_id", 0),
        below=below,
        exclude=exclude,
        start_ms=_moment(query, "start_time", EPOCH_MS),
        end_ms=_moment(query, "end_time", 2**53),
    )


def _bounds(page: Page) -> tuple[int, int, int, int, int]:
    """Fill the places of ``_WINDOW``; one more than the page holds tells whether there are more."""
    return page.above, page.below, page.start_ms, page.end_ms, page.size + 1


def own_posts(world: World, user: User, page: Page) -> list[Post]:
    """Read a user's posts, one more than the page holds when there are more."""
    roots_only = "replies" in page.exclude
    newest = NEWEST_OWN_WITHOUT_REPLIES if roots_only else NEWEST_OWN
    rows = world.store.rows(
        f"SELECT * FROM ({_OWN}) {_WINDOW}",  # noqa: S608 -- both parts are literals
        (
            user.id,
            world.now_ms(),
            not roots_only,
            "retweets" not in page.exclude,
            world.now_ms(),
            newest,
            *_bounds(page),
        ),
    )
    return [from_row(row) for row in rows]


def mentions_of(world: World, user: User, page: Page) -> list[Post]:
    """Read the posts of others that mention or answer a user, one more than the page holds when
    there are more.
    """
    rows = world.store.rows(
        f"SELECT * FROM ({_MENTIONING}) {_WINDOW}",  # noqa: S608 -- both parts are literals
        (user.id, world.now_ms(), world.now_ms(), NEWEST_MENTIONS, *_bounds(page)),
    )
    return [from_row(row) for row in rows]


def quotes_of(world: World, post_id: str, page: Page) -> list[Post]:
    """Read the posts that quote one, one more than the page holds when there are more."""
    rows = world.store.rows(
        f"SELECT * FROM ({_QUOTING}) {_WINDOW}",  # noqa: S608 -- both parts are literals
        (post_number(post_id), world.now_ms(), *_bounds(page)),
    )
    return [from_row(row) for row in rows]


def timeline_json(
    world: World, found: list[Post], page: Page, query: dict[str, str], *, caller_id: str | None
) -> dict[str, Any]:
    """Answer a timeline: data, includes and meta; an empty one has no data."""
    view = read_view(query)
    more, found = len(found) > page.size, found[: page.size]
    meta: dict[str, Any] = {"result_count": len(found)}
    if not found:
        return {"meta": meta}
    meta |= {"newest_id": str(found[0].id), "oldest_id": str(found[-1].id)}
    if more:
        meta["next_token"] = page_token(found[-1].id)
    return {**_with_includes(world, found, view, caller_id), "meta": meta}


def _with_includes(
    world: World, found: list[Post], view: View, caller_id: str | None
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "data": [post_json(world, post, view, own=post.author_id == caller_id) for post in found]
    }
    more = includes(world, found, view, caller_id=caller_id)
    return answer | ({"includes": more} if more else {})


def visible(world: World, post_id: str) -> Post | None:
    """Find a post as a lookup does: not deleted, and past its lag."""
    row = world.store.row(
        "SELECT * FROM posts WHERE id = ? AND deleted_ms IS NULL AND visible_ms <= ?",
        (post_number(post_id), world.now_ms()),
    )
    return from_row(row) if row else None


def lookup_json(world: World, query: dict[str, str], *, caller_id: str | None) -> dict[str, Any]:
    """Answer a lookup of up to 100 ids: those found in the order asked, and an error for each
    missing one.
    """
    ids = query.get("ids", "").split(",")
    if not 1 <= len(ids) <= IDS_MAX or not all(_ID.fullmatch(one) for one in ids):
        raise invalid_request(
            "The `ids` query parameter needs 1 to 100 ids", ids=query.get("ids", "")
        )
    pairs = [(one, visible(world, one)) for one in dict.fromkeys(ids)]
    answer: dict[str, Any] = {}
    if found := [post for _, post in pairs if post]:
        answer = _with_includes(world, found, read_view(query), caller_id)
    if missing := [missing_resource("tweet", one, "ids") for one, post in pairs if post is None]:
        answer["errors"] = missing
    return answer


def single_json(
    world: World, post_id: str, query: dict[str, str], *, caller_id: str | None
) -> dict[str, Any]:
    """Answer the lookup of one post; a missing one is an error inside a 200 answer."""
    if not _ID.fullmatch(post_id):
        raise invalid_request(
            f"The `id` query parameter value [{post_id}] is not valid", id=post_id
        )
    post = visible(world, post_id)
    if post is None:
        return {"errors": [missing_resource("tweet", post_id, "id")]}
    answer = _with_includes(world, [post], read_view(query), caller_id)
    return {**answer, "data": answer["data"][0]}
