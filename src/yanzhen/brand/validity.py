"""What makes a rule whole: the same for the form and for a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from yanzhen.brand import marks
from yanzhen.brand.models import LONGEST_TITLE, LONGEST_WHY
from yanzhen.brand.rules import COUNTED, LONGEST_PHRASE, MOST_PHRASES, RuleKind, RuleSpec

#: The fields a rule of each kind has beside title, weight, language and why.
FIELDS: Mapping[RuleKind, tuple[str, ...]] = {
    RuleKind.MESSAGE: (),
    RuleKind.TONE: ("phrases", "most", "unless", "replacement", "inflect", "exact_case"),
    RuleKind.MUST: ("phrases", "unless"),
    RuleKind.MAY: ("phrases", "inflect"),
    RuleKind.NEVER: ("phrases", "unless", "replacement", "inflect", "exact_case"),
    RuleKind.CLAIM: ("phrases", "unless", "needs", "inflect"),
    RuleKind.DISCLOSURE: ("phrases", "needs", "unless", "inflect"),
    RuleKind.VISUAL: ("least_width", "least_height", "ratios"),
    RuleKind.EMOJI: ("phrases", "needs", "most"),
    RuleKind.HASHTAG: ("phrases", "needs", "most"),
    RuleKind.MENTION: ("phrases", "needs", "most"),
    RuleKind.LINK: ("phrases", "needs", "most"),
}
_NEEDS_PHRASES = frozenset({RuleKind.MUST, RuleKind.MAY, RuleKind.NEVER, RuleKind.CLAIM})
MOST_COUNT = 1000
MOST_PIXELS = 20_000
MOST_RATIO = 10_000

Fault = tuple[str, str]


def faults_in(rule: RuleSpec) -> list[Fault]:
    """Return what is wrong with a rule, as (field, sentence in the reader's language) pairs."""
    return [
        *_words(rule),
        *_lists(rule),
        *_wants(rule),
        *_entries(rule),
        *_numbers(rule),
        *_strays(rule),
    ]


def _words(rule: RuleSpec) -> Iterator[Fault]:
    if not rule.title:
        yield "title", _("Give the rule a name.")
    longest = {"title": LONGEST_TITLE, "why": LONGEST_WHY, "replacement": LONGEST_PHRASE}
    for name, most in longest.items():
        if len(getattr(rule, name)) > most:
            yield name, _("At most %(most)d characters. Shorten it.") % {"most": most}


def _lists(rule: RuleSpec) -> Iterator[Fault]:
    for name in ("phrases", "needs", "unless"):
        entries = getattr(rule, name)
        if len(entries) > MOST_PHRASES:
            yield name, _("At most %(most)d lines. Make two rules of it.") % {"most": MOST_PHRASES}
        long = next((each for each in entries if len(each) > LONGEST_PHRASE), None)
        if long is not None:
            words = {"start": long[:20], "most": LONGEST_PHRASE}
            yield name, _("“%(start)s…” has more than %(most)d characters. Shorten it.") % words
        if any("|" in each for each in entries):
            yield name, _("The sign | parts the entries in files. Leave it out.")


def _wants(rule: RuleSpec) -> Iterator[Fault]:
    if rule.kind in _NEEDS_PHRASES and not rule.phrases:
        yield "phrases", _("Say which words it is about, one entry a line.")
    if rule.kind == RuleKind.DISCLOSURE and not rule.needs:
        yield "needs", _("Say what must stand there.")
    if rule.kind in COUNTED and not (rule.phrases or rule.needs or rule.most is not None):
        yield "most", _("Say what is forbidden, what alone may be, or how many at most.")


def _entries(rule: RuleSpec) -> Iterator[Fault]:
    """Name entries that are not what their list is of."""
    for name in ("phrases", "needs"):
        domains = rule.kind == RuleKind.LINK or (rule.kind, name) == (RuleKind.CLAIM, "needs")
        for entry in getattr(rule, name):
            words = {"entry": entry}
            if domains and "." not in marks.domain_of(entry):
                yield name, _("“%(entry)s” is no domain. Write it like ferrow.com.") % words
            elif rule.kind == RuleKind.EMOJI and not marks.emoji(entry):
                yield name, _("“%(entry)s” is no emoji.") % words


def _numbers(rule: RuleSpec) -> Iterator[Fault]:
    if rule.most is not None and not 0 <= rule.most <= MOST_COUNT:
        yield "most", _("A whole number from 0 to %(most)d.") % {"most": MOST_COUNT}
    for name in ("least_width", "least_height"):
        if not 0 <= getattr(rule, name) <= MOST_PIXELS:
            yield name, _("A whole number of pixels, %(most)d at most.") % {"most": MOST_PIXELS}
    if any(not 1 <= side <= MOST_RATIO for ratio in rule.ratios for side in ratio):
        yield "ratios", _("Write shapes like 16:9 or 4:5, one a line.")


def _strays(rule: RuleSpec) -> Iterator[Fault]:
    """Name what is filled in and means nothing for this kind of rule, rather than lose it."""
    for name in ("phrases", "needs", "unless", "replacement", "ratios"):
        if name not in FIELDS[rule.kind] and getattr(rule, name):
            yield name, _("A rule of this kind has no such field. Leave it empty.")
    if rule.most is not None and "most" not in FIELDS[rule.kind]:
        yield "most", _("A rule of this kind has no such field. Leave it empty.")
