"""Small parts every page is built of: people, stages, clocks, fields.

A builtin library: templates use the tags without loading them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yanzhen.kernel.clock import now as clock_now
from yanzhen.people.zones import city_words
from yanzhen.planning.states import PostState
from yanzhen.web import spoken

register = template.Library()

HUES = 8

#: Post state -> the design's stage colour and the glyph. No glyph: chevrons, one for each level.
STAGES: Mapping[str, tuple[str, str]] = {
    PostState.DRAFT: ("draft", ""),
    PostState.REVIEW: ("review", ""),
    PostState.RETURNED: ("returned", "icon-return"),
    PostState.PASSED: ("scheduled", "icon-check"),
    PostState.SCHEDULED: ("scheduled", "icon-clock"),
    PostState.PUBLISHED: ("published", "icon-check"),
    PostState.PARTIAL: ("partial", "icon-part"),
    PostState.HELD: ("held", "icon-hold"),
    PostState.MISSED: ("missed", "icon-missed"),
    PostState.FAILED: ("failed", "icon-alert"),
    PostState.DROPPED: ("idea", "icon-x"),
}


class Person(Protocol):
    """Whoever can be shown with an avatar."""

    pk: Any

    def __str__(self) -> str: ...


class Staged(Protocol):
    """A post as ``stage`` shows it: its state, and how many levels it has passed."""

    state: Any
    levels_done: Any


class Timed(Protocol):
    """A step of a round as ``sla`` shows it; both times are aware, or None before it starts."""

    started_at: Any
    due_at: Any


class Named(Protocol):
    """An X account as ``acct`` shows it."""

    handle: Any
    colour: Any


def initials(name: str) -> str:
    """Give a name's sign: the first character of a Chinese name, else two initials."""
    words = name.split()
    if not words:
        return "?"
    first = words[0][0]
    if unicodedata.east_asian_width(first) in "WF":
        return first
    return (first + (words[-1][0] if len(words) > 1 else "")).upper()


def viewer_zone(context: Context) -> ZoneInfo:
    """Give the zone of the member who looks, UTC for strangers."""
    member = getattr(context.get("request"), "member", None)
    return member.user.tz if member is not None else ZoneInfo("UTC")


@register.simple_tag
def avatar(person: Person, look: str = "") -> SafeString:
    """Draw a person's disc. ``look`` names variants: "s", "l", "xl", "lead", "away"."""
    classes = "".join(f" avatar--{word}" for word in look.split())
    return format_html(
        '<span class="avatar{}" data-who="{}" aria-hidden="true">{}</span>',
        classes,
        person.pk % HUES,
        initials(str(person)),
    )


@register.simple_tag
def gap() -> str:
    """Give the space between two sentences; none in Chinese, whose marks bring their own."""
    return "" if (get_language() or "").startswith("zh") else " "


@register.filter
def listed(each: Iterable[object]) -> str:
    """Name one after the other, as the reader's language does."""
    return _(", ").join(map(str, each))


@register.simple_tag
def stage(
    post: Staged | str, word: str = "", look: str = "", *, sr_only: bool = False
) -> SafeString:
    """Draw where a post stands: chevrons for the levels it has passed, or a glyph, and a word.

    ``post`` may also be a state's slug. ``word`` replaces the state's own; ``look`` "solid" gives
    it a ground; ``sr_only`` keeps the word for screen readers only, for calendar cells.
    """
    state = PostState(post if isinstance(post, str) else post.state)
    levels = 0 if isinstance(post, str) else post.levels_done
    return _stage_drawn(state, levels, str(word or state.label), look, sr_only=sr_only)


@lru_cache(maxsize=512, typed=True)
def _stage_drawn(
    state: PostState, levels: int, word: str, look: str, *, sr_only: bool
) -> SafeString:
    """Draw it once: a full calendar shows a thousand, in a few dozen kinds."""
    paint, glyph = STAGES[state]
    if glyph:
        sign = format_html('<span class="icon {}" aria-hidden="true"></span>', glyph)
    else:
        sign = format_html('<span class="chev" data-done="{}" aria-hidden="true"></span>', levels)
    return format_html(
        '<span class="stage{}" data-stage="{}">{}{}</span>',
        "".join(f" stage--{part}" for part in look.split()),
        paint,
        sign,
        format_html('<span class="sr-only">{}</span>' if sr_only else "{}", word),
    )


