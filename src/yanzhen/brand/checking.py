"""A framework, compiled, and what it says about a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yanzhen.brand import marks
from yanzhen.brand.findings import Aside, Fault, Finding, Fix, Manuscript, Passage, Picture
from yanzhen.brand.folding import fold, fold_but_case
from yanzhen.brand.marks import Mark
from yanzhen.brand.matching import Hit, Part, Phrases, longest_first
from yanzhen.brand.rules import COUNTED, TOLD, Language, RuleKind, RuleSpec
from yanzhen.brand.spans import Spans
from yanzhen.brand.speaking import speaks, speaks_itself

_RATIO_SLACK = 0.02


_READ: Mapping[RuleKind, Callable[[str], list[Mark]]] = {
    RuleKind.EMOJI: marks.emoji,
    RuleKind.HASHTAG: marks.hashtags,
    RuleKind.MENTION: marks.mentions,
    RuleKind.LINK: marks.links,
}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One segment while it is checked: its hits by rule and part, and its marks by kind."""

    number: int
    text: str
    hits: Mapping[tuple[int, Part], list[Hit]]
    marks: Mapping[RuleKind, list[Mark]]
    aside: Aside | None = None

    def passage(self, start: int, end: int) -> Passage:
        return Passage(self.number, start, end, self.text[start:end])


class Rulebook:
    """The rules of one version, compiled. Checking changes nothing: threads may share it."""

    def __init__(self, rules: Iterable[RuleSpec]) -> None:
        self.rules = tuple(rules)
        self.phrases = Phrases()
        self._wanted: set[RuleKind] = {RuleKind.LINK, RuleKind.MENTION, RuleKind.HASHTAG}
        for owner, rule in enumerate(self.rules):
            self._wanted |= {rule.kind} & COUNTED
            if rule.kind not in COUNTED | TOLD:
                self._add(owner, rule)

    def _add(self, owner: int, rule: RuleSpec) -> None:
        inflect = rule.inflect and rule.language != Language.CHINESE
        spelled = rule.kind == RuleKind.MUST
        for phrase in rule.phrases:
            self.phrases.add(
                phrase,
                owner,
                Part.PHRASE,
                exact_case=rule.exact_case and not spelled,
                inflect=inflect and not spelled,
            )
            if spelled:
                together = "".join(phrase.replace("-", " ").split())
                self.phrases.add(together, owner, Part.PHRASE, inflect=False)
        if rule.kind == RuleKind.DISCLOSURE:
            for need in rule.needs:
                self.phrases.add(need, owner, Part.NEED, inflect=False)
        for unless in rule.unless:
            self.phrases.add(unless, owner, Part.UNLESS, inflect=inflect)

    def check(self, manuscript: Manuscript) -> list[Finding]:
        """Return everything the rules have to say, rule by rule in their order."""
        language = manuscript.language
        sheets = [
            self._read(number, text, language) for number, text in enumerate(manuscript.texts, 1)
        ]
        beside = [self._read(each.segment, each.text, language, each) for each in manuscript.asides]
        found: list[Finding] = []
        for owner, rule in enumerate(self.rules):
            if rule.kind == RuleKind.VISUAL:
                found += _pictures(rule, manuscript)
            elif rule.kind in COUNTED:
                if speaks_itself(rule.language, language):
                    all_sheets = [*sheets, *beside]
                    found += [each for sheet in all_sheets for each in _counted(rule, sheet)]
            elif rule.kind not in TOLD and rule.kind != RuleKind.MAY:
                found += _JUDGES[rule.kind](rule, owner, [*sheets, *beside], language)
        return found

    def _read(self, number: int, text: str, language: str, aside: Aside | None = None) -> _Sheet:
        """Find everything in one text once, and drop what is an exception, a link or a name."""
        read = {kind: _READ[kind](text) for kind in self._wanted}
        raw: dict[tuple[int, Part], list[Hit]] = defaultdict(list)
        fine: list[Hit] = []
        for hit in self.phrases.search(text):
            rule = self.rules[hit.owner]
            if rule.kind == RuleKind.MAY:
                fine.append(hit)
            elif speaks(rule.language, language, text):
                raw[hit.owner, hit.part].append(hit)
        names = [*read[RuleKind.LINK], *read[RuleKind.MENTION]]
        shut, shut_to_names = _spans(names), _spans([*names, *read[RuleKind.HASHTAG]])
        free = _spans(fine)
        kept: dict[tuple[int, Part], list[Hit]] = {}
        for (owner, part), hits in raw.items():
            wanted = hits
            if part is Part.PHRASE:
                spelled = self.rules[owner].kind == RuleKind.MUST
                closed = shut_to_names if spelled else shut
                unless = _spans(raw.get((owner, Part.UNLESS), ()))
                wanted = [hit for hit in hits if not _excused(hit, (free, unless), closed)]
            kept[owner, part] = longest_first(wanted)
        return _Sheet(number, text, kept, read, aside)


