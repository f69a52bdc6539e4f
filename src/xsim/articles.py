"""One post on a page."""

from __future__ import annotations

from html import escape

from xsim import media, polls
from xsim import text as texts
from xsim.accounts import User, user_by_id, user_by_name
from xsim.layout import Words, avatar, counted, moment, number
from xsim.posts import Post, by_id, is_hidden, versions
from xsim.shapes import language, public_numbers
from xsim.world import World


def article(world: World, words: Words, post: Post, *, chosen: bool = False) -> str:
    """Draw a post; a repost draws the post it passes on, under the name of who did."""
    author = user_by_id(world, post.author_id)
    if author is None:
        return ""
    original = by_id(world, post.repost_of) if post.repost_of else None
    writer = user_by_id(world, original.author_id) if original else None
    if original and writer:
        note = words["reposted"].format(name=escape(author.name))
        return _drawn(world, words, original, writer, anchor=post.id, above=note)
    if is_hidden(world, post.id):
        return f'<article id="p{post.id}"><p class="facts">{words["hidden"]}</p></article>'
    return _drawn(world, words, post, author, anchor=post.id, chosen=chosen)


def _drawn(
    world: World,
    words: Words,
    post: Post,
    author: User,
    *,
    anchor: int,
    above: str = "",
    chosen: bool = False,
) -> str:
    name = escape(author.username)
    note = f'<p class="facts">{above}</p>' if above else ""
    text = linked(world, post.received)
    said = f'<p class="text" lang="{language(post.received)}">{text}</p>' if text else ""
    return (
        f'<article id="p{anchor}"{" class=chosen" if chosen else ""}>{avatar(author)}'
        f'<div class="post">{note}'
        f'<p class="byline"><a href="/{name}"><strong>{escape(author.name)}</strong></a>'
        f'<span class="handle">@{name}</span><a class="when" href="/{name}/status/{post.id}">'
        f"{moment(words, post.created_ms, world.now_ms())}</a>{_labels(world, words, post)}</p>"
        f"{said}{_pictures(world, words, post)}{_poll(world, words, post)}"
        f"{_quoted(world, words, post)}"
        f'<ul class="numbers">{_numbers(world, words, post)}</ul></div></article>'
    )


def _labels(world: World, words: Words, post: Post) -> str:
    """Name what is special about a post."""
    named = (
        ("long_post", post.is_long),
        ("edited", len(versions(world, post.id)) > 1),
        ("made_with_ai", post.extras.get("made_with_ai")),
        ("paid_partnership", post.extras.get("paid_partnership")),
        (f"answers_{post.reply_settings}", post.reply_settings != "everyone"),
    )
    return "".join(f'<span class="badge">{words[name]}</span>' for name, is_so in named if is_so)


def _numbers(world: World, words: Words, post: Post) -> str:
    numbers = public_numbers(world, post)
    return "".join(
        f"<li><b>{number(numbers[key])}</b> {counted(words, word, numbers[key])}</li>"
        for key, word in (
            ("reply_count", "replies"),
            ("retweet_count", "reposts"),
            ("like_count", "likes"),
            ("impression_count", "views"),
        )
    )


def _pictures(world: World, words: Words, post: Post) -> str:
    attached = media.attached(world, post.id)
    if not attached:
        return ""
    drawn = "".join(_picture(words, one) for one in attached)
    return f'<div class="pictures" data-count="{len(attached)}">{drawn}</div>'


def _picture(words: Words, one: media.Media) -> str:
    address = f"/media/{one.key}"
    alt = escape(one.alt_text or "")
    if one.use.kind == "video":
        languages = ", ".join(escape(language) for language in one.subtitles)
        note = f'<p class="facts">{words["subtitles"].format(names=languages)}</p>'
        return (
            f'<figure><video src="{address}" controls preload="metadata" aria-label="{alt}">'
            f"</video>{note if languages else ''}</figure>"
        )
    size = "".join(
        f' {name}="{one.facts[name]}"' for name in ("width", "height") if name in one.facts
    )
    shown = f'<figcaption class="badge" title="{alt}">ALT</figcaption>' if alt else ""
    return f'<figure><img src="{address}" alt="{alt}"{size} loading="lazy">{shown}</figure>'


def _poll(world: World, words: Words, post: Post) -> str:
    if not post.poll:
        return ""
    poll = polls.poll_json(world, post)
    total = sum(option["votes"] for option in poll["options"])
    options = "".join(
        f"<li><span>{escape(option['label'])}</span>"
        f'<meter min="0" max="{max(total, 1)}" value="{option["votes"]}"></meter>'
        f"<b>{number(option['votes'])}</b></li>"
        for option in poll["options"]
    )
    state = words["poll_open" if poll["voting_status"] == "open" else "poll_closed"]
    counts = counted(words, "votes", total).format(n=number(total))
    return f'<ol class="poll">{options}</ol><p class="facts">{counts} · {state}</p>'


def _quoted(world: World, words: Words, post: Post) -> str:
    quoted = by_id(world, post.quoted_id) if post.quoted_id else None
    author = user_by_id(world, quoted.author_id) if quoted else None
    if quoted is None or author is None:
        return ""
    name = escape(author.username)
    return (
        f'<blockquote lang="{language(quoted.received)}"><p>{words["quoting"]} '
        f'<a href="/{name}/status/{quoted.id}">@{name}</a></p>'
        f"{escape(quoted.received)}</blockquote>"
    )


def linked(world: World, received: str) -> str:
    """Write a post's text for a page: escaped, its links and mentions made to work."""
    text = texts.composed(received).strip()
    parts: list[str] = []
    at = 0
    for span in texts.spans(text):
        parts.append(escape(text[at : span.start]))
        whole = escape(text[span.start : span.end])
        if span.kind == "link":
            href = span.value if "://" in span.value else f"http://{span.value}"
            shown = escape(texts.display_link(span.value))
            whole = (
                f'<a href="{escape(href)}" title="{escape(href)}" '
                f'rel="noopener noreferrer nofollow">{shown}</a>'
            )
        elif span.kind == "mention" and user_by_name(world, span.value):
            whole = f'<a href="/{escape(span.value)}">{whole}</a>'
        elif span.kind != "mention":
            whole = f'<span class="tag">{whole}</span>'
        parts.append(whole)
        at = span.end
    parts.append(escape(text[at:]))
    return "".join(parts)
