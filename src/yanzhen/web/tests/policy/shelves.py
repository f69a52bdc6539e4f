"""The brand framework and the files of the library: who may do what there."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from yanzhen.library.tests import makers
from yanzhen.web.tests.house import SRT, House
from yanzhen.web.tests.policy.ways import (
    EVERYBODY,
    FRAMERS,
    OVERRIDERS,
    WRITERS,
    Page,
    Sends,
    about,
    no,
    row,
    says,
    way,
)


def _publishing(house: House) -> dict[str, Any]:
    return {"note": "New words", "seen": 2}


def _seen(revision: int) -> Sends:
    return lambda house: {"seen": revision}


def _rule(house: House) -> dict[str, Any]:
    return {
        "title": "Words",
        "severity": "error",
        "language": "any",
        "phrases": "Hokuspokus",
        "seen": 0,
    }


def _rules(house: House) -> dict[str, Any]:
    text = "kind,title,phrases\nnever,Words,Hokuspokus\n"
    return {"file": SimpleUploadedFile("rules.csv", text.encode()), "mode": "add"}


def _file(house: House) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("sky.png", makers.image("PNG", size=(30, 20)))}


def _cropping(house: House) -> dict[str, Any]:
    crop = {"left": 5, "top": 5, "width": 20, "height": 20, "turn": 90}
    return {**crop, "size_width": 10, "size_height": 10}


def _subtitling(house: House) -> dict[str, Any]:
    return {"language": "ja", "text": SRT}


PAGES: dict[str, Page] = {
    # the brand framework: those who answer for it write it, everybody reads it
    "brand": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "brand-export": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "brand-versions": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "brand-version": Page(args=about("framework"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "brand-restore": Page(args=about("framework"), get=no(FRAMERS), post=row(FRAMERS, 302)),
    "brand-draft": Page(get=way(FRAMERS, 200), post=no(FRAMERS)),
    "brand-publish": Page(get=no(FRAMERS), post=way(FRAMERS, 302, _publishing)),
    "brand-discard": Page(get=no(FRAMERS), post=way(FRAMERS, 302, _seen(2))),
    "brand-trial": Page(get=way(FRAMERS, 200), post=no(FRAMERS)),
    "brand-rule-new": Page(
        args=lambda house: ("never",), get=way(FRAMERS, 200), post=way(FRAMERS, 302, _rule)
    ),
    "brand-rule": Page(args=about("rule"), get=row(FRAMERS, 200), post=row(FRAMERS, 302, _rule)),
    "brand-rule-remove": Page(args=about("rule"), get=no(FRAMERS), post=row(FRAMERS, 302)),
    "brand-rule-back": Page(get=no(FRAMERS), post=way(FRAMERS, 302, says(key=1))),
    "brand-import": Page(get=way(FRAMERS, 200), post=way(FRAMERS, 200, _rules)),
    "brand-import-confirm": Page(get=no(FRAMERS), post=way(FRAMERS, 422)),
    # letting a text stand: the numbers of the form are of no text here, so nothing stands
    "post-let-stand": Page(
        args=about("posts.draft"), get=no(OVERRIDERS), post=row(OVERRIDERS, 409)
    ),
    # the library: what writers may add, everybody may see
    "library": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "library-upload": Page(get=no(WRITERS), post=way(WRITERS, 302, _file)),
    "media": Page(args=about("image"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "media-file": Page(args=about("image"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "media-thumbnail": Page(args=about("image"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "media-edit": Page(args=about("image"), get=no(WRITERS), post=row(WRITERS, 302, _cropping)),
    "media-alt": Page(
        args=about("image"), get=no(WRITERS), post=row(WRITERS, 302, says(alt="Gänse."))
    ),
    "media-subtitles": Page(
        args=about("video"), get=no(WRITERS), post=row(WRITERS, 302, _subtitling)
    ),
    "subtitles": Page(args=about("subtitles"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "subtitles-remove": Page(args=about("subtitles"), get=no(WRITERS), post=row(WRITERS, 302)),
}
