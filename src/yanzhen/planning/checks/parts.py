"""Attachments: media and polls against what X takes."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yanzhen.planning import media_rules
from yanzhen.planning.checks.circumstances import Circumstances
from yanzhen.planning.checks.findings import Check, CheckKind
from yanzhen.planning.content import Content, PostKind, SegmentContent
from yanzhen.planning.media_rules import Chosen


def check(content: Content, around: Circumstances) -> Iterator[Check]:
    """Look at what hangs on each segment."""
    for number, segment in enumerate(content.segments, 1):
        yield from _one_kind(segment, number, quotes=number == 1 and bool(content.terms.quote))
        files = [Chosen(around.files.get(use.media), use.alt) for use in segment.media]
        for fault in media_rules.media_faults(files, premium=around.premium):
            yield Check(
                CheckKind.STOP, _where(_("X would not take the media"), number), fault, number
            )
        yield from _unfit(segment, around, number)
        yield from _alt(files, number, required=around.alt_required)
        yield from _subtitles(segment, number)
        yield from _poll(content, segment, number)


def _where(title: str, number: int) -> str:
    """Name the post of the thread."""
    return _("Post %(number)d: %(what)s") % {"number": number, "what": title}


def _one_kind(segment: SegmentContent, number: int, *, quotes: bool) -> Iterator[Check]:
    kinds = [bool(segment.media), segment.poll is not None, quotes]
    if sum(kinds) > 1:
        title = _where(_("too much on one post"), number)
        text = _("X takes media, a poll or a quote, one of them on a post. Keep one.")
        yield Check(CheckKind.STOP, title, text, number)


def _unfit(segment: SegmentContent, around: Circumstances, number: int) -> Iterator[Check]:
    for use in segment.media:
        if why := around.unfit.get(use.media):
            title = _where(_("a file may not be used then"), number)
            yield Check(CheckKind.STOP, title, why, number)


def _alt(files: list[Chosen], number: int, *, required: bool) -> Iterator[Check]:
    lacking = media_rules.missing_alt(files)
    if not lacking:
        return
    title = ngettext(
        "%(count)d picture has no alt text", "%(count)d pictures have no alt text", lacking
    ) % {"count": lacking}
    if required:
        text = _("This workspace asks for it. Say what is to be seen.")
        yield Check(CheckKind.STOP, _where(title, number), text, number)
    else:
        text = _("People who cannot see it learn nothing of it.")
        yield Check(CheckKind.LOOK, _where(title, number), text, number)


def _subtitles(segment: SegmentContent, number: int) -> Iterator[Check]:
    if any(use.kind == "video" and not use.subtitles for use in segment.media):
        title = _where(_("the video has no subtitles"), number)
        text = _("Most people watch without sound. Add an SRT file on the video’s page.")
        yield Check(CheckKind.LOOK, title, text, number)


def _poll(content: Content, segment: SegmentContent, number: int) -> Iterator[Check]:
    if segment.poll is None:
        return
    for fault in media_rules.poll_faults(segment.poll.options, segment.poll.minutes):
        yield Check(CheckKind.STOP, _where(_("the poll is not whole"), number), fault, number)
    if content.kind == PostKind.EDIT:
        text = _("X does not let posts with a poll be edited. Take it out.")
        yield Check(CheckKind.STOP, _where(_("a poll in an edit"), number), text, number)
