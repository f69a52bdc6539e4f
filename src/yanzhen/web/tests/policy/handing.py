"""Handoffs: who may do what there. The team lead has the lead, and hands it to the analyst."""

from __future__ import annotations

from typing import Any

from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    ADMIN,
    ANALYST,
    EVERYBODY,
    LEADERS,
    MANAGER,
    Page,
    about,
    no,
    row,
    says,
    way,
)

#: The receiver, and who says who leads; nobody takes the lead from themselves.
TAKERS = frozenset({ANALYST, MANAGER, ADMIN})
#: Who writes the log, and the receiver.
RECORDERS = LEADERS | {ANALYST}


def _hours(house: House) -> dict[str, Any]:
    return {"receiver": house.people[ANALYST].pk, "due_at": "2026-03-02T18:00", "until_at": ""}


def _words(house: House) -> dict[str, Any]:
    return {**_hours(house), "light": "amber", "note": "Neu", "seen": house.handover.revision}


def _section(house: House) -> dict[str, Any]:
    section = house.workspace.sections.get(slug="actions").pk
    return {"section": section, "text": "Noch eins", "nothing": "1"}


def _accepting(house: House) -> dict[str, Any]:
    ticked = list(house.handover.items.values_list("pk", flat=True))
    return {"seen": house.handover.revision, "read_back": "Alles klar", "ticked": ticked}


def _form(house: House) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for place, section in enumerate(house.workspace.sections.order_by("position"), start=1):
        sent |= {f"{section.pk}-place": place, f"{section.pk}-used": "on"}
    return sent


def _item(house: House) -> tuple[Any, ...]:
    return (house.handover.items.get().pk,)


PAGES: dict[str, Page] = {
    "handoffs": Page(
        get=way(EVERYBODY, 200),
        # One is open already, and it is shown instead.
        post=way(LEADERS, 302, _hours, outsider=422),
    ),
    "lead-take": Page(get=no(LEADERS), post=way(LEADERS, 302)),
    "handoff-form": Page(get=way(LEADERS, 200), post=way(LEADERS, 302, _form, outsider=422)),
    "handoff-video": Page(
        get=no(EVERYBODY),
        post=way(RECORDERS, 422, lambda house: {"handover": house.handover.pk}, outsider=404),
    ),
    "handoff": Page(args=about("handover"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
    "handoff-words": Page(
        args=about("handover"), get=no(EVERYBODY), post=row(LEADERS, 302, _words)
    ),
    # It waits already.
    "handoff-send": Page(args=about("handover"), get=no(EVERYBODY), post=row(LEADERS, 409)),
    "handoff-withdraw": Page(args=about("handover"), get=no(EVERYBODY), post=row(LEADERS, 302)),
    "handoff-accept": Page(
        args=about("handover"), get=no(EVERYBODY), post=row(TAKERS, 302, _accepting)
    ),
    "handoff-refuse": Page(
        args=about("handover"), get=no(EVERYBODY), post=row(TAKERS, 302, says(reason="Zu kurz"))
    ),
    "handoff-item-add": Page(
        args=about("handover"), get=no(EVERYBODY), post=row(LEADERS, 302, _section)
    ),
    "handoff-nothing": Page(
        args=about("handover"), get=no(EVERYBODY), post=row(LEADERS, 302, _section)
    ),
    "handoff-item": Page(
        args=_item, get=no(EVERYBODY), post=row(LEADERS, 302, says(text="Anders"))
    ),
    "handoff-item-done": Page(
        args=_item, get=no(EVERYBODY), post=row(LEADERS, 302, says(done="1"))
    ),
    # Whoever has it is a member, so nothing is there to give.
    "handoff-item-give": Page(args=_item, get=no(EVERYBODY), post=row(LEADERS, 409)),
    "handoff-link": Page(
        args=about("handover"),
        get=no(EVERYBODY),
        post=row(LEADERS, 302, says(title="Notizen", url="https://notes.example/1")),
    ),
    "handoff-attachment": Page(
        args=lambda house: (house.handover.attachments.get().pk,),
        get=no(EVERYBODY),
        post=row(LEADERS, 302, says(do="remove")),
    ),
    "handoff-captions": Page(
        args=lambda house: (house.handover.attachments.get().pk,),
        get=row(EVERYBODY, 200),
        post=no(EVERYBODY),
    ),
    "handoff-text": Page(args=about("handover"), get=row(EVERYBODY, 200), post=no(EVERYBODY)),
}
