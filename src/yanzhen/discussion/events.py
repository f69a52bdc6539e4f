"""What this room announces. The words of a comment are not in the log: they can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Said:
    """Payload of what is said of one comment. ``mentioned`` are numbers of members it is for."""

    thread: int
    comment: int
    mentioned: list[int]


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Payload of discussion.mentioned: numbers and names of those a comment is for by name."""

    thread: int
    comment: int
    mentioned: list[int]
    names: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Payload of resolving and opening again."""

    thread: int


@dataclass(frozen=True, slots=True)
class PenTaken:
    """Payload of discussion.pen_taken: who wrote until then."""

    holder: str
    number: int


def _kind(slug: str, payload: type[DataclassInstance], sentence: str | Promise) -> Kind:
    return announce(Kind(f"discussion.{slug}", payload, sentence))


COMMENTED = _kind("commented", Said, _("%(actor)s commented on “%(subject)s”"))
ANSWERED = _kind("answered", Said, _("%(actor)s answered a comment on “%(subject)s”"))
MENTIONED = _kind(
    "mentioned", Mentioned, _("%(actor)s mentioned %(names)s in a comment on “%(subject)s”")
)
CHANGED = _kind("changed", Said, _("%(actor)s changed a comment of theirs on “%(subject)s”"))
REMOVED = _kind("removed", Said, _("%(actor)s took back a comment on “%(subject)s”"))
RESTORED = _kind("restored", Said, _("%(actor)s brought back a comment on “%(subject)s”"))
RESOLVED = _kind("resolved", Settled, _("%(actor)s resolved a discussion of “%(subject)s”"))
REOPENED = _kind("reopened", Settled, _("%(actor)s opened a discussion of “%(subject)s” again"))
PEN_TAKEN = _kind(
    "pen_taken", PenTaken, _("%(actor)s took over writing “%(subject)s” from %(holder)s")
)
