"""The frame of every page and the small parts that pages share.

Every text that comes from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape

from xsim.accounts import User
from xsim.clock import iso

Words = Mapping[str, str]
HUES = 6
MINUTE, HOUR, DAY = 60, 3600, 86_400
# Younger than this many seconds is "now".
FRESH = 2


def frame(words: Words, *, title: str, main: str, live: bool = False) -> str:
    """Wrap the main part of a page; ``live`` pages renew themselves."""
    script = '<script type="module" src="/_page/xsim.js"></script>' if live else ""
    fallback = '<noscript><meta http-equiv="refresh" content="2"></noscript>' if live else ""
    return (
        f'<!DOCTYPE html><html lang="{words["lang"]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark">{fallback}'
        f"<title>{escape(title)} · {words['banner']}</title>"
        f'<link rel="icon" href="/_page/icon.svg" type="image/svg+xml">'
        f'<link rel="stylesheet" href="/_page/xsim.css">{script}</head><body>'
        f'<header class="banner"><a class="banner-name" href="/">{words["banner"]}</a>'
        f"<p>{words['banner_note']}</p></header>"
        f"<main>{main}</main></body></html>"
    )


def avatar(user: User) -> str:
    """Draw a user's initial on one of a few colours."""
    hue = int(user.id[-3:]) % HUES
    return (
        f'<span class="avatar hue-{hue}" aria-hidden="true">{escape(user.name[:1].upper())}</span>'
    )


def badge(words: Words, user: User) -> str:
    """Name a user's standing, or nothing."""
    if user.premium:
        return f'<span class="badge">{words["premium"]}</span>'
    if user.verified_type == "business":
        return f'<span class="badge">{words["business"]}</span>'
    return ""


def number(value: int) -> str:
    """Write a number with thousands set apart."""
    return f"{value:,}"


def counted(words: Words, name: str, value: int) -> str:
    """Choose the word for a number of things; a ``{n}`` in it is left to be filled."""
    return words[f"{name}_one" if value == 1 else name]


def moment(words: Words, at_ms: int, now_ms: int) -> str:
    """Write a moment: how long ago when it is today's, else the day.

    The exact time in UTC on hovering.
    """
    ago = max(now_ms - at_ms, 0) // 1000
    when = datetime.fromtimestamp(at_ms / 1000, UTC)
    if ago < FRESH:
        shown = words["now"]
    elif ago < MINUTE:
        shown = words["seconds"].format(n=ago)
    elif ago < HOUR:
        shown = words["minutes"].format(n=ago // MINUTE)
    elif ago < DAY:
        shown = words["hours"].format(n=ago // HOUR)
    elif words["lang"] == "en":
        shown = f"{when.day} {when:%b %Y}"
    else:
        shown = f"{when.year}年{when.month}月{when.day}日"
    exact = f"{when:%Y-%m-%d %H:%M:%S} UTC"
    return (
        f'<time datetime="{iso(at_ms)}" title="{exact}">{shown}</time>'
        f'<span class="clock">{when:%H:%M} UTC</span>'
    )


def notice(title: str, note: str = "") -> str:
    """Say one thing where else there would be content; ``note`` is HTML already."""
    return f'<section class="empty"><h1>{title}</h1><p>{note}</p></section>'
