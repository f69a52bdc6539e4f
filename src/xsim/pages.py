"""The public pages: all accounts, one account's timeline, one conversation."""

from __future__ import annotations

import hashlib
import re
from html import escape
from pathlib import Path

from xsim import media
from xsim.accounts import HANDLE, User, all_users, user_by_id, user_by_name
from xsim.articles import article
from xsim.layout import Words, avatar, badge, counted, frame, notice, number
from xsim.posts import CURRENT, Post, by_id, from_row
from xsim.shapes import language
from xsim.wire import Request, Response, html_response, redirect
from xsim.words import choose
from xsim.world import World

SHOWN = 100
_LIVE = f"deleted_ms IS NULL AND {CURRENT}"
STATIC = Path(__file__).parent / "static"
FILES = {
    "/_page/xsim.css": "text/css; charset=utf-8",
    "/_page/xsim.js": "text/javascript; charset=utf-8",
    "/_page/icon.svg": "image/svg+xml",
}
_STATUS = re.compile(r"/(?P<handle>[A-Za-z0-9_]{1,15})/status/(?P<id>[0-9]{1,19})")
_MEDIA = re.compile(r"/media/[0-9]{1,2}_(?P<id>[0-9]{1,19})(?P<preview>/preview)?")
_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})")
_SHORT_STATUS = re.compile(r"/i/(?:web/)?status/(?P<id>[0-9]{1,19})")


def answer(world: World, request: Request) -> Response:
    """Answer a request for a page or one of its files."""
    words = choose(request.headers.get("accept-language", ""))
    if request.method not in ("GET", "HEAD"):
        return html_response("", status=405)
    if (found := _file(world, request, words)) is not None:
        return found
    if request.path == "/":
        return _fresh(request, _index(world, words))
    if match := _SHORT_STATUS.fullmatch(request.path):
        post = by_id(world, match["id"])
        author = user_by_id(world, post.author_id) if post else None
        return redirect(f"/{author.username}/status/{match['id']}") if author else _missing(words)
    if match := _STATUS.fullmatch(request.path):
        return _conversation(world, words, request, match["id"])
    handle = request.path.strip("/")
    user = user_by_name(world, handle) if HANDLE.fullmatch(handle) else None
    return _fresh(request, _timeline(world, words, user)) if user else _missing(words)


def _file(world: World, request: Request, words: Words) -> Response | None:
    """Answer for a file of the pages or an uploaded one; None for any other address."""
    if request.path in FILES:
        body = (STATIC / request.path.rsplit("/", 1)[1]).read_bytes()
        return Response(
            200, body, {"content-type": FILES[request.path], "cache-control": "max-age=60"}
        )
    match = _MEDIA.fullmatch(request.path)
    return _bytes(world, request, words, match) if match else None