def _spans(places: Iterable[Hit | Mark]) -> Spans:
    return Spans((place.start, place.end) for place in places)


def _excused(hit: Hit, excuses: tuple[Spans, Spans], closed: Spans) -> bool:
    """Tell whether a hit lies in longer words that are fine, or in a link or a name."""
    return any(each.cover(hit.start, hit.end) for each in excuses) or closed.touch(
        hit.start, hit.end
    )


def _said(
    rule: RuleSpec, owner: int, sheets: Sequence[_Sheet], _language: str
) -> Iterator[Finding]:
    """Judge words that are not to be said, or not so often."""
    for sheet in sheets:
        hits = sheet.hits.get((owner, Part.PHRASE), [])
        if len(hits) <= (rule.most or 0):
            continue
        passages = tuple(sheet.passage(hit.start, hit.end) for hit in hits)
        fixes = tuple(_swap(rule, each) for each in passages) if rule.replacement else ()
        fault = Fault.TOO_MANY if rule.most else Fault.SAID
        yield Finding(rule, fault, sheet.number, passages, fixes, len(hits), sheet.aside)


def _swap(rule: RuleSpec, passage: Passage) -> Fix:
    """Offer the replacement, with a capital where the passage has one."""
    new = rule.replacement
    if passage.text[:1].isupper() and new[:1].islower():
        new = new[:1].upper() + new[1:]
    return Fix(passage.segment, passage.start, passage.end, passage.text, new)


def _spelled(
    rule: RuleSpec, owner: int, sheets: Sequence[_Sheet], _language: str
) -> Iterator[Finding]:
    """Judge names that are to be written in one way."""
    right = {fold_but_case(phrase) for phrase in rule.phrases}
    by_letters = {_letters(phrase): phrase for phrase in rule.phrases}
    for sheet in sheets:
        hits = sheet.hits.get((owner, Part.PHRASE), [])
        wrong = [hit for hit in hits if fold_but_case(sheet.text[hit.start : hit.end]) not in right]
        if not wrong:
            continue
        passages = tuple(sheet.passage(hit.start, hit.end) for hit in wrong)
        fixes = tuple(
            Fix(each.segment, each.start, each.end, each.text, by_letters[_letters(each.text)])
            for each in passages
            if _letters(each.text) in by_letters
        )
        yield Finding(rule, Fault.SPELLED, sheet.number, passages, fixes, len(wrong), sheet.aside)


def _letters(phrase: str) -> str:
    return "".join(each for each in fold(phrase) if each.isalnum())


def _proven(
    rule: RuleSpec, owner: int, sheets: Sequence[_Sheet], _language: str
) -> Iterator[Finding]:
    """Judge claims: somewhere in the thread a link must lead to the proof."""
    domains = tuple(marks.domain_of(each) for each in rule.needs)
    linked = [mark.name for sheet in sheets for mark in sheet.marks[RuleKind.LINK]]
    if any(not domains or marks.on_domain(name, domains) for name in linked):
        return
    for sheet in sheets:
        hits = sheet.hits.get((owner, Part.PHRASE), [])
        if hits:
            passages = tuple(sheet.passage(hit.start, hit.end) for hit in hits)
            yield Finding(
                rule, Fault.UNPROVEN, sheet.number, passages, found=len(hits), aside=sheet.aside
            )


