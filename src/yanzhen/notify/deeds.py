"""Deeds: what may be done about news from the message itself, in Slack or by a signed link.

A room above registers them when its app is ready, for the kinds of events they answer::

    offer(
        [ROUND_OPENED],
        Deed("review.pass", label=_("Pass"), target=_waiting_step, run=_pass, style="primary"),
    )
    detail([ROUND_OPENED], _text_of)

A deed is done by the member whose Slack user or session it is, through the room's own action, with
every right asked as on the page. What bars it is said to that person and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise, lazy

from yanzhen.activity.feed import Told
from yanzhen.activity.spine import Kind
from yanzhen.people.models import Member

#: Words whose language is chosen where they are read, not where they were found.
Words = str | Promise


def _fill(words: Words, values: Mapping[str, object]) -> str:
    return str(words) % values


_filled = lazy(_fill, str)


def say(words: Words, **values: object) -> Words:
    """Return lazy words with their ``%(name)s`` filled in.

    What comes of a deed is read by whoever did it, and in channels and by members with languages of
    their own.
    """
    return _filled(words, values)


class DeedRefused(Exception):
    """The deed is not done; ``words`` tell the reader why and what to do.

    ``over``: nobody can do it any more, so the message should not offer it, and shows the words.
    """

    def __init__(self, words: Words, *, over: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.over = over


@dataclass(frozen=True, slots=True)
class Given:
    """What was filled in; all of it is empty for a deed that asks nothing.

    ``ticks`` are the values of the points that were ticked, ``seen`` the mark of Shown.
    """

    reason: str = ""
    comment: str = ""
    ticks: tuple[str, ...] = ()
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands above the questions: words ``about`` it, and ``points`` (value, words) to tick.

    ``seen`` is a mark of what was shown, which comes back with the answers.
    """

    about: str = ""
    points: Sequence[tuple[str, str]] = ()
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a deed wants to know first: a comment; where there are ``reasons`` (value, words), one
    of them; and what ``shown(member, target)`` shows to be read and ticked, point by point.

    ``shown`` raises what ``run`` raises for somebody who may not do it.
    """

    comment_label: Words
    reasons: Callable[[], Sequence[tuple[str, str]]] | None = None
    reason_label: Words = ""
    shown: Callable[[Member, str], Shown] | None = None
    points_label: Words = ""
    #: Letters of the comment at most.
    most: int = 1000

    def shows(self, member: Member, target: str) -> Shown:
        """Return what the member is shown with the questions; see ``shown``."""
        return self.shown(member, target) if self.shown is not None else Shown()


@dataclass(frozen=True, slots=True)
class Detail:
    """More about an event than its sentence. ``whole``: nothing that counts is left out.

    Nothing is decided from a message that does not show the whole; ``note`` says what is missing.
    """

    text: str
    whole: bool = True
    note: str = ""


@dataclass(frozen=True)
class Deed:
    """Something that may be done about an event.

    ``target(event)`` names what it would be done to as things stand, or "" when there is nothing to
    do. ``run(member, target, given, now)`` does it and returns what to ``say``; the target comes
    from outside, so ``run`` looks for it among what the member may see. Raises what the action
    raises, DeedRefused, or ObjectDoesNotExist. ``decides``: only offered where the message shows
    the whole.
    ``proof_page(member, target)`` returns "" when the target may be decided as it is, or where it
    asks for a fresh proof of who is there the address of the page: a message cannot give one.
    ``check(member, target)`` raises what ``run`` raises for who may not do it, or when it is done,
    so that nothing is asked in vain.
    ``became(event, target)`` says what has become of what a message offered to do to the target,
    and by whom, "" while it can still be done; with target "" of all that the event asked for.
    ``closes``: with that a message offers nothing any more, whatever else it did.
    """

    slug: str
    label: Words
    target: Callable[[Told], str]
    run: Callable[[Member, str, Given, datetime], Words]
    style: str = ""
    asks: Asked | None = None
    decides: bool = True
    proof_page: Callable[[Member, str], str] | None = None
    check: Callable[[Member, str], None] | None = None
    became: Callable[[Told, str], Words] | None = None
    closes: bool = True


_deeds: dict[str, Deed] = {}
_offers: dict[str, list[Deed]] = {}
_details: dict[str, Callable[[Told], Detail | None]] = {}
_matters: dict[str, Callable[[Told], str]] = {}
#: Deeds that answer urgent news of every kind.
_urgent: list[Deed] = []


def register(deed: Deed) -> Deed:
    """Add a deed and return it. Raises ValueError when its slug is taken."""
    if deed.slug in _deeds:
        raise ValueError(f"duplicate deed {deed.slug}")
    _deeds[deed.slug] = deed
    return deed


def offer(kinds: Iterable[Kind], *deeds: Deed, matter: Callable[[Told], str]) -> None:
    """Offer deeds, in this order, with news of these kinds; registers those that are new.

    ``matter`` names what an event wants decided: its messages are found by that name when it is,
    see wiring.decides.
    """
    for deed in deeds:
        if _deeds.get(deed.slug) is not deed:
            register(deed)
    for kind in kinds:
        _offers.setdefault(kind.slug, []).extend(deeds)
        _matters[kind.slug] = matter


def offer_urgent(deed: Deed) -> None:
    """Offer a deed with urgent news of every kind, after what is special to it."""
    _urgent.append(register(deed))


def detail(kinds: Iterable[Kind], told: Callable[[Told], Detail | None]) -> None:
    """Show more than the sentence with news of these kinds; None shows no more."""
    for kind in kinds:
        _details[kind.slug] = told


def detail_of(event: Told) -> Detail | None:
    """Return what there is to show with an event, in the active language."""
    told = _details.get(event.kind)
    return told(event) if told is not None else None


def matter_of(event: Told) -> str:
    """Return the name of what an event wants decided; "" for what decides nothing."""
    matter = _matters.get(event.kind)
    return matter(event) if matter is not None else ""


def asked_by(event: Told, *, urgent: bool) -> list[tuple[Deed, str]]:
    """Return what news of an event asks for, with its target now; "" where nothing is to be done.

    What is special to the event comes first.
    """
    offers = [*_offers.get(event.kind, ()), *(_urgent if urgent else ())]
    return [(deed, deed.target(event)) for deed in offers]


def find(slug: str) -> Deed | None:
    """Return the deed of that name, or None when this build has none."""
    return _deeds.get(slug)
