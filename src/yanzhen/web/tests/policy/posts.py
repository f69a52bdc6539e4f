"""Posts, one and many, and search: who may do what there."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from yanzhen.library.tests import makers
from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    ADMINS,
    AUTHOR,
    DROPPERS,
    EVERYBODY,
    LEAD,
    MANAGER,
    PLANNERS,
    STRATEGIST,
    WRITERS,
    Page,
    Way,
    about,
    no,
    row,
    says,
    way,
)


def _shifted(house: House) -> dict[str, Any]:
    return {"what": "move", "post": house.posts["draft"].pk, "way": "day", "day": "2099-03-20"}


def _embargo(house: House) -> dict[str, Any]:
    readers = [house.people[name].pk for name in (STRATEGIST, LEAD, MANAGER)]
    lift = {"date": "2099-03-20", "time": "10:00", "zone": "Europe/Berlin"}
    return {**lift, "readers": readers, "reason": "Prices."}


def _file(house: House) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("sky.png", makers.image("PNG", size=(30, 20)))}


def _cropping(house: House) -> dict[str, Any]:
    crop = {"left": 5, "top": 5, "width": 20, "height": 20, "turn": 90}
    return {**crop, "size_width": 10, "size_height": 10}


def _new_post(house: House) -> dict[str, Any]:
    return {"account": house.account.pk, "title": "New", "text": "Words."}


def _writing(house: House) -> dict[str, Any]:
    return {"revision": 1, "text": ["Other words.", "And more."]}


def _merging(house: House) -> dict[str, Any]:
    return {"revision": 1, "mine": ["My words."], "choice-0": "mine"}


def _time(house: House) -> dict[str, Any]:
    return {"date": "2026-03-20", "time": "10:00", "zone": "Europe/Berlin"}


def _details(house: House) -> dict[str, Any]:
    return {"title": "Named", "account": house.account.pk, "campaign": house.campaign.pk}


PAGES: dict[str, Page] = {
    "search": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "search-palette": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "posts": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    # Nothing chosen leads back; what is chosen asks for the right of the verb.
    "posts-bulk": Page(get=way(EVERYBODY, 302), post=way(PLANNERS, 200, _shifted, outsider=302)),
    "posts-undo": Page(
        args=about("moved"), get=no(EVERYBODY), post=Way(AUTHOR, 302, 404, refused=404)
    ),
    "posts-views": Page(
        get=way(EVERYBODY, 200), post=way(EVERYBODY, 302, says(name="Meine", query="stage=draft"))
    ),
    # A shared view is for everybody, and its owner's and the administrator's to change.
    "posts-view": Page(
        args=about("view"),
        get=no(EVERYBODY),
        post=row(AUTHOR | ADMINS, 302, says(name="Anders", shared="on")),
    ),
    "posts-view-remove": Page(
        args=about("view"), get=no(EVERYBODY), post=row(AUTHOR | ADMINS, 302)
    ),
    "posts-view-restore": Page(
        args=about("view"), get=no(EVERYBODY), post=row(AUTHOR | ADMINS, 302)
    ),
    "posts-view-first": Page(args=about("view"), get=no(EVERYBODY), post=row(EVERYBODY, 302)),
    "post-new": Page(get=way(WRITERS, 200), post=way(WRITERS, 302, _new_post, outsider=422)),
    "post": Page(args=about("posts.draft"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "post-draft": Page(
        args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 302, _writing)
    ),
    "post-merge": Page(
        args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 302, _merging)
    ),
    "post-time": Page(args=about("posts.draft"), get=no(PLANNERS), post=row(PLANNERS, 302, _time)),
    "post-untime": Page(args=about("posts.scheduled"), get=no(PLANNERS), post=row(PLANNERS, 302)),
    # The author's, and whoever may set times.
    "post-embargo": Page(
        args=about("posts.draft"), get=no(EVERYBODY), post=row(PLANNERS, 302, _embargo)
    ),
    "post-embargo-end": Page(
        # Without an embargo there is nothing to end, to confirm or to keep.
        args=about("posts.draft"),
        get=no(EVERYBODY),
        post=row(PLANNERS, 409, says(reason="Over.")),
    ),
    "post-embargo-confirm": Page(
        args=about("posts.draft"), get=no(EVERYBODY), post=row(PLANNERS, 409)
    ),
    "post-embargo-keep": Page(
        args=about("posts.draft"), get=no(EVERYBODY), post=row(PLANNERS, 409)
    ),
    "post-upload": Page(args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 200, _file)),
    "post-recur": Page(
        args=about("posts.draft"),
        get=no(PLANNERS),
        # A draft without a time cannot go out again.
        post=row(PLANNERS, 422, says(every="1", step="week", times="3")),
    ),
    "post-recur-clear": Page(args=about("posts.draft"), get=no(PLANNERS), post=row(PLANNERS, 302)),
    "post-attach": Page(
        args=lambda house: (house.posts["draft"].pk, 1),
        get=row(WRITERS, 200),
        post=row(WRITERS, 422),
    ),
    "post-media-edit": Page(
        args=lambda house: (house.pictured.pk, house.image.pk),
        get=row(WRITERS, 200),
        post=row(WRITERS, 302, _cropping),
    ),
    "post-details": Page(
        args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 302, _details)
    ),
    "post-revise": Page(args=about("posts.passed"), get=no(WRITERS), post=row(WRITERS, 302)),
    "post-drop": Page(args=about("posts.draft"), get=no(DROPPERS), post=row(DROPPERS, 302)),
    "post-copy": Page(args=about("posts.dropped"), get=no(WRITERS), post=row(WRITERS, 302)),
    "post-compare": Page(args=about("posts.draft"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "version-save": Page(
        args=about("posts.draft"), get=no(WRITERS), post=row(WRITERS, 302, says(note="One"))
    ),
    "version-restore": Page(
        args=lambda house: (house.posts["draft"].pk, 1),
        get=no(WRITERS),
        post=row(WRITERS, 302, says(revision="1")),
    ),
}
