"""The first hour and help: who may do what there."""

from __future__ import annotations

from typing import Any

from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import ADMINS, EVERYBODY, Page, no, says, way

#: Steps that the administrator sees and others take: nobody of the roles has both rights.
NOBODY: frozenset[str] = frozenset()
_PLACE = {"s0-name": "Oslo", "s0-zone": "Europe/Oslo", "s0-start": "09:00", "s0-end": "17:00"}


def _home(house: House) -> dict[str, Any]:
    # Whoever sends it is on their own brand's page; both houses are equally old.
    seen = house.workspace.revision
    return {"name": "Ferrow", "zone": "Europe/Berlin", "language": "en", "seen": seen}


def _guest(house: House) -> dict[str, Any]:
    return {"rows": 3, "p0-email": "new@ferrow.example", "p0-role": 0, "p0-language": "en"}


PAGES: dict[str, Page] = {
    "start": Page(get=way(ADMINS, 200), post=no(ADMINS)),
    "start-workspace": Page(get=way(ADMINS, 200), post=way(ADMINS, 302, _home)),
    # The role belongs to another brand, or to none: nobody is invited.
    "start-people": Page(get=way(ADMINS, 200), post=way(ADMINS, 422, _guest)),
    "start-places": Page(get=way(ADMINS, 200), post=way(ADMINS, 302, says(**_PLACE))),
    "start-way": Page(get=way(ADMINS, 200), post=way(ADMINS, 302, says(way="small"))),
    "start-account": Page(get=way(ADMINS, 200), post=way(ADMINS, 302, says(connect="1"))),
    "start-words": Page(
        get=way(ADMINS, 200), post=way(NOBODY, 302, says(never="cheap"), outsider=302)
    ),
    "start-theme": Page(
        get=way(ADMINS, 200), post=way(NOBODY, 302, says(name="Rye"), outsider=302)
    ),
    "start-skip": Page(args=lambda house: ("places",), get=no(ADMINS), post=way(ADMINS, 302)),
    "start-hide": Page(get=no(ADMINS), post=way(ADMINS, 302)),
    "start-show": Page(get=no(ADMINS), post=way(ADMINS, 302)),
    "start-tick": Page(args=lambda house: ("lead",), get=no(EVERYBODY), post=way(EVERYBODY, 302)),
    "start-untick": Page(args=lambda house: ("lead",), get=no(EVERYBODY), post=way(EVERYBODY, 302)),
    "help": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "help-topic": Page(args=lambda house: ("today",), get=way(EVERYBODY, 200), post=no(EVERYBODY)),
}
