"""Second steps, proofs, other houses' sign-in, and letting somebody go: who may do what there."""

from __future__ import annotations

from typing import Any

from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    ADMINS,
    EVERYBODY,
    INVITERS,
    Page,
    Way,
    about,
    anyone,
    no,
    own,
    row,
    says,
    way,
)


def _rules(house: House) -> dict[str, Any]:
    return {"seen": house.workspace.revision}


#: Nobody in these houses has a second factor, so any number is another's.
_NO_FACTOR = Way(EVERYBODY, 404, 404, homeless=404)


def _number(house: House) -> tuple[Any, ...]:
    return ("1",)


PAGES: dict[str, Page] = {
    # coming in
    "second-step": Page(get=anyone(302), post=anyone(302)),
    "second-step-leave": Page(get=anyone(405), post=anyone(302)),
    "passkey-sign-in": Page(get=anyone(200), post=anyone(302)),
    "elsewhere": Page(args=lambda house: ("nobody",), get=anyone(405), post=anyone(404)),
    "elsewhere-back": Page(args=lambda house: ("nobody",), get=anyone(404), post=anyone(405)),
    "elsewhere-answer": Page(args=lambda house: ("nobody",), get=anyone(405), post=anyone(404)),
    "elsewhere-finish": Page(args=lambda house: ("nobody",), get=anyone(404), post=anyone(405)),
    "elsewhere-metadata": Page(args=lambda house: ("nobody",), get=anyone(404), post=anyone(405)),
    # one's own
    "second-factor": Page(get=own(200), post=own(405)),
    "factor-app": Page(get=own(200), post=own(422, says(code="000000"))),
    "factor-passkey": Page(get=own(200), post=own(422, says(name="Phone", credential="{}"))),
    "factor-remove": Page(args=about("people.creator"), get=own(405), post=_NO_FACTOR),
    "recovery-codes": Page(get=own(302), post=own(302)),
    "recovery-codes-file": Page(get=own(404), post=own(405)),
    "recovery-codes-new": Page(get=own(405), post=own(302)),
    # the workspace's
    "sign-in-rules": Page(get=way(ADMINS, 200), post=way(ADMINS, 302, _rules)),
    "factor-reset": Page(args=about("people.creator"), get=no(ADMINS), post=row(ADMINS, 302)),
    "directory": Page(get=no(ADMINS), post=way(ADMINS, 200)),
    "groups": Page(get=way(ADMINS, 200), post=way(ADMINS, 422)),
    "groups-newcomers": Page(get=no(ADMINS), post=way(ADMINS, 302, says(newcomers=""))),
    # No group is mapped in these houses.
    "group-end": Page(args=_number, get=no(ADMINS), post=way(ADMINS, 404)),
    # directories: a key is their door
    "scim-config": Page(get=anyone(401), post=anyone(405)),
    "scim-users": Page(get=anyone(401), post=anyone(401)),
    "scim-user": Page(args=_number, get=anyone(401), post=anyone(405)),
    "scim-groups": Page(get=anyone(401), post=anyone(401)),
    "scim-group": Page(args=_number, get=anyone(401), post=anyone(405)),
    "member-leaving": Page(
        args=about("people.creator"),
        get=row(INVITERS, 200),
        post=row(INVITERS, 302, says(seen=0)),
    ),
}
