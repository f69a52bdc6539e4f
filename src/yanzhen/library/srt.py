"""Subtitles as SRT: what counts as such, and in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.library.refused import MediaRefused, Refusal

MOST_CHARACTERS = 500_000
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
_TIME = r"(\d{1,3}):([0-5]\d):([0-5]\d)[,.](\d{3})"
_SPAN = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_SRT_TIMES = re.compile(r"(?m)^(\d+:\d\d:\d\d),(\d{3}) --> (\d+:\d\d:\d\d),(\d{3})$")
_SCRIPT_LETTERS = 4
_REGION_LETTERS = 2


def clean_language(tag: str) -> str:
    """Return a BCP 47 tag in its usual form: zh-Hans, pt-BR. Raises MediaRefused."""
    tag = tag.strip().replace("_", "-")
    if not _TAG.fullmatch(tag):
        raise MediaRefused(Refusal.BAD_LANGUAGE, found=tag[:35])
    first, *others = tag.split("-")
    said = [first.lower()]
    for part in others:
        if len(part) == _SCRIPT_LETTERS and part.isalpha():
            said.append(part.title())
        elif len(part) == _REGION_LETTERS and part.isalpha():
            said.append(part.upper())
        else:
            said.append(part.lower())
    return "-".join(said)


def clean_srt(raw: str) -> str:
    """Return SRT with line ends as LF and its cues numbered from 1. Raises MediaRefused.

    Its details say which line is not as it should be (``line``, from 1; 0 for the whole text).
    """
    try:
        text = clean_text(raw.removeprefix("\ufeff"))
    except TextRefused as refused:
        raise MediaRefused(Refusal.BAD_SUBTITLES, line=0, why=str(refused)) from None
    if len(text) > MOST_CHARACTERS:
        raise MediaRefused(Refusal.BAD_SUBTITLES, line=0)
    cues = list(_cues(text))
    if not cues:
        raise MediaRefused(Refusal.BAD_SUBTITLES, line=0)
    return "\n".join(f"{number}\n{cue}\n" for number, cue in enumerate(cues, start=1))


def _cues(text: str) -> Iterator[str]:
    """Give each cue as its line of times and its words."""
    last = -1
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            block.append((number, line.rstrip()))
        elif block:
            last, cue = _cue(block, after=last)
            yield cue
            block = []


def _cue(block: list[tuple[int, str]], *, after: int) -> tuple[int, str]:
    """Read one block of lines; return when it starts (ms) and the cue. Raises MediaRefused."""
    if block[0][1].strip().isdigit():
        block = block[1:] or block
    number, times = block[0]
    span = _SPAN.fullmatch(times.strip())
    words = [line for _number, line in block[1:]]
    if span is None or not words:
        raise MediaRefused(Refusal.BAD_SUBTITLES, line=number)
    start, end = _milliseconds(*span.groups()[:4]), _milliseconds(*span.groups()[4:])
    if end <= start or start < after:
        raise MediaRefused(Refusal.BAD_SUBTITLES, line=number)
    return start, "\n".join([f"{_said(start)} --> {_said(end)}", *words])


def _milliseconds(hours: str, minutes: str, seconds: str, rest: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest)


def _said(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02},{rest:03}"


def as_vtt(srt: str) -> str:
    """Return cleaned SRT as WebVTT, which is what browsers play."""
    return "WEBVTT\n\n" + _SRT_TIMES.sub(r"\1.\2 --> \3.\4", srt)