@register.simple_tag
def sla(
    step: Timed, now: datetime | None = None, look: str = "", *, stopped: bool = False
) -> SafeString | str:
    """Draw the ring of a step's time limit; nothing when it has none.

    ``stopped`` freezes it; ``look`` "l" makes it large. The open page keeps it true.
    """
    if step.started_at is None or step.due_at is None:
        return ""
    left = spoken.left_of(step.started_at, step.due_at, now=now or clock_now())
    return format_html(
        '<time-left class="sla{}" {}since="{}" until="{}" data-state="{}" style="--left:{}"'
        ' role="img" aria-label="{}">{}</time-left>',
        "".join(f" sla--{part}" for part in look.split()),
        SafeString("stopped ") if stopped else "",
        step.started_at.isoformat(),
        step.due_at.isoformat(),
        "stopped" if stopped else left.state,
        left.share,
        _("Paused") if stopped else left.words,
        left.short,
    )


@register.simple_tag
def due(due_at: datetime | None, now: datetime | None = None) -> SafeString | str:
    """Say how long until, or how late: in 18 min, 26 min late. Nothing without a time."""
    if due_at is None:
        return ""
    state, words = spoken.due_words(due_at, now=now or clock_now())
    return format_html(
        '<time-left class="due" until="{}" data-state="{}">{}</time-left>',
        due_at.isoformat(),
        state,
        words,
    )


@register.simple_tag(takes_context=True)
def when(
    context: Context, at: datetime | None, zone: str = "", form: str = "moment"
) -> SafeString | str:
    """Give a moment in the viewer's own zone; the title adds the hour in ``zone`` and UTC.

    ``form`` is "moment" (17:00, Wed 17:00 or Tue 9 June 17:00), "time", "day" or "full".
    """
    if at is None:
        return "–"
    here, now = viewer_zone(context), clock_now()
    words = {
        "time": lambda: spoken.clock_words(at, here),
        "day": lambda: spoken.day_words(at, here, now=now),
        "moment": lambda: spoken.moment_words(at, here, now=now),
        "full": lambda: f"{spoken.day_words(at, here, now=now)} {spoken.clock_words(at, here)}",
    }[form]()
    places = dict.fromkeys([str(here), zone or str(here), "UTC"])
    title = " · ".join(
        f"{city_words(name)} {spoken.day_words(at, ZoneInfo(name), now=now)}"
        f" {spoken.clock_words(at, ZoneInfo(name))}"
        for name in places
    )
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.astimezone(here).isoformat(), title, words
    )


@register.simple_tag
def acct(account: Named) -> SafeString:
    """Name an X account with its bar of colour."""
    return format_html(
        '<span class="acct" data-acct="{}">@{}</span>', account.colour, account.handle
    )


@register.simple_tag
def place(city: str, zone: str) -> str:
    """Name where somebody is: their own city when they gave one, else the zone's."""
    return spoken.place_words(city, zone)


@register.filter
def city(zone: str) -> str:
    """Name the city of a zone in the active language."""
    return city_words(zone)


@register.filter
def html_lang(code: str) -> str:
    """Give the tag for a lang attribute: zh-hans becomes zh-Hans."""
    return "zh-Hans" if code.startswith("zh") else code


@register.filter
def lang_of(words: str) -> str:
    """Give the lang attribute for words a member typed, in whatever language: "" is unknown.

    Without it a Chinese page would set the apostrophe of an English title as wide as a character.
    """
    return "zh-Hans" if any("\u3400" <= sign <= "\u9fff" for sign in words) else ""


@register.inclusion_tag("_parts/field.html")
def field(bound: BoundField, label: str = "", **attrs: str) -> dict[str, Any]:
    """Lay out one form field: label, input, hint and errors, wired for screen readers.

    Further arguments become attributes of the input; underscores turn into hyphens.
    """
    kind = "input"
    widget = bound.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        kind = "choices"
    elif isinstance(widget, CheckboxInput):
        kind = "tick"
    elif isinstance(widget, Select):
        kind = "select"
    given: dict[str, str | bool] = {key.replace("_", "-"): value for key, value in attrs.items()}
    told = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    if bound.errors:
        told.append(f"{bound.auto_id}_error")
        given["aria-invalid"] = "true"
    if told:
        given["aria-describedby"] = " ".join(told)
    if kind in ("input", "select"):
        given["class"] = " ".join(filter(None, ("input", widget.attrs.get("class", ""))))
    return {
        "bound": bound,
        "label": label or bound.label,
        "kind": kind,
        "attrs": given,
        "widget": bound.as_widget(attrs=given) if kind != "choices" else "",
    }


@register.inclusion_tag("_parts/toast.html")
def toast(message: Message) -> dict[str, Any]:
    """Show a message as a toast; an extra tag "undo:/path" offers the way back."""
    tag = message.extra_tags or ""
    return {
        "text": str(message),
        "level": message.level_tag,
        "undo": tag.removeprefix("undo:") if tag.startswith("undo:") else "",
    }
