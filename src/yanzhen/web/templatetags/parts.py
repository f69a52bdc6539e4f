"""Small parts every page is built of: people, stages, clocks, fields.

A builtin library: templates use the tags without loading them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.clock import now as clock_now
from yanzhen.web import spoken

register = template.Library()

HUES = 8

#: Stage slug -> the glyph that stands for it and its word. Review has chevrons instead.
STAGES: Mapping[str, tuple[str, Any]] = {
    "idea": ("icon-bulb", pgettext_lazy("stage", "Idea")),
    "draft": ("", pgettext_lazy("stage", "Draft")),
    "review": ("", pgettext_lazy("stage", "In review")),
    "returned": ("icon-return", pgettext_lazy("stage", "Returned")),
    "approved": ("icon-check", pgettext_lazy("stage", "Passed")),
    "scheduled": ("icon-clock", pgettext_lazy("stage", "Scheduled")),
    "sending": ("icon-send", pgettext_lazy("stage", "Going out")),
    "published": ("icon-check", pgettext_lazy("stage", "Published")),
    "held": ("icon-hold", pgettext_lazy("stage", "Held")),
    "failed": ("icon-alert", pgettext_lazy("stage", "Failed")),
    "withdrawn": ("icon-undo", pgettext_lazy("stage", "Withdrawn")),
}
#: Which of the design's stage colours a slug without its own borrows.
_PAINT = {"approved": "scheduled", "sending": "scheduled", "withdrawn": "draft"}


class Person(Protocol):
    """Whoever can be shown with an avatar."""

    pk: Any

    def __str__(self) -> str: ...


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


def viewer_zone(context: Mapping[str, Any]) -> ZoneInfo:
    """Give the zone of the member who looks, UTC for strangers."""
    member = getattr(context.get("request"), "member", None)
    return ZoneInfo(getattr(member, "zone", "") or "UTC")


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
def stage(
    slug: str, word: str = "", done: int | None = None, look: str = "", *, sr_only: bool = False
) -> SafeString:
    """Draw a stage: chevrons filled to ``done`` (0 to 3) or a glyph, and its word.

    ``word`` replaces the standard one; ``look`` "solid" gives it a ground; ``sr_only`` keeps the
    word for screen readers only, for calendar cells.
    """
    glyph, own_word = STAGES[slug]
    if done is None and not glyph:
        done = 0
    if done is None:
        sign = format_html('<span class="icon {}" aria-hidden="true"></span>', glyph)
    else:
        sign = format_html('<span class="chev" data-done="{}" aria-hidden="true"></span>', done)
    text = format_html('<span class="sr-only">{}</span>' if sr_only else "{}", word or own_word)
    return format_html(
        '<span class="stage{}" data-stage="{}">{}{}</span>',
        "".join(f" stage--{part}" for part in look.split()),
        _PAINT.get(slug, slug),
        sign,
        text,
    )


@register.simple_tag
def sla(
    started_at: datetime,
    due_at: datetime,
    now: datetime | None = None,
    look: str = "",
    *,
    stopped: bool = False,
) -> SafeString:
    """Draw the ring of a limit that runs from ``started_at`` to ``due_at`` (aware).

    ``stopped`` freezes it. The element keeps itself true while the page is open.
    """
    left = spoken.left_of(started_at, due_at, now=now or clock_now())
    return format_html(
        '<time-left class="sla{}" {}since="{}" until="{}" data-state="{}" style="--left:{}"'
        ' role="img" aria-label="{}">{}</time-left>',
        "".join(f" sla--{part}" for part in look.split()),
        SafeString("stopped ") if stopped else "",
        started_at.isoformat(),
        due_at.isoformat(),
        "stopped" if stopped else left.state,
        left.share,
        _("Paused") if stopped else left.words,
        left.short,
    )


@register.simple_tag
def due(due_at: datetime, now: datetime | None = None) -> SafeString:
    """Say how long until, or how late: in 18 min, 26 min late."""
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
    here, now = viewer_zone(context.flatten()), clock_now()
    words = {
        "time": lambda: spoken.clock_words(at, here),
        "day": lambda: spoken.day_words(at, here, now=now),
        "moment": lambda: spoken.moment_words(at, here, now=now),
        "full": lambda: f"{spoken.day_words(at, here, now=now)} {spoken.clock_words(at, here)}",
    }[form]()
    places = dict.fromkeys([str(here), zone or str(here), "UTC"])
    title = " · ".join(
        f"{spoken.city_words(name)} {spoken.day_words(at, ZoneInfo(name), now=now)}"
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


@register.filter
def city(zone: str) -> str:
    """Name the city of a zone in the active language."""
    return spoken.city_words(zone)


@register.filter
def html_lang(code: str) -> str:
    """Give the tag for a lang attribute: zh-hans becomes zh-Hans."""
    return "zh-Hans" if code.startswith("zh") else code


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
    given: dict[str, str] = {key.replace("_", "-"): value for key, value in attrs.items()}
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
