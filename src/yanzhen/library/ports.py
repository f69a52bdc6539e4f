"""What the library needs to know of the things its files hang on, and rooms above it can tell.

A higher room registers a teller once, at start; the library imports nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yanzhen.people.models import Member


@dataclass(frozen=True, slots=True)
class Used:
    """One thing a file hangs on: its name and page, its stage in the reader's words, its time."""

    title: str
    url: str
    stage: str
    at: datetime | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it where it went out: its public address, and its counts where they are known.

    ``counts`` are whole sentences such as "1,204 seen".
    """

    url: str
    counts: Sequence[str] = ()


#: Tells what subjects of one kind are, by their ids; those the member may not see are left out.
UsesTold = Callable[[Member, Sequence[str]], Mapping[str, Used]]
#: Tells what came of subjects of one kind, by their ids.
ResultsTold = Callable[[Sequence[str]], Mapping[str, Sequence[Result]]]

_uses: dict[str, UsesTold] = {}
_results: dict[str, ResultsTold] = {}


def tell_uses(subject_type: str, teller: UsesTold) -> None:
    """Register who knows the subjects of that kind."""
    _uses[subject_type] = teller


def tell_results(subject_type: str, teller: ResultsTold) -> None:
    """Register who knows what came of the subjects of that kind."""
    _results[subject_type] = teller


def uses_of(subject_type: str, ids: Sequence[str], *, viewer: Member) -> Mapping[str, Used]:
    """Ask what these are; nothing where nobody has registered."""
    teller = _uses.get(subject_type)
    return teller(viewer, ids) if teller else {}


def results_of(subject_type: str, ids: Sequence[str]) -> Mapping[str, Sequence[Result]]:
    """Ask what came of these; nothing where nobody has registered."""
    teller = _results.get(subject_type)
    return teller(ids) if teller else {}


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new text may start from: words somebody used before."""

    title: str
    body: str
    language: str


#: Tells the words of one thing by its number; None when it has none the member may see.
BeginningTold = Callable[[Member, int], Beginning | None]

_beginnings: list[BeginningTold] = []


def tell_beginnings(teller: BeginningTold) -> None:
    """Register who knows words that were used before; the last one counts."""
    _beginnings.append(teller)


def beginning_of(member: Member, pk: int) -> Beginning | None:
    """Ask for the words of one thing; None where nobody has registered."""
    return _beginnings[-1](member, pk) if _beginnings else None
