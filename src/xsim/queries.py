"""The query language of search and of stream rules: a useful part of X's operators.

Terms side by side must all hold; OR binds weaker, ``-`` negates, parentheses group.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from xsim import media
from xsim import text as words
from xsim.accounts import user_by_id
from xsim.ids import post_number
from xsim.posts import Post, by_id
from xsim.shapes import language
from xsim.world import World

Test = Callable[[World, Post], bool]

_TOKEN = re.compile(
    r'\s*(?P<minus>-?)(?:(?P<open>\()|(?P<close>\))|(?P<phrase>"[^"]*")'
    r'|(?P<name>[a-z_]+):(?P<value>"[^"]+"|[^\s()"]+)|(?P<word>[^\s()"]+))'
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class BadQuery(ValueError):
    """A query cannot be understood; the reason is for its author."""


@dataclass(frozen=True)
class _Found:
    """A test, and whether it may stand alone in a query."""

    test: Test
    alone: bool


@lru_cache(maxsize=2_000)
def compile_query(query: str) -> Test:
    """Turn a query into a test of posts. Raises BadQuery."""
    tokens = _tokens(query)
    if not tokens:
        raise BadQuery("the query is empty")
    found = _either(tokens)
    if tokens:
        raise BadQuery("a parenthesis closes that was never opened")
    if not found.alone:
        raise BadQuery("the query needs a term that can stand alone beside is:, has:, lang: and -")
    return found.test


def _tokens(query: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    at, end = 0, len(query.rstrip())
    while at < end:
        match = _TOKEN.match(query, at)
        if match is None:
            raise BadQuery(f"cannot be read from character {at + 1} on")
        found.append(match)
        at = match.end()
    return found


def _is_or(token: re.Match[str]) -> bool:
    return token["word"] == "OR" and not token["minus"]


def _either(tokens: list[re.Match[str]]) -> _Found:
    options = [_together(tokens)]
    while tokens and _is_or(tokens[0]):
        tokens.pop(0)
        options.append(_together(tokens))
    if len(options) == 1:
        return options[0]
    tests = [option.test for option in options]
    return _Found(
        lambda world, post: any(test(world, post) for test in tests),
        all(option.alone for option in options),
    )


def _together(tokens: list[re.Match[str]]) -> _Found:
    terms: list[_Found] = []
    while tokens and not tokens[0]["close"] and not _is_or(tokens[0]):
        terms.append(_term(tokens))
    if not terms:
        raise BadQuery("a term is missing")
    tests = [term.test for term in terms]
    return _Found(
        lambda world, post: all(test(world, post) for test in tests),
        any(term.alone for term in terms),
    )


def _term(tokens: list[re.Match[str]]) -> _Found:
    token = tokens.pop(0)
    if token["open"]:
        found = _either(tokens)
        if not tokens or not tokens.pop(0)["close"]:
            raise BadQuery("a parenthesis is never closed")
    else:
        found = _atom(token)
    if not token["minus"]:
        return found
    return _Found(lambda world, post: not found.test(world, post), alone=False)


def _atom(token: re.Match[str]) -> _Found:
    if token["name"]:
        name, value = token["name"], token["value"].strip('"')
        if name not in OPERATORS:
            raise BadQuery(f"there is no operator {name}:")
        make, alone = OPERATORS[name]
        return _Found(make(value), alone)
    said = (token["phrase"] or token["word"]).strip('"')
    if not said.strip():
        raise BadQuery("a phrase is empty")
    sign, rest = said[0], said[1:].lower()
    if sign in "@#$" and rest and not token["phrase"]:
        return _Found(_marked(sign, rest), alone=True)
    return _Found(_says(said), alone=True)


def _says(said: str) -> Test:
    """Test for a word or phrase: whole words in any case; any place in scripts without spaces."""
    wanted = words.composed(said).casefold()
    if _WIDE.search(wanted):
        return lambda world, post: wanted in words.composed(post.received).casefold()
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    return lambda world, post: bool(pattern.search(words.composed(post.received).casefold()))


def _marked(sign: str, rest: str) -> Test:
    kind, field = {
        "@": ("mentions", "username"),
        "#": ("hashtags", "tag"),
        "$": ("cashtags", "tag"),
    }[sign]
    return lambda world, post: any(
        one[field].lower() == rest for one in post.entities.get(kind, [])
    )


def _is_user(world: World, user_id: str | None, name: str) -> bool:
    if user_id is None:
        return False
    user = user_by_id(world, user_id)
    return user is not None and name.lower().removeprefix("@") in (user.id, user.username.lower())


def _from(value: str) -> Test:
    return lambda world, post: _is_user(world, post.author_id, value)


def _to(value: str) -> Test:
    return lambda world, post: _is_user(world, post.reply_to_user, value)


def _reposts_of(value: str) -> Test:
    def test(world: World, post: Post) -> bool:
        original = by_id(world, post.repost_of) if post.repost_of else None
        return original is not None and _is_user(world, original.author_id, value)

    return test


def _lang(value: str) -> Test:
    return lambda world, post: language(post.received) == value.lower()


def _conversation(value: str) -> Test:
    return lambda world, post: post.conversation_id == post_number(value)


def _answers(value: str) -> Test:
    return lambda world, post: post.reply_to is not None and post.reply_to == post_number(value)


def _quotes(value: str) -> Test:
    return lambda world, post: post.quoted_id is not None and post.quoted_id == post_number(value)


def _url(value: str) -> Test:
    wanted = value.lower()
    return lambda world, post: any(
        wanted in one["expanded_url"].lower() for one in post.entities.get("urls", [])
    )


def _has_media(*kinds: str) -> Test:
    return lambda world, post: any(one.use.kind in kinds for one in media.attached(world, post.id))


def _has_entity(name: str) -> Test:
    return lambda world, post: bool(post.entities.get(name))


def _is_verified(world: World, post: Post) -> bool:
    author = user_by_id(world, post.author_id)
    return author is not None and author.verified_type != "none"


IS: dict[str, Test] = {
    "reply": lambda world, post: post.reply_to is not None,
    "retweet": lambda world, post: post.repost_of is not None,
    "quote": lambda world, post: post.quoted_id is not None,
    "verified": _is_verified,
}
HAS: dict[str, Test] = {
    "media": _has_media("photo", "animated_gif", "video"),
    "images": _has_media("photo"),
    "video_link": _has_media("video"),
    "videos": _has_media("video"),
    "links": _has_entity("urls"),
    "mentions": _has_entity("mentions"),
    "hashtags": _has_entity("hashtags"),
    "cashtags": _has_entity("cashtags"),
}


def _chosen(table: dict[str, Test], operator: str) -> Callable[[str], Test]:
    def make(value: str) -> Test:
        if value not in table:
            raise BadQuery(f"{operator}: takes {', '.join(sorted(table))}")
        return table[value]

    return make


# How each operator makes its test, and whether it may stand alone.
OPERATORS: dict[str, tuple[Callable[[str], Test], bool]] = {
    "from": (_from, True),
    "to": (_to, True),
    "retweets_of": (_reposts_of, True),
    "conversation_id": (_conversation, True),
    "in_reply_to_tweet_id": (_answers, True),
    "quotes_of_tweet_id": (_quotes, True),
    "url": (_url, True),
    "lang": (_lang, False),
    "is": (_chosen(IS, "is"), False),
    "has": (_chosen(HAS, "has"), False),
}
