"""What a message offers by now, and what has become of the rest, read from how things stand.

Whoever decides, and wherever: a message that goes out late or is written anew says the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yanzhen.activity.feed import Told
from yanzhen.notify import deeds
from yanzhen.notify.models import Letter


@dataclass(frozen=True, slots=True)
class Standing:
    """What may still be done from a message, with its targets, and what it says was done."""

    offers: list[tuple[deeds.Deed, str]]
    outcome: str = ""


def standing_of(letter: Letter, event: Told, *, whole: bool) -> Standing:
    """Return how a letter's message stands, in the active language.

    A message that is written anew goes on offering what it offered, and nothing that came after.
    ``whole`` False leaves out what must not be decided from a part.
    """
    posted = letter.rewrites.offers if letter.rewrites is not None else []
    asked = _again(posted) if posted else deeds.asked_by(event, urgent=letter.urgent)
    still, closed, noted = _weigh(event, asked)
    if closed:
        return Standing([], closed)
    said = str(letter.extra.get("outcome", ""))
    if said and (letter.extra.get("over") or not posted):
        return Standing([], noted or said)
    still = [(deed, target) for deed, target in still if whole or not deed.decides]
    return Standing(still, noted or said)


def _again(posted: Iterable[list[str]]) -> list[tuple[deeds.Deed, str]]:
    found = [(deeds.find(slug), target) for slug, target in posted]
    return [(deed, target) for deed, target in found if deed is not None]


def _weigh(
    event: Told, asked: Iterable[tuple[deeds.Deed, str]]
) -> tuple[list[tuple[deeds.Deed, str]], str, str]:
    """Return what can still be done, what closes the message, and what it only notes."""
    known: dict[tuple[object, str], str] = {}
    still, closed, noted = [], "", ""
    for deed, target in asked:
        key = (deed.became, target)
        if key not in known:
            known[key] = str(deed.became(event, target)) if deed.became is not None else ""
        if known[key] and deed.closes:
            closed = closed or known[key]
        elif known[key]:
            noted = known[key]
        elif target:
            still.append((deed, target))
    return still, closed, noted
