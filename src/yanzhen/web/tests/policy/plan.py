"""The calendar, its slots and its links, import and export: who may do what there."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    AUTHOR,
    EVERYBODY,
    IMPORTERS,
    PLANNERS,
    THEME_MAKERS,
    Page,
    Way,
    about,
    anyone,
    no,
    row,
    says,
    way,
)


def _plan(house: House) -> dict[str, Any]:
    text = f"account,date,time,text\n@{house.account.handle},2026-06-10,17:00,Hello\n"
    return {"file": SimpleUploadedFile("plan.csv", text.encode()), "order": "file"}


def _slotting(house: House) -> dict[str, Any]:
    return {"account": house.account.pk, "date": "2026-03-25", "time": "10:00", "goal": "Ein Foto"}


def _slot_changing(house: House) -> dict[str, Any]:
    return {**_slotting(house), "seen": house.slot.state_version}


def _filling(house: House) -> dict[str, Any]:
    return {"post": house.posts["draft"].pk, "seen": house.slot.state_version}


def _uncopying(house: House) -> dict[str, Any]:
    return {"slots": house.slot.pk}


PAGES: dict[str, Page] = {
    # the plan
    "plan-import": Page(get=way(IMPORTERS, 200), post=way(IMPORTERS, 200, _plan, outsider=422)),
    "plan-import-confirm": Page(get=no(IMPORTERS), post=way(IMPORTERS, 422, says(parked="x"))),
    "plan-import-blank": Page(
        args=lambda house: ("csv",), get=way(IMPORTERS, 200), post=no(IMPORTERS)
    ),
    # the calendar
    "calendar": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "calendar-print": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "plan-export": Page(
        get=way(EVERYBODY, 200), post=way(EVERYBODY, 200, says(format="CSV", stage="draft"))
    ),
    "calendar-links": Page(
        get=way(EVERYBODY, 200), post=way(EVERYBODY, 200, says(shows="own", titled="busy"))
    ),
    # Everybody's links are their own, and nobody else's exist.
    "calendar-link-revoke": Page(
        args=about("link"),
        get=no(EVERYBODY),
        post=Way(AUTHOR, 302, 404, refused=404),
    ),
    # Whoever has the secret is let in, and nobody is asked who they are.
    "calendar-feed": Page(
        args=lambda house: (house.feed_secret,), get=anyone(200), post=anyone(405)
    ),
    "calendar-theme": Page(get=no(THEME_MAKERS), post=way(THEME_MAKERS, 302, says(name="Reisen"))),
    "calendar-focus": Page(
        get=no(THEME_MAKERS), post=way(THEME_MAKERS, 302, says(week="2026-03-09", name="Licht"))
    ),
    "calendar-settings": Page(
        get=way(THEME_MAKERS, 200), post=way(THEME_MAKERS, 302, says(minutes="45", seen="0"))
    ),
    "holidays-add": Page(get=no(THEME_MAKERS), post=way(THEME_MAKERS, 302, says(country="DE"))),
    "holidays-remove": Page(
        args=lambda house: ("DE",), get=no(THEME_MAKERS), post=way(THEME_MAKERS, 302)
    ),
    "team-day-add": Page(
        get=no(THEME_MAKERS),
        post=way(THEME_MAKERS, 302, says(day="2026-06-09", name="Gründung", free="on")),
    ),
    "team-day-remove": Page(
        args=about("team_day"), get=no(THEME_MAKERS), post=row(THEME_MAKERS, 302)
    ),
    "slot-new": Page(get=way(PLANNERS, 200), post=way(PLANNERS, 302, _slotting, outsider=422)),
    "slot": Page(
        args=about("slot"), get=row(PLANNERS, 200), post=row(PLANNERS, 302, _slot_changing)
    ),
    "slots-copy": Page(
        get=way(PLANNERS, 200),
        post=way(PLANNERS, 302, says(source="2026-03-09", target="2026-03-16")),
    ),
    "slots-uncopy": Page(get=no(PLANNERS), post=way(PLANNERS, 302, _uncopying)),
    "slot-move": Page(
        args=about("slot"),
        get=no(PLANNERS),
        post=row(PLANNERS, 302, says(day="2026-03-26", time="10:00", seen="0")),
    ),
    "slot-fill": Page(args=about("slot"), get=no(PLANNERS), post=row(PLANNERS, 302, _filling)),
    "slot-remove": Page(args=about("slot"), get=no(PLANNERS), post=row(PLANNERS, 302)),
    "slot-restore": Page(args=about("gone_slot"), get=no(PLANNERS), post=row(PLANNERS, 302)),
    "post-move": Page(
        args=about("posts.scheduled"),
        get=no(PLANNERS),
        post=row(PLANNERS, 302, says(day="2026-03-25")),
    ),
}
