"""What rooms above make of a comment, and can tell here.

A higher room registers itself once, at start; the panel asks it and imports nothing. Where nobody
has registered, nothing was made of anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from yanzhen.people.models import Member


@dataclass(frozen=True, slots=True)
class Made:
    """A task that was made of a comment, where it stands, and whether it is done."""

    title: str
    url: str
    done: bool


#: Returns what the member may see of what was made of each of these comments, by its number;
#: comments of which nothing was made may be left out.
MadeOf = Callable[[Member, Iterable[int]], Mapping[int, Sequence[Made]]]
_tasks: list[MadeOf] = []


def tell_tasks(made_of: MadeOf) -> None:
    """Register who knows the tasks made of comments from now on; the last one counts."""
    _tasks.append(made_of)


def tasks_of(member: Member, comments: Iterable[int]) -> Mapping[int, Sequence[Made]]:
    """Return the tasks made of each of these comments, by its number; one query."""
    return _tasks[-1](member, comments) if _tasks else {}
