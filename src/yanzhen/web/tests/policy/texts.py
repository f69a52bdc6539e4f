"""Keeping the library in order, and its texts: who may do what there."""

from __future__ import annotations

from typing import Any

from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    AGREERS,
    CREATOR,
    EVERYBODY,
    LIBRARIANS,
    THEME_MAKERS,
    WRITERS,
    Page,
    about,
    no,
    row,
    says,
    way,
)


def _tagging(house: House) -> dict[str, Any]:
    asset = house.video.asset_id
    return {"what": "tag", "tags": "Zug", "answers": "tags=Zug", "asset": asset, "sure": "yes"}


def _detailing(house: House) -> dict[str, Any]:
    owner = house.people[CREATOR].pk
    return {"name": "Gänse", "owner": owner, "revision": house.image.asset.revision + 1}


def _wording(house: House) -> dict[str, Any]:
    owner = house.people[CREATOR].pk
    said = {"kind": "line", "title": "Dank", "body": "Danke {name}.", "language": "de"}
    return {**said, "owner": owner, "revision": house.line.revision}


def _ending(house: House) -> dict[str, Any]:
    said = {"kind": "signature", "title": "Gruß", "body": "— Ferrow"}
    return {**said, "revision": house.ending.revision}


def _link_rule(house: House) -> dict[str, Any]:
    return {"domains": "example.com", "source": "x", "revision": house.link_rule.revision}


PAGES: dict[str, Page] = {
    "library-change": Page(get=way(LIBRARIANS, 302), post=way(LIBRARIANS, 302, _tagging)),
    "library-undo": Page(args=about("tagged"), get=no(LIBRARIANS), post=row(LIBRARIANS, 302)),
    "library-folders": Page(
        get=way(LIBRARIANS, 200), post=way(LIBRARIANS, 302, says(name="Sommer"))
    ),
    "library-folder": Page(
        args=about("folder"),
        get=row(LIBRARIANS, 200),
        post=row(LIBRARIANS, 302, says(name="Herbst")),
    ),
    "media-details": Page(
        args=about("image"), get=no(LIBRARIANS), post=row(LIBRARIANS, 302, _detailing)
    ),
    "media-version": Page(args=about("image"), get=no(LIBRARIANS), post=row(LIBRARIANS, 422)),
    "texts": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "texts-offered": Page(get=way(WRITERS, 200), post=no(WRITERS)),
    "text-new": Page(get=way(WRITERS, 200), post=way(WRITERS, 302, _wording, outsider=422)),
    "text": Page(args=about("line"), get=row(EVERYBODY, 200), post=row(WRITERS, 302, _wording)),
    "text-agree": Page(
        args=about("line"), get=no(AGREERS), post=row(AGREERS, 302, says(revision="1"))
    ),
    "text-archive": Page(args=about("line"), get=no(WRITERS), post=row(WRITERS, 302)),
    "endings": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "endings-offered": Page(get=way(WRITERS, 200), post=no(WRITERS)),
    "ending-new": Page(get=way(LIBRARIANS, 200), post=way(LIBRARIANS, 302, _ending)),
    "ending": Page(
        args=about("ending"), get=row(LIBRARIANS, 200), post=row(LIBRARIANS, 302, _ending)
    ),
    "ending-remove": Page(args=about("ending"), get=no(LIBRARIANS), post=row(LIBRARIANS, 302)),
    "link-rules": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "link-rule-new": Page(get=way(THEME_MAKERS, 200), post=way(THEME_MAKERS, 302, _link_rule)),
    "link-rule": Page(
        args=about("link_rule"),
        get=row(THEME_MAKERS, 200),
        post=row(THEME_MAKERS, 302, _link_rule),
    ),
    "link-rule-remove": Page(
        args=about("link_rule"), get=no(THEME_MAKERS), post=row(THEME_MAKERS, 302)
    ),
}
