"""Findings, as values in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from yanzhen.brand.findings import Fix, Passage
from yanzhen.brand.queries import Judged


class CheckKind(StrEnum):
    """How a finding weighs: ``stop`` bars the way to review, ``look`` asks for a thought.

    A ``hint`` says something without asking.
    """

    STOP = "stop"
    LOOK = "look"
    HINT = "hint"
    PASS = "pass"  # noqa: S105 -- a finding, not a password


@dataclass(frozen=True, slots=True)
class Way:
    """What can be done instead: a link. ``copy`` is put on the clipboard when it is followed."""

    words: str
    url: str
    copy: str = ""
    away: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One finding in the reader's language. ``segment`` counts from 1; 0 means the whole thread.

    ``blank`` tells that nothing is written yet, which is no news to whoever has just begun;
    ``long`` that a text is over the limit, which hangs on how X counts. ``brand`` is what the brand
    framework found, for what is offered beside it.
    """

    kind: CheckKind
    title: str
    text: str = ""
    segment: int = 0
    ways: tuple[Way, ...] = ()
    blank: bool = False
    long: bool = False
    brand: Judged | None = None
    fixes: tuple[Fix, ...] = ()

    @property
    def passage(self) -> Passage | Fix | None:
        """What to select of the segment, None for all of it."""
        if self.brand is not None and self.brand.finding.passages and not self.brand.finding.aside:
            return self.brand.finding.passages[0]
        return self.fixes[0] if self.fixes else None

    @property
    def sentence(self) -> str:
        """Title and advice in one."""
        if not self.text:
            return self.title
        return _("%(title)s. %(advice)s") % {"title": self.title, "advice": self.text}


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings, the gravest first."""

    checks: Sequence[Check]

    @property
    def stops(self) -> list[Check]:
        """What must be fixed before the post can go to review."""
        return [check for check in self.checks if check.kind is CheckKind.STOP]

    @property
    def looks(self) -> list[Check]:
        """What deserves a look."""
        return [check for check in self.checks if check.kind is CheckKind.LOOK]

    @property
    def blocked(self) -> str:
        """Why the post cannot go to review yet, or ""."""
        return self.stops[0].sentence if self.stops else ""

    @property
    def too_long(self) -> bool:
        """Whether what bars the way is the length of a text."""
        return bool(self.stops) and self.stops[0].long

    @property
    def nothing(self) -> bool:
        """Whether not a word is written: true, but no news to whoever has just begun."""
        return [check.blank for check in self.stops] == [True]