def _fresh(request: Request, page: str) -> Response:
    """Answer with a page, or with 304 when the reader has this very page already."""
    response = html_response(page)
    tag = f'"{hashlib.sha256(page.encode()).hexdigest()[:20]}"'
    response.headers |= {"etag": tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(304, b"", {"etag": tag})
    return response


def _bytes(world: World, request: Request, words: Words, match: re.Match[str]) -> Response:
    """Serve an uploaded file as it arrived, a part of it when asked; or a still for a video."""
    found = media.find(world, match["id"])
    if found is None or found.state != "succeeded":
        return _missing(words)
    headers = {
        "cache-control": "max-age=86400, immutable",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; style-src 'none'; sandbox",
    }
    if match["preview"]:
        still = (STATIC / "video.svg").read_bytes()
        return Response(200, still, {**headers, "content-type": "image/svg+xml"})
    data = media.content(world, found.id)
    headers |= {"content-type": found.mime, "accept-ranges": "bytes"}
    part = _RANGE.fullmatch(request.headers.get("range", ""))
    if part is None or int(part[1]) >= len(data):
        return Response(200, data, headers)
    first, last = int(part[1]), min(int(part[2] or len(data)), len(data) - 1)
    headers["content-range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(206, data[first : last + 1], headers)


def _missing(words: Words) -> Response:
    main = notice(words["missing"], words["missing_note"])
    return html_response(frame(words, title=words["missing"], main=main), status=404)


def _index(world: World, words: Words) -> str:
    posted = {
        row["author_id"]: row["n"]
        for row in world.store.rows(
            f"SELECT author_id, count(*) AS n FROM posts WHERE {_LIVE} GROUP BY 1"  # noqa: S608 -- literals of this package
        )
    }
    rows = "".join(
        f'<li><a class="person" href="/{escape(user.username)}">{avatar(user)}'
        f'<span class="person-names"><span class="names"><strong>{escape(user.name)}</strong>'
        f"{badge(words, user)}"
        f'<span class="handle">@{escape(user.username)}</span></span>'
        f'<span class="bio">{escape(user.description)}</span></span>'
        f'<span class="count">{_posted(words, posted.get(user.id, 0))}</span>'
        "</a></li>"
        for user in all_users(world)
    )
    main = f'<h1 class="plain-title">{words["accounts"]}</h1><ul class="people">{rows}</ul>'
    return frame(words, title=words["accounts"], main=main, live=True)


def _posted(words: Words, count: int) -> str:
    return counted(words, "posts", count).format(n=number(count))


def _timeline(world: World, words: Words, user: User) -> str:
    rows = world.store.rows(
        f"SELECT * FROM posts WHERE author_id = ? AND {_LIVE} ORDER BY id DESC LIMIT ?",  # noqa: S608 -- literals of this package
        (user.id, SHOWN),
    )
    threads: dict[int, list[Post]] = {}
    for row in rows:
        post = from_row(row)
        threads.setdefault(post.conversation_id, []).insert(0, post)
    total = world.store.number(
        f"SELECT count(*) FROM posts WHERE author_id = ? AND {_LIVE}",  # noqa: S608 -- literals of this package
        (user.id,),
    )
    body = "".join(_thread(world, words, posts) for posts in threads.values())
    if not body:
        body = notice(words["no_posts"], words["no_posts_note"])
    main = (
        f'<nav class="up"><a href="/">{words["all_accounts"]}</a></nav>'
        f'<section class="profile">{avatar(user)}<div>'
        f"<h1>{escape(user.name)}{badge(words, user)}</h1>"
        f'<p class="handle">@{escape(user.username)}</p>'
        f'<p class="bio">{escape(user.description)}</p>'
        f'<p class="facts"><span>{escape(user.location)}</span>'
        f"<span>{words['followers'].format(n=number(user.followers))}</span>"
        f"<span>{_posted(words, total)}</span></p></div></section>{body}"
    )
    return frame(words, title=f"{user.name} (@{user.username})", main=main, live=True)


def _conversation(world: World, words: Words, request: Request, post_id: str) -> Response:
    post = by_id(world, post_id)
    if post is None:
        return _missing(words)
    rows = world.store.rows(
        f"SELECT * FROM posts WHERE conversation_id = ? AND {_LIVE} ORDER BY id LIMIT ?",  # noqa: S608 -- literals of this package
        (post.conversation_id, SHOWN),
    )
    author = user_by_id(world, post.author_id)
    back = f"@{escape(author.username)}" if author else words["all_accounts"]
    href = f"/{escape(author.username)}" if author else "/"
    body = _thread(world, words, [from_row(row) for row in rows], chosen=post.id)
    main = f'<nav class="up"><a href="{href}">{back}</a></nav>{body}'
    title = f"{author.name if author else ''}: {post.received[:60]}"
    return _fresh(request, frame(words, title=title, main=main, live=True))


def _thread(world: World, words: Words, posts: list[Post], *, chosen: int | None = None) -> str:
    parts = [_context(world, words, posts[0])]
    parts += [article(world, words, post, chosen=post.id == chosen) for post in posts]
    return f'<section class="thread">{"".join(parts)}</section>'


def _context(world: World, words: Words, first: Post) -> str:
    """Show the post that a conversation answers, when it is not part of what is shown."""
    parent = by_id(world, first.reply_to) if first.reply_to else None
    author = user_by_id(world, parent.author_id) if parent else None
    if parent is None or author is None:
        return ""
    name = escape(author.username)
    return (
        f'<p class="context">{words["replying"]} <a href="/{name}/status/{parent.id}">@{name}</a>'
        f'<span lang="{language(parent.received)}">{escape(parent.received[:120])}</span></p>'
    )
