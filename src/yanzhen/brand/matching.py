"""Finding phrases in a text: English by its words and their forms, Chinese wherever it stands.

All phrases of a framework are compiled once. A text is folded once, its words are looked up in one
table, and everything else is followed through one tree of characters, so that the cost hangs on
the length of the text and hardly on the number of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from yanzhen.brand.folding import Folded, fold, fold_but_case, fold_text
from yanzhen.brand.inflect import forms

# Scripts that are written without spaces; between their characters there is no word boundary.
_SOLID = r"\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u0e00-\u0eff"
_LETTER = rf"[^\W_{_SOLID}]"
_WORD = re.compile(rf"{_LETTER}+(?:'{_LETTER}+)*")
_WORDS_ONLY = re.compile(rf"{_WORD.pattern}(?:[ -]+{_WORD.pattern})*")
_ONE_LETTER = re.compile(_LETTER)
_GAP = re.compile(r"[\s-]+")
_END = ""


class Part(Enum):
    """What a phrase is to its rule."""

    PHRASE = "phrase"
    NEED = "need"
    UNLESS = "unless"


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the rule number ``owner`` at [start, end), in code points of the text."""

    start: int
    end: int
    owner: int
    part: Part


@dataclass(frozen=True, slots=True)
class _Entry:
    """A phrase once its first word, or all its characters, have been found.

    ``rest`` holds the forms of each further word. ``cased`` holds, where capitals matter, the forms
    of every word as they must be written; of a phrase that is not made of words the phrase itself.
    """

    owner: int
    part: Part
    rest: tuple[frozenset[str], ...] = ()
    cased: tuple[frozenset[str], ...] = ()


@dataclass
class Phrases:
    """Phrases to look for. Add them all, then search as often as you like."""

    words: dict[str, list[_Entry]] = field(default_factory=dict)
    tree: dict[str, Any] = field(default_factory=dict)
    _starts: re.Pattern[str] | None = None

    def add(
        self, phrase: str, owner: int, part: Part, *, exact_case: bool = False, inflect: bool = True
    ) -> None:
        """Look for ``phrase`` too. An empty one is left out."""
        folded = " ".join(fold(phrase).split())
        if not folded:
            return
        if _WORDS_ONLY.fullmatch(folded):
            all_forms = [
                forms(word) if inflect else frozenset({word}) for word in _WORD.findall(folded)
            ]
            entry = _Entry(
                owner, part, tuple(all_forms[1:]), _cased(phrase, all_forms) if exact_case else ()
            )
            for form in all_forms[0]:
                self.words.setdefault(form, []).append(entry)
            return
        cased = (frozenset({" ".join(fold_but_case(phrase).split())}),) if exact_case else ()
        node = self.tree
        for character in folded:
            node = node.setdefault(character, {})
        node.setdefault(_END, []).append(_Entry(owner, part, cased=cased))
        self._starts = None

    def search(self, text: str) -> list[Hit]:
        """Return every hit in the text, in no order."""
        folded = fold_text(text)
        return [*self._words_in(text, folded), *self._characters_in(text, folded)]

    def _words_in(self, text: str, folded: Folded) -> Iterator[Hit]:
        if not self.words:
            return
        found = list(_WORD.finditer(folded.text))
        known = self.words
        for at, word in enumerate(found):
            for entry in known.get(word[0], ()):
                last = _reach(folded.text, found, at, entry.rest)
                if last is None:
                    continue
                start, end = folded.span(word.start(), last.end())
                if _written_so(text[start:end], entry.cased):
                    yield Hit(start, end, entry.owner, entry.part)

    def _characters_in(self, text: str, folded: Folded) -> Iterator[Hit]:
        if not self.tree:
            return
        if self._starts is None:
            self._starts = re.compile(f"[{''.join(map(re.escape, self.tree))}]")
        plain = folded.text
        for found in self._starts.finditer(plain):
            at = found.start()
            node = self.tree[plain[at]]
            # Most beginnings lead nowhere: one look ahead saves the walk.
            if _END not in node and plain[at + 1 : at + 2] not in node:
                continue
            for end, entries in self._follow(plain, at):
                first, after = folded.span(at, end)
                for entry in entries:
                    if not entry.cased or fold_but_case(text[first:after]) in entry.cased[0]:
                        yield Hit(first, after, entry.owner, entry.part)

    def _follow(self, text: str, start: int) -> Iterator[tuple[int, list[_Entry]]]:
        """Yield where phrases that begin here end, as far as no word is cut in two."""
        if _inside_word(text, start):
            return
        node, at = self.tree, start
        while at < len(text) and text[at] in node:
            node = node[text[at]]
            at += 1
            entries = node.get(_END)
            if entries and not _inside_word(text, at):
                yield at, entries


def _inside_word(text: str, at: int) -> bool:
    """Tell whether a place lies between two letters of one word."""
    return (
        0 < at < len(text)
        and _ONE_LETTER.match(text[at - 1]) is not None
        and _ONE_LETTER.match(text[at]) is not None
    )


def _reach(
    text: str, found: Sequence[re.Match[str]], at: int, rest: tuple[frozenset[str], ...]
) -> re.Match[str] | None:
    """Return the last word of a phrase of which the word number ``at`` is the first."""
    if at + len(rest) >= len(found):
        return None
    for step, allowed in enumerate(rest, at + 1):
        gap = text[found[step - 1].end() : found[step].start()]
        if found[step][0] not in allowed or not _GAP.fullmatch(gap):
            return None
    return found[at + len(rest)]


def _cased(phrase: str, all_forms: Sequence[frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Return the forms of every word with the capitals of the phrase."""
    pairs = zip(_WORD.findall(fold_but_case(phrase)), all_forms, strict=True)
    return tuple(
        frozenset(one for each in found for one in _like(word, each)) for word, found in pairs
    )


def _like(word: str, form: str) -> Iterator[str]:
    """Write a form with the capitals of the listed word; SALE makes SALES and SALEs."""
    if not form.startswith(word.lower()):
        yield form.capitalize() if word[0].isupper() else form
        return
    ending = form[len(word) :]
    yield word + ending
    if len(word) > 1 and word.isupper():
        yield word + ending.upper()


def _written_so(passage: str, cased: tuple[frozenset[str], ...]) -> bool:
    if not cased:
        return True
    written = _WORD.findall(fold_but_case(passage))
    return len(written) == len(cased) and all(
        word in allowed for word, allowed in zip(written, cased, strict=True)
    )


def longest_first(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits from left to right without those that overlap a longer or earlier one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda each: (each.start, -each.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
