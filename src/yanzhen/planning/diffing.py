"""What changed between two texts, in runs of words, and of characters where there are no words."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeVar

_T = TypeVar("_T", bound=Hashable)


class RunKind(StrEnum):
    """What happened to a stretch of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one fate."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One segment before and after; None where it was added or removed as a whole."""

    before: str | None
    after: str | None

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return self.before == self.after


# A word is a run of letters and digits with the marks that sit on them; Chinese, Japanese and
# Korean have no spaces to go by, so each character stands alone. Everything else is alone too,
# except that white space and joined emoji stay whole.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(
    rf"\n|[^\S\n]+|[{_CJK}]|[#@$]?(?:(?![{_CJK}])\w)+(?:['’.-](?:(?![{_CJK}])\w)+)*"
    r"|.(?:[\ufe0e\ufe0f\u20e3\u0300-\u036f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
    r"|\u200d.)*",
    re.DOTALL,
)
_ALIKE = 0.35


def tokens(text: str) -> list[str]:
    """Split a text into what is compared as one; joined again they are the text."""
    return _TOKEN.findall(text)


def diff_text(before: str, after: str) -> list[Run]:
    """Return the runs that lead from ``before`` to ``after``.

    Without the added runs they read as ``before``, without the removed ones as ``after``.
    """
    old, new = tokens(before), tokens(after)
    runs: list[Run] = []
    for kind, text in _steps(old, new):
        if not text:
            continue
        earlier = runs.pop().text if runs and runs[-1].kind is kind else ""
        runs.append(Run(kind, earlier + text))
    return runs


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[RunKind, str]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for move, i, j, k, m in matcher.get_opcodes():
        if move == "equal":
            yield RunKind.SAME, "".join(old[i:j])
        else:
            yield RunKind.REMOVED, "".join(old[i:j])
            yield RunKind.ADDED, "".join(new[k:m])


def pair_segments(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Lay two threads side by side, so that an added segment does not shift all that follow."""
    return [Pair(old, new) for old, new in pair_up(before, after, said=lambda text: text)]


def pair_up(
    before: Sequence[_T], after: Sequence[_T], *, said: Callable[[_T], str]
) -> list[tuple[_T | None, _T | None]]:
    """Lay two lists side by side: equal things beside each other, else those that say alike."""
    pairs: list[tuple[_T | None, _T | None]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for move, i, j, k, m in matcher.get_opcodes():
        if move == "equal":
            pairs.extend(zip(before[i:j], after[k:m], strict=True))
        else:
            unequal = _pair_unequal(before[i:j], after[k:m], said)
            pairs.extend(unequal)
    return pairs


def _pair_unequal(
    before: Sequence[_T], after: Sequence[_T], said: Callable[[_T], str]
) -> Iterator[tuple[_T | None, _T | None]]:
    """Pair what is alike; of unequal numbers, what is like nothing stands alone."""
    if len(before) == len(after):
        yield from zip(before, after, strict=True)
        return
    shorter = before if len(before) < len(after) else after
    longer = after if shorter is before else before
    rest = list(longer)
    chosen: list[tuple[_T | None, _T]] = []
    for index, one in enumerate(shorter):
        spare = len(rest) - (len(shorter) - index)
        alike = [_likeness(said(one), said(rest[at])) for at in range(spare + 1)]
        best = alike.index(max(alike))
        if alike[best] < _ALIKE:
            best = 0
        chosen += ((None, alone) for alone in rest[:best])
        chosen.append((one, rest[best]))
        rest = rest[best + 1 :]
    chosen += ((None, alone) for alone in rest)
    for short, long in chosen:
        yield (short, long) if shorter is before else (long, short)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, tokens(one), tokens(other), autojunk=False).quick_ratio()


def diff_segments(before: Sequence[str], after: Sequence[str]) -> list[list[Run]]:
    """Return the runs of each segment of two threads laid side by side."""
    return [diff_text(pair.before or "", pair.after or "") for pair in pair_segments(before, after)]


def has_changes(runs: Sequence[Run]) -> bool:
    """Tell whether any run is not the same on both sides."""
    return any(run.kind is not RunKind.SAME for run in runs)