def _disclosed(
    rule: RuleSpec, owner: int, sheets: Sequence[_Sheet], language: str
) -> Iterator[Finding]:
    """Judge disclosures: where one thing is said, another must stand somewhere in the thread.

    It must stand in a text: not everybody opens a poll, and few read alt texts.
    """
    texts = [sheet for sheet in sheets if sheet.aside is None]
    if any(sheet.hits.get((owner, Part.NEED)) for sheet in texts):
        return
    if not rule.phrases:
        if speaks_itself(rule.language, language) and any(sheet.text.strip() for sheet in texts):
            yield Finding(rule, Fault.UNDISCLOSED, 0, fixes=_append(rule, texts[-1]))
        return
    for sheet in sheets:
        hits = sheet.hits.get((owner, Part.PHRASE), [])
        if hits:
            passages = tuple(sheet.passage(hit.start, hit.end) for hit in hits)
            own = next((text for text in texts if text.number == sheet.number), texts[-1])
            yield Finding(
                rule,
                Fault.UNDISCLOSED,
                sheet.number,
                passages,
                _append(rule, own),
                len(hits),
                sheet.aside,
            )
            return


def _append(rule: RuleSpec, sheet: _Sheet) -> tuple[Fix, ...]:
    """Offer to put the missing words at the end."""
    if not rule.needs:
        return ()
    end = len(sheet.text.rstrip())
    gap = " " if end else ""
    return (Fix(sheet.number, end, end, "", gap + rule.needs[0]),)


_JUDGES = {
    RuleKind.NEVER: _said,
    RuleKind.TONE: _said,
    RuleKind.MUST: _spelled,
    RuleKind.CLAIM: _proven,
    RuleKind.DISCLOSURE: _disclosed,
}


def _counted(rule: RuleSpec, sheet: _Sheet) -> Iterator[Finding]:
    """Judge links, hashtags, mentions and emoji against two lists and a number."""
    there = sheet.marks[rule.kind]
    forbidden = tuple(_listed(rule.kind, each) for each in rule.phrases)
    allowed = tuple(_listed(rule.kind, each) for each in rule.needs)
    bad = [mark for mark in there if _on_list(rule.kind, mark.name, forbidden)]
    if bad:
        yield _marked(rule, Fault.FORBIDDEN, sheet, bad)
    if allowed:
        odd = [m for m in there if m not in bad and not _on_list(rule.kind, m.name, allowed)]
        if odd:
            yield _marked(rule, Fault.NOT_ALLOWED, sheet, odd)
    if rule.most is not None and len(there) > rule.most:
        yield _marked(rule, Fault.TOO_MANY, sheet, there)


def _listed(kind: RuleKind, entry: str) -> str:
    """Read an entry of a list as marks are named."""
    if kind == RuleKind.LINK:
        return marks.domain_of(entry)
    if kind == RuleKind.EMOJI:
        return marks.bare(entry)
    return entry.strip().lstrip("#＃@＠").casefold()


def _on_list(kind: RuleKind, name: str, entries: tuple[str, ...]) -> bool:
    return marks.on_domain(name, entries) if kind == RuleKind.LINK else name in entries


def _marked(rule: RuleSpec, fault: Fault, sheet: _Sheet, there: Sequence[Mark]) -> Finding:
    passages = tuple(sheet.passage(mark.start, mark.end) for mark in there)
    swaps = fault is not Fault.TOO_MANY and bool(rule.replacement)
    fixes = tuple(_swap(rule, each) for each in passages) if swaps else ()
    return Finding(rule, fault, sheet.number, passages, fixes, len(there), sheet.aside)


def _pictures(rule: RuleSpec, manuscript: Manuscript) -> Iterator[Finding]:
    """Judge the size and shape of pictures and videos."""
    if not speaks_itself(rule.language, manuscript.language):
        return
    for picture in manuscript.pictures:
        if picture.width < rule.least_width or picture.height < rule.least_height:
            yield Finding(rule, Fault.TOO_SMALL, picture.segment)
        elif rule.ratios and not any(_shaped(picture, *ratio) for ratio in rule.ratios):
            yield Finding(rule, Fault.SHAPE, picture.segment)


def _shaped(picture: Picture, wide: int, high: int) -> bool:
    wanted = wide / high
    return abs(picture.width / picture.height - wanted) <= wanted * _RATIO_SLACK
