"""The rota: everybody looks, says when they are away and swaps; who keeps it arranges the rest."""

from __future__ import annotations

from typing import Any

from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    ANALYST,
    AUTHOR,
    COMMUNITY,
    EVERYBODY,
    ROTA_KEEPERS,
    Page,
    Way,
    about,
    anyone,
    no,
    row,
    says,
    way,
)

_SITE = {"name": "Wien", "zone": "Europe/Vienna", "from1": "09:00", "until1": "17:00"}
_LAYER = {
    "name": "Spät",
    "place": "primary",
    "zone": "Europe/Berlin",
    "from1": "18:00",
    "until1": "22:00",
    "change": "day",
    "every": "1",
    "hand_over": "1",
    "rank": "1",
    "first_date": "2027-03-09",
}
WORKDAYS = ["1", "2", "3", "4", "5"]


def _layering(house: House) -> dict[str, Any]:
    first = house.duty_day.isoformat()
    member = house.people[COMMUNITY].pk
    return {**_LAYER, "first_date": first, "weekdays": WORKDAYS, f"order-{member}": "1"}


def _ending(house: House) -> dict[str, Any]:
    return {"last_date": house.duty_day.isoformat()}


def _starting(house: House) -> dict[str, Any]:
    member = house.people[COMMUNITY].pk
    return {"way": "weekly", "zone": "Europe/Berlin", "start": "09:00", f"order-{member}": "1"}


def _overriding(house: House) -> dict[str, Any]:
    day = house.duty_day.isoformat()
    # Somebody has these hours by the layer, so that only who keeps the rota may.
    return {
        "member": house.people[COMMUNITY].pk,
        "place": "primary",
        "reason": "Start",
        "start": f"{day}T10:00",
        "end": f"{day}T11:00",
    }


def _leaving(house: House) -> dict[str, Any]:
    # Whoever keeps the rota says whose leave it is; the others are not asked.
    return {"first": house.duty_day.isoformat(), "member": house.people["creator"].pk}


def _leave_file(house: House) -> dict[str, Any]:
    return {"text": "BEGIN:VCALENDAR\nEND:VCALENDAR", "member": house.people["creator"].pk}


def _swapping(house: House) -> dict[str, Any]:
    return {"turn": house.duty_turn.key}


PAGES: dict[str, Page] = {
    "duty": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "duty-start": Page(
        # There is a rota already.
        get=way(ROTA_KEEPERS, 200),
        post=way(ROTA_KEEPERS, 409, _starting, outsider=422),
    ),
    "duty-settings": Page(get=way(ROTA_KEEPERS, 200), post=way(ROTA_KEEPERS, 302)),
    "duty-layer-new": Page(
        get=way(ROTA_KEEPERS, 200), post=way(ROTA_KEEPERS, 302, _layering, outsider=422)
    ),
    "duty-layer": Page(
        args=about("layer"), get=row(ROTA_KEEPERS, 200), post=row(ROTA_KEEPERS, 302, _layering)
    ),
    "duty-layer-end": Page(
        args=about("layer"), get=no(ROTA_KEEPERS), post=row(ROTA_KEEPERS, 302, _ending)
    ),
    "duty-layer-reopen": Page(
        args=about("layer"), get=no(ROTA_KEEPERS), post=row(ROTA_KEEPERS, 302)
    ),
    "duty-site-new": Page(
        get=way(ROTA_KEEPERS, 200),
        post=way(ROTA_KEEPERS, 302, says(**_SITE, weekdays=WORKDAYS)),
    ),
    "duty-site": Page(
        args=about("site"),
        get=row(ROTA_KEEPERS, 200),
        post=row(ROTA_KEEPERS, 302, says(**_SITE, weekdays=WORKDAYS)),
    ),
    "duty-calendar": Page(
        args=about("site"),
        get=no(ROTA_KEEPERS),
        post=row(ROTA_KEEPERS, 302, says(country="DE")),
    ),
    "duty-holidays": Page(
        args=about("site"),
        get=no(ROTA_KEEPERS),
        post=row(ROTA_KEEPERS, 302, says(days="2040-10-03 Einheit")),
    ),
    "duty-site-remove": Page(args=about("site"), get=no(ROTA_KEEPERS), post=row(ROTA_KEEPERS, 302)),
    # Without the right one takes hours only that nobody has, and these are somebody's.
    "duty-override": Page(
        get=way(EVERYBODY, 200), post=way(ROTA_KEEPERS, 302, _overriding, outsider=422)
    ),
    "duty-override-withdraw": Page(
        args=about("override"), get=no(EVERYBODY), post=row(ROTA_KEEPERS, 302)
    ),
    "duty-leave": Page(get=way(EVERYBODY, 200), post=way(EVERYBODY, 302, _leaving, outsider=422)),
    "duty-leave-import": Page(
        get=way(EVERYBODY, 200),
        post=way(EVERYBODY, 200, _leave_file, outsider=422),
    ),
    # The analyst's leave; further down the turn that the analyst offers to the author.
    "duty-leave-cancel": Page(
        args=about("leave"), get=no(EVERYBODY), post=row(ROTA_KEEPERS | {ANALYST}, 302)
    ),
    "duty-swaps": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "duty-swap-new": Page(
        get=way(EVERYBODY, 200),
        post=Way(AUTHOR, 302, 422, _swapping, refused=422),
    ),
    "duty-swap-take": Page(
        args=about("swap"),
        get=no(EVERYBODY),
        post=Way(AUTHOR, 302, 404, refused=422),
    ),
    "duty-swap-decline": Page(
        args=about("swap"),
        get=no(EVERYBODY),
        post=Way(AUTHOR, 302, 404, refused=422),
    ),
    "duty-swap-withdraw": Page(
        args=about("swap"), get=no(EVERYBODY), post=row(ROTA_KEEPERS | {ANALYST}, 302)
    ),
    "duty-fairness": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "duty-zones": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "duty-overlap": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "duty-links": Page(get=way(EVERYBODY, 200), post=way(EVERYBODY, 200, says(shows="own"))),
    # Everybody's links are their own, and nobody else's exist.
    "duty-link-revoke": Page(
        args=about("duty_link"), get=no(EVERYBODY), post=Way(AUTHOR, 302, 404, refused=404)
    ),
    # Whoever has the secret is let in, and nobody is asked who they are.
    "duty-feed": Page(args=lambda house: (house.duty_secret,), get=anyone(200), post=anyone(405)),
}
