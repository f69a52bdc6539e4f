"""What a finding and a rule say, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from yanzhen.brand.findings import Fault, Finding, Place
from yanzhen.brand.inflect import forms
from yanzhen.brand.reading import as_ratio
from yanzhen.brand.rules import COUNTED, Language, RuleKind, RuleSpec

_MOST_NAMED = 3
_MOST_FORMS = 12


def named(phrases: Sequence[str]) -> str:
    """Give phrases in quotation marks, the first few and how many more."""
    each = dict.fromkeys(phrases)
    shown = _(", ").join(_("“%(words)s”") % {"words": one} for one in list(each)[:_MOST_NAMED])
    more = len(each) - _MOST_NAMED
    return shown if more <= 0 else _("%(shown)s and %(more)d more") % {"shown": shown, "more": more}


def title_of(finding: Finding) -> str:
    """Say in one line what is wrong, and where if it is not in the text."""
    what, aside = _TITLES[finding.fault](finding), finding.aside
    if aside is None:
        return what
    words = {"number": aside.number, "what": what}
    if aside.place is Place.POLL:
        return _("Poll choice %(number)d: %(what)s") % words
    return _("Alt text %(number)d: %(what)s") % words


def _passages(finding: Finding) -> str:
    return named([passage.text for passage in finding.passages])


def _said(finding: Finding) -> str:
    words = {"words": _passages(finding), "rule": finding.rule.title}
    if finding.rule.kind == RuleKind.NEVER:
        return _("%(words)s: the brand never says this") % words
    return _("%(words)s: not our tone (%(rule)s)") % words


def _spelled(finding: Finding) -> str:
    words = {"words": _passages(finding), "right": named(finding.rule.phrases)}
    return _("%(words)s: write %(right)s") % words


def _unproven(finding: Finding) -> str:
    words = {"words": _passages(finding), "domains": named(finding.rule.needs)}
    if finding.rule.needs:
        return _("%(words)s: needs a link to the proof, on %(domains)s") % words
    return _("%(words)s: needs a link to the proof") % words


def _undisclosed(finding: Finding) -> str:
    words = {"words": _passages(finding), "needs": named(finding.rule.needs)}
    if finding.passages:
        return _("%(words)s: %(needs)s must stand there too") % words
    return _("%(needs)s must stand in every post") % words


def _too_many(finding: Finding) -> str:
    counted = {
        RuleKind.EMOJI: ngettext("%(found)d emoji", "%(found)d emoji", finding.found),
        RuleKind.HASHTAG: ngettext("%(found)d hashtag", "%(found)d hashtags", finding.found),
        RuleKind.MENTION: ngettext("%(found)d mention", "%(found)d mentions", finding.found),
        RuleKind.LINK: ngettext("%(found)d link", "%(found)d links", finding.found),
    }
    what = counted.get(finding.rule.kind, "") % {"found": finding.found}
    words = {
        "what": what or _passages(finding),
        "most": finding.rule.most or 0,
        "found": finding.found,
    }
    if what:
        return _("%(what)s: %(most)d at most") % words
    return _("%(what)s stands there %(found)d times: %(most)d at most") % words


def _forbidden(finding: Finding) -> str:
    return _("%(words)s: not allowed") % {"words": _passages(finding)}


def _not_allowed(finding: Finding) -> str:
    words = {"words": _passages(finding), "allowed": named(finding.rule.needs)}
    return _("%(words)s: only %(allowed)s may be used") % words


def _too_small(finding: Finding) -> str:
    least = {"width": finding.rule.least_width or 1, "height": finding.rule.least_height or 1}
    return _("A picture is smaller than %(width)d × %(height)d pixels") % least


def _shape(finding: Finding) -> str:
    shapes = _(", ").join(map(as_ratio, finding.rule.ratios))
    return _("A picture has another shape than %(shapes)s") % {"shapes": shapes}


_TITLES: Mapping[Fault, Callable[[Finding], str]] = {
    Fault.SAID: _said,
    Fault.SPELLED: _spelled,
    Fault.UNPROVEN: _unproven,
    Fault.UNDISCLOSED: _undisclosed,
    Fault.TOO_MANY: _too_many,
    Fault.FORBIDDEN: _forbidden,
    Fault.NOT_ALLOWED: _not_allowed,
    Fault.TOO_SMALL: _too_small,
    Fault.SHAPE: _shape,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule says, for reading: ``name`` is "" where the entries speak for themselves."""

    name: str | Promise
    entries: tuple[str, ...]
    quoted: bool = True


def facts_of(rule: RuleSpec) -> list[Fact]:
    """Return what a rule looks for and wants, in the reader's language."""
    first, second = _list_names(rule)
    found = [Fact(first, rule.phrases), Fact(second, rule.needs)]
    found.append(Fact(_("Except in"), rule.unless))
    found.append(Fact(_("Say instead"), (rule.replacement,) if rule.replacement else ()))
    if rule.most is not None:
        found.append(Fact(_("At most"), (str(rule.most),), quoted=False))
    if rule.least_width or rule.least_height:
        size = f"{rule.least_width or 1} × {rule.least_height or 1} px"
        found.append(Fact(_("At least"), (size,), quoted=False))
    found.append(Fact(_("Shapes"), tuple(map(as_ratio, rule.ratios)), quoted=False))
    return [fact for fact in found if fact.entries]


#: What the phrases of a rule are, where its weight does not say so.
_FIRST: Mapping[RuleKind, str | Promise] = {
    RuleKind.MUST: pgettext_lazy("brand list", "Write it so"),
    RuleKind.NEVER: pgettext_lazy("brand list", "Never"),
    RuleKind.TONE: pgettext_lazy("brand list", "Not our tone"),
}


def _list_names(rule: RuleSpec) -> tuple[str | Promise, str | Promise]:
    if rule.kind in COUNTED:
        return pgettext("brand list", "Never"), pgettext("brand list", "Only these")
    needs = _("Proof on") if rule.kind == RuleKind.CLAIM else _("Must stand there")
    when = rule.kind in {RuleKind.CLAIM, RuleKind.DISCLOSURE}
    if when:
        return _("When a text says"), needs
    return _FIRST.get(rule.kind, ""), needs


def caught_too(rule: RuleSpec) -> list[str]:
    """Return some of the further forms a rule catches, so that nobody has to guess."""
    if not rule.inflect or rule.language == Language.CHINESE or rule.kind == RuleKind.MUST:
        return []
    found: dict[str, None] = {}
    for phrase in rule.phrases:
        head, _space, last = phrase.rpartition(" ")
        more = sorted(each for each in forms(last) if "'" not in each and each != last.lower())
        found |= dict.fromkeys(f"{head} {each}".strip() for each in more)
    return list(found)[:_MOST_FORMS]
