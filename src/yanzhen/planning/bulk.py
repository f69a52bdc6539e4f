"""What can be done to many posts at once: a registry that rooms above fill too.

Planning's own verbs are in bulk_verbs. The page shows what a verb foresees of each post before
anything is done, so that nobody says yes to what they have not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django import forms
from django.utils.functional import Promise

from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.content import Json
from yanzhen.planning.models import Post

#: More are not taken in one go; a page of the list holds fewer.
MOST_AT_ONCE = 100

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a verb would do to one post: either ``will`` or ``why_not``, in the reader's language.

    ``seen`` says what it would change from; it comes back with the yes, and what is different by
    then is left alone. ``url`` is where a person decides instead. ``texts`` are shown where they
    are what the decision is about, ``warnings`` beside them: what else is to be known before.
    """

    post: Post
    will: str = ""
    why_not: str = ""
    seen: str = ""
    url: str = ""
    texts: Sequence[str] = ()
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class VerbFace:
    """How a verb stands on the bar and on its page.

    ``name`` stands on its button, ``key`` presses it, ``note`` is a sentence above the list, "" for
    none. The bar goes by ``place``, from what is asked for most to what ends a post.
    """

    slug: str
    name: str | Promise
    icon: str
    key: str
    decision: Decision
    place: int
    note: str | Promise = ""


class Verb(Protocol):
    """One thing that can be done to many posts."""

    @property
    def face(self) -> VerbFace:
        """How it shows."""
        ...

    def form(self, data: Mapping[str, Any] | None, *, member: Member) -> forms.Form:
        """Return the form that asks what else must be known; one without fields for nothing."""
        ...

    def outlooks(
        self, posts: Sequence[Post], asked: Answers, *, by: Member, now: datetime
    ) -> list[Outlook]:
        """Foresee each post, in their order and in a fixed number of queries.

        ``posts`` come with names (with_names), ``asked`` is the valid form's cleaned_data.
        """
        ...

    def do(self, outlook: Outlook, asked: Answers, *, by: Member, now: datetime) -> Json | None:
        """Do it to one post by the action that does it to one; return what ``undo`` needs.

        None where there is no way back. Raises what the action raises.
        """
        ...

    def undo(self, post: Post, kept: Json, *, by: Member, now: datetime) -> None:
        """Take it back. Raises what the action raises, Meanwhile when it has changed since."""
        ...


class Meanwhile(Exception):
    """Somebody has changed the post since."""


_verbs: dict[str, Verb] = {}
#: Tells by a verb's slug whether doing it to these posts (numbers) asks for a fresh proof.
_proofs: dict[str, Callable[[Sequence[int], Member], bool]] = {}


def register(
    verb: Verb, *, wants_proof: Callable[[Sequence[int], Member], bool] | None = None
) -> None:
    """Offer ``verb`` from now on. Raises ValueError when its slug is taken.

    ``wants_proof`` tells whether doing it to these posts (numbers) asks for a fresh proof of who
    does it; without it, it never does.
    """
    if verb.face.slug in _verbs:
        raise ValueError(f"duplicate verb {verb.face.slug}")
    _verbs[verb.face.slug] = verb
    if wants_proof is not None:
        _proofs[verb.face.slug] = wants_proof


def wants_proof(slug: str, posts: Sequence[int], *, by: Member) -> bool:
    """Tell whether doing what ``slug`` names to these posts (numbers) asks for a fresh proof."""
    asks = _proofs.get(slug)
    return asks is not None and asks(posts, by)


def verb_named(slug: str) -> Verb | None:
    """Return the verb, None for an unknown slug."""
    return _verbs.get(slug)


def faces_for(member: Member) -> list[VerbFace]:
    """Return what the member may do, in the order of the bar."""
    faces = [verb.face for verb in _verbs.values() if member.may_somewhere(verb.face.decision)]
    return sorted(faces, key=lambda face: face.place)
