"""Kinds of news, as people choose among them: one for each part of the work."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

#: What has no topic of its own here: a room nobody has named yet.
OTHER = "other"

TOPICS: Mapping[str, str | Promise] = {
    "review": pgettext_lazy("kind of news", "Review and the fast lane"),
    "publishing": pgettext_lazy("kind of news", "Publishing: held, missed, stuck, freeze"),
    "duty": pgettext_lazy("kind of news", "Duty, swaps and uncovered hours"),
    "handoff": pgettext_lazy("kind of news", "The lead and handoffs"),
    "planning": pgettext_lazy("kind of news", "Posts and embargoes"),
    "discussion": pgettext_lazy("kind of news", "Comments and mentions"),
    "tasks": pgettext_lazy("kind of news", "Tasks and reminders"),
    "ideas": pgettext_lazy("kind of news", "Ideas"),
    "channels": pgettext_lazy("kind of news", "X accounts"),
    OTHER: pgettext_lazy("kind of news", "Everything else"),
}


def topic_of(kind: str) -> str:
    """Return the topic of an event's kind (its slug)."""
    room = kind.split(".", maxsplit=1)[0]
    return room if room in TOPICS else OTHER
