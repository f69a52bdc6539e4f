"""What changed between two posts, attachments, polls and terms included."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.translation import gettext as _

from yanzhen.planning.content import Content, MediaUse, Poll, SegmentContent
from yanzhen.planning.content_words import TermLine, open_words, term_lines
from yanzhen.planning.diffing import Run, RunKind, diff_text, has_changes, pair_up


@dataclass(frozen=True, slots=True)
class ContentPair:
    """One segment before and after; None where it was added or removed as a whole."""

    before: SegmentContent | None
    after: SegmentContent | None

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class MediaChange:
    """One file: its fate, its alt text with changes. ``moved``: it was in another place."""

    kind: RunKind
    use: MediaUse
    alt: Sequence[Run] = ()
    moved: bool = False
    subtitles_changed: bool = False

    @property
    def changed(self) -> bool:
        """Whether a reader has to look again."""
        return (
            self.kind is not RunKind.SAME
            or self.moved
            or self.subtitles_changed
            or has_changes(self.alt)
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words and its fate; ``url`` leads somewhere, "" for nowhere."""

    kind: RunKind
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class SegmentDiff:
    """Everything of one segment with its changes; ``content`` is the later one, or the last."""

    content: SegmentContent
    fate: RunKind
    runs: Sequence[Run]
    media: Sequence[MediaChange] = ()
    poll: Sequence[Line] = ()

    @property
    def changed(self) -> bool:
        """Whether anything of it is not as before."""
        return (
            self.fate is not RunKind.SAME
            or has_changes(self.runs)
            or any(each.changed for each in self.media)
            or any(line.kind is not RunKind.SAME for line in self.poll)
        )


class _Keyed(NamedTuple):
    text: str
    rest: str


def pair_contents(
    before: Sequence[SegmentContent], after: Sequence[SegmentContent]
) -> list[ContentPair]:
    """Lay two threads side by side, what hangs on them included."""
    old = {_keyed(segment): segment for segment in before}
    new = {_keyed(segment): segment for segment in after}
    pairs = pair_up(
        [_keyed(segment) for segment in before],
        [_keyed(segment) for segment in after],
        said=lambda each: f"{each.text} {each.rest}",
    )
    return [ContentPair(a and old[a], b and new[b]) for a, b in pairs]


def _keyed(segment: SegmentContent) -> _Keyed:
    rest = segment.extras()
    return _Keyed(segment.text, json.dumps(rest, sort_keys=True) if rest else "")


def diff_contents(
    before: Sequence[SegmentContent], after: Sequence[SegmentContent]
) -> list[SegmentDiff]:
    """Return each segment of two threads laid side by side, with its changes."""
    return [diff_pair(pair) for pair in pair_contents(before, after)]


def diff_pair(pair: ContentPair) -> SegmentDiff:
    """Return one segment with its changes."""
    nothing = SegmentContent("")
    old, new = pair.before or nothing, pair.after or nothing
    fate = RunKind.SAME
    if pair.before is None:
        fate = RunKind.ADDED
    elif pair.after is None:
        fate = RunKind.REMOVED
    return SegmentDiff(
        content=new if pair.after is not None else old,
        fate=fate,
        runs=diff_text(old.text, new.text),
        media=diff_media(old.media, new.media),
        poll=diff_poll(old.poll, new.poll),
    )


def unchanged(segments: Sequence[SegmentContent]) -> list[SegmentDiff]:
    """Return segments without anything to compare them with."""
    return [diff_pair(ContentPair(segment, segment)) for segment in segments]


def diff_media(before: Sequence[MediaUse], after: Sequence[MediaUse]) -> list[MediaChange]:
    """Return the files as they hang now, then those that were taken off."""
    left = list(enumerate(before))
    found: list[MediaChange] = []
    for place, use in enumerate(after):
        earlier = next((each for each in left if each[1].sha256 == use.sha256), None)
        if earlier is None:
            found.append(MediaChange(RunKind.ADDED, use, diff_text("", use.alt)))
            continue
        left.remove(earlier)
        at, old = earlier
        found.append(
            MediaChange(
                RunKind.SAME,
                use,
                diff_text(old.alt, use.alt),
                moved=at != place and len(before) == len(after),
                subtitles_changed=dict(old.subtitles) != dict(use.subtitles),
            )
        )
    gone = [MediaChange(RunKind.REMOVED, old, diff_text(old.alt, "")) for _at, old in left]
    return found + gone


def diff_poll(before: Poll | None, after: Poll | None) -> list[Line]:
    """Return the choices in order and how long the poll is open, with what changed."""
    old = _poll_lines(before)
    new = _poll_lines(after)
    lines: list[Line] = []
    for move, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if move == "equal":
            lines += (Line(RunKind.SAME, words) for words in new[k:m])
        else:
            lines += (Line(RunKind.REMOVED, words) for words in old[i:j])
            lines += (Line(RunKind.ADDED, words) for words in new[k:m])
    return lines


def _poll_lines(poll: Poll | None) -> list[str]:
    if poll is None:
        return []
    return [*poll.options, _("Open for %(time)s") % {"time": open_words(poll.minutes)}]


def diff_terms(before: Content | None, after: Content, url_of: Callable[[str], str]) -> list[Line]:
    """Return what was chosen for the whole post, with what changed; ``before`` None: no change."""
    new = term_lines(after.terms, url_of)
    if before is None:
        return [Line(RunKind.SAME, line.words, line.url) for line in new]
    return list(_terms_changed(term_lines(before.terms, url_of), new))


def _terms_changed(old: Sequence[TermLine], new: Sequence[TermLine]) -> Iterator[Line]:
    for line in old:
        if line not in new:
            yield Line(RunKind.REMOVED, line.words, line.url)
    for line in new:
        kind = RunKind.SAME if line in old else RunKind.ADDED
        yield Line(kind, line.words, line.url)
