"""What an adapter that carries news is given, and what it answers. Values only, no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Button:
    """Something that may be done from the message.

    ``value`` comes back as it is when the message itself can be acted on; ``url`` leads to a page
    of ours where the same is confirmed. ``style`` is "", primary or danger.
    """

    slug: str
    label: str
    value: str
    url: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One piece of news, in the language of its readers.

    ``key`` stays the same however often it is tried. ``at`` is ISO 8601 UTC, ``when`` the same for
    people. ``outcome`` says what became of it, on a message that is written anew. ``data`` is the
    event's own, for programs.
    """

    key: str
    kind: str
    workspace: str
    text: str
    at: str
    when: str
    url: str
    open_label: str
    urgent_label: str = ""
    detail: str = ""
    note: str = ""
    outcome: str = ""
    buttons: Sequence[Button] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of a form: ``options`` are (value, words), or none for free text.

    ``many``: any number of the options, each to be read whole. ``most``: letters of free text.
    """

    name: str
    label: str
    options: Sequence[tuple[str, str]] = ()
    most: int = 1000
    many: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form that opens over a conversation, with words ``about`` it at its head.

    ``carries`` comes back with what was filled in.
    """

    title: str
    submit: str
    close: str
    fields: Sequence[Choice]
    carries: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to, and with which secrets, newest first; they are never shown."""

    address: str
    secrets: tuple[str, ...] = field(default=(), repr=False)


class Refused(Exception):
    """A message did not arrive. ``words`` are short, hold no secret and are shown to people.

    ``permanent``: trying again by itself would not help. ``after_seconds``: not before then.
    """

    def __init__(
        self, words: str, *, permanent: bool = False, after_seconds: float | None = None
    ) -> None:
        super().__init__(words)
        self.words = words
        self.permanent = permanent
        self.after_seconds = after_seconds


class Gone(Refused):
    """The place takes nothing any more, and never will: it may be forgotten."""

    def __init__(self, words: str) -> None:
        super().__init__(words, permanent=True)


class Messenger(Protocol):
    """Carries cards to one outside system. Raises Refused, whatever went wrong."""

    def post(self, card: Card, to: Target) -> Mapping[str, str]:
        """Post the card, and return where it is: what ``rewrite`` needs to find it again."""
        ...


class Conversing(Messenger, Protocol):
    """A messenger that can be answered from the message, and may write it anew."""

    def rewrite(self, card: Card, to: Target, where: Mapping[str, str]) -> None:
        """Write a posted card anew. Raises Gone when the message is not there any more."""
        ...

    def aside(self, words: str, to: Target, *, reader: str) -> None:
        """Say something to one reader only, in the conversation ``to`` leads to."""
        ...

    def open_sheet(self, sheet: Sheet, to: Target, *, trigger: str) -> None:
        """Open a form for whoever pressed; ``trigger`` is good for a few seconds."""
        ...
