"""What the pages of ideas show, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yanzhen.ideas.models import Idea, IdeaQuerySet
from yanzhen.ideas.states import LIVE, IdeaState
from yanzhen.people.models import Member

#: A column shows this many and says how many are left.
MOST_CARDS = 50


@dataclass(frozen=True, slots=True)
class Pile:
    """One column of the board."""

    state: IdeaState
    ideas: Sequence[Idea]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.ideas)


def ideas_for(member: Member, *, text: str = "", state: str = "") -> IdeaQuerySet:
    """Return what the member sees of a state ("" for the board's), as cards, most wanted first."""
    rows = Idea.objects.visible_to(member)
    rows = rows.filter(state=state) if state else rows.filter(state__in=LIVE)
    if text:
        rows = rows.saying(text)
    return rows.for_cards(member).most_wanted_first()


def board_for(member: Member, *, text: str = "") -> list[Pile]:
    """Return the board's columns."""
    piles = []
    for state in LIVE:
        rows = ideas_for(member, text=text, state=state)
        shown = list(rows[: MOST_CARDS + 1])
        count = rows.count() if len(shown) > MOST_CARDS else len(shown)
        piles.append(Pile(state, shown[:MOST_CARDS], count))
    return piles
