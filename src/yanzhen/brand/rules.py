"""One rule of the framework, as a value: what it looks for, how much it weighs, and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy


class RuleKind(models.TextChoices):
    """What a rule is about. Values are stored; the order is that of the page."""

    MESSAGE = "message", pgettext_lazy("brand rule", "Core message")
    TONE = "tone", pgettext_lazy("brand rule", "Tone")
    MUST = "must", pgettext_lazy("brand rule", "Write it so")
    MAY = "may", pgettext_lazy("brand rule", "May be said")
    NEVER = "never", pgettext_lazy("brand rule", "Never say")
    CLAIM = "claim", pgettext_lazy("brand rule", "Claim that needs proof")
    DISCLOSURE = "disclosure", pgettext_lazy("brand rule", "Required disclosure")
    VISUAL = "visual", pgettext_lazy("brand rule", "Visual rule")
    EMOJI = "emoji", pgettext_lazy("brand rule", "Emoji")
    HASHTAG = "hashtag", pgettext_lazy("brand rule", "Hashtags")
    MENTION = "mention", pgettext_lazy("brand rule", "Mentions")
    LINK = "link", pgettext_lazy("brand rule", "Links")


class Severity(models.TextChoices):
    """How a finding weighs: an error bars the way to review."""

    ERROR = "error", pgettext_lazy("brand rule", "Error")
    WARNING = "warning", pgettext_lazy("brand rule", "Warning")
    HINT = "hint", pgettext_lazy("brand rule", "Hint")


class Language(models.TextChoices):
    """The texts a rule is for."""

    ANY = "any", pgettext_lazy("brand rule", "Any language")
    ENGLISH = "en", pgettext_lazy("brand rule", "English")
    CHINESE = "zh_Hans", pgettext_lazy("brand rule", "Chinese")


#: Kinds that look for their phrases in the text.
WORDED = frozenset(
    {
        RuleKind.TONE,
        RuleKind.MUST,
        RuleKind.MAY,
        RuleKind.NEVER,
        RuleKind.CLAIM,
        RuleKind.DISCLOSURE,
    }
)
#: Kinds that count things and compare them with two lists: what is forbidden, what alone may be.
COUNTED = frozenset({RuleKind.EMOJI, RuleKind.HASHTAG, RuleKind.MENTION, RuleKind.LINK})
#: What is written for people alone and checks nothing.
TOLD = frozenset({RuleKind.MESSAGE})

MOST_RULES = 1000
MOST_PHRASES = 200
LONGEST_PHRASE = 120


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """Everything one rule says.

    ``key`` names the rule through all versions of its framework. ``phrases`` is what is looked for
    (of a counted kind: what is forbidden), ``needs`` what must stand there too (of a counted kind:
    what alone may be), ``unless`` the longer words in which a phrase is no fault. ``most`` is the
    largest number for one post, None for any. ``ratios`` are (width, height) pairs, ``least_width``
    and ``least_height`` pixels, 0 for any.
    """

    key: int
    kind: RuleKind
    severity: Severity
    language: Language
    title: str
    why: str = ""
    phrases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    replacement: str = ""
    most: int | None = None
    least_width: int = 0
    least_height: int = 0
    ratios: tuple[tuple[int, int], ...] = ()
    exact_case: bool = False
    inflect: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return the form a version keeps."""
        return asdict(self)

    @staticmethod
    def read(stored: Mapping[str, Any]) -> RuleSpec:
        """Read the form a version keeps."""
        lists = {name: tuple(stored[name]) for name in ("phrases", "needs", "unless")}
        return RuleSpec(
            **{
                **stored,
                **lists,
                "kind": RuleKind(stored["kind"]),
                "severity": Severity(stored["severity"]),
                "language": Language(stored["language"]),
                "ratios": tuple((wide, high) for wide, high in stored["ratios"]),
            }
        )

    @property
    def fingerprint(self) -> str:
        """The hex SHA-256 of all it says: changed, it is another rule to an override."""
        coded = json.dumps(self.as_json(), ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(coded.encode()).hexdigest()


def digest_of(rules: Iterable[RuleSpec]) -> str:
    """Return the hex SHA-256 of everything a set of rules says."""
    return hashlib.sha256("".join(rule.fingerprint for rule in rules).encode()).hexdigest()
