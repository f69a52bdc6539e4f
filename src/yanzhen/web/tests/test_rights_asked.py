"""What each address asks for, found by knocking, and opened by every kind of right there is.

Somebody whose role decides nothing knocks, is told which right it takes, is given that one right
and knocks again, until the address answers. What was found is held against the policy, which was
written by hand, and then used in every form: a role of the team's own with all but one of it, for
one account, for another account, and lent by somebody else until a given second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from yanzhen.kernel.clock import set_to
from yanzhen.people.gate import STRANGERS, USERS
from yanzhen.people.models import Delegation, Member, Role
from yanzhen.people.rights import DUTIES, Decision
from yanzhen.people.roles import SEEDS
from yanzhen.people.tests.cast import NOW
from yanzhen.web.tests import policy
from yanzhen.web.tests.conftest import LATER
from yanzhen.web.tests.doors import served
from yanzhen.web.tests.house import CHIEF, KNOCKER, Street, undone
from yanzhen.web.tests.policy.ways import EVERYBODY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bare_frame")]

SECOND = timedelta(seconds=1)
#: No address asks for more rights than this, one after another.
MOST = 4
#: What belongs to no account, or says post by post why nothing was changed.
NOWHERE = re.compile(r"idea-.*|library-upload|media-.*|subtitles-.*|text(-.*)?|posts-bulk")
#: About a campaign, which posts of several accounts may be in, or about the whole workspace.
WIDE = re.compile(r"thaw-.*|letter-again|money-resume")
#: Roles with the right whom it is not for: the team lead, who handed the lead over, cannot also
#: take it, and the step that waits is not the brand manager's.
NOT_FOR = {
    "handoff-accept": {policy.LEAD},
    "handoff-refuse": {policy.LEAD},
    "review-decide": {policy.MANAGER},
}
#: The address of the account that is just arriving.
ARRIVING = "account-confirm"
SHUT = 403
ASKED = [
    (name, method)
    for name, page in sorted(policy.TABLE.items())
    for method in ("get", "post")
    if served()[name].door not in (STRANGERS, USERS) and getattr(page, method).answer != 405
]


def knock(
    street: Street,
    name: str,
    method: str,
    *,
    rights: Iterable[Decision] = (),
    accounts: list[int] | None = None,
    lent: Iterable[Decision] = (),
    ends: datetime | None = None,
    poor: bool = False,
) -> Any:
    """Ask as the knocker with these rights, for those accounts; take back all that it wrote.

    ``lent`` is what the chief, who holds every role, lets them decide until ``ends``, at which they
    ask; ``poor``: the chief has lost all roles meanwhile.
    """
    house, page = street.ferrow, policy.TABLE[name]
    knocker, chief = house.people[KNOCKER], house.people[CHIEF]
    with undone(), nullcontext() if ends is None else set_to(ends):
        granted = [decision.value for decision in rights]
        role = Role.objects.filter(pk=knocker.primary_role_id)
        role.update(granted=granted, accounts=accounts)
        if lent:
            until = LATER + SECOND if ends is None else ends
            Delegation.objects.create(
                workspace=house.workspace,
                giver=chief,
                receiver=knocker,
                decisions=[decision.value for decision in lent],
                starts_at=NOW,
                ends_at=until,
                made_at=NOW,
            )
        if poor:
            chief.further_roles.clear()
            Member.objects.filter(pk=chief.pk).update(primary_role=house.spare)
        address = reverse(name, args=page.args(house))
        return street.send(KNOCKER, method, address, getattr(page, method).sends(house))


def asked_for(answer: Any) -> Decision | None:
    """Return the right that a refusal names."""
    duty = answer.context.get("duty") if answer.status_code == 403 and answer.context else None
    return next((d for d, each in DUTIES.items() if each.sentence is duty), None)


def climb(street: Street, name: str, method: str) -> tuple[list[Decision], int]:
    """Return the rights that the address asks for, in its order, and what it answers then."""
    steps: list[Decision] = []
    while True:
        answer = knock(street, name, method, rights=steps)
        wanted = asked_for(answer)
        if wanted is None or wanted in steps or len(steps) == MOST:
            return steps, answer.status_code
        steps.append(wanted)


def status(*args: Any, **more: Any) -> int:
    code: int = knock(*args, **more).status_code
    return code


@pytest.mark.parametrize(("name", "method"), ASKED)
def test_address_opens_to_exactly_the_rights_it_asks_for(street: Street, name: str, method: str):
    way, door = getattr(policy.TABLE[name], method), served()[name].door
    steps, last = climb(street, name, method)
    assert last in (way.answer, way.refused)
    if last != way.answer:
        assert way.who < EVERYBODY, "no right opens it, so it must be somebody's own"
        return
    able = {slug for slug, seed in SEEDS.items() if set(steps) <= set(seed.decisions)}
    assert able - NOT_FOR.get(name, set()) <= way.who, "a role with these rights is let in"
    if isinstance(door, Decision):
        assert steps[:1] == [door], "the door asks before anything inside"
        rest = [decision for decision in Decision if decision != door]
        assert status(street, name, method, rights=rest) == SHUT
    if steps:
        _lent(street, name, method, steps)
    if steps and all(DUTIES[each].by_account for each in steps):
        _scoped(street, name, method, steps)


def _lent(street: Street, name: str, method: str, steps: list[Decision]) -> None:
    """A lent right opens it until its last second, and no longer than its giver holds it."""
    way = getattr(policy.TABLE[name], method)
    if not all(DUTIES[each].lendable for each in steps):
        assert status(street, name, method, lent=steps) == SHUT
        return
    assert status(street, name, method, lent=steps) == way.answer
    assert status(street, name, method, lent=steps, ends=LATER) == SHUT
    assert status(street, name, method, lent=steps, poor=True) == SHUT


def _scoped(street: Street, name: str, method: str, steps: list[Decision]) -> None:
    """A role for one account opens it for what is of that account, and nothing of another's."""
    page, house = policy.TABLE[name], street.ferrow
    way, args = getattr(page, method), page.args(house)
    # The things of the table are the first account's, but for the one that is just arriving.
    here, there = house.account.pk, house.arrived.pk
    if name == ARRIVING:
        here, there = there, here
    found = status(street, name, method, rights=steps, accounts=[here])
    if args and not WIDE.fullmatch(name):
        assert found == way.answer
    else:
        assert found in (way.answer, SHUT), "what is no account's takes a right for all of them"
    if method == "post" and args and not NOWHERE.fullmatch(name):
        elsewhere = status(street, name, method, rights=steps, accounts=[there])
        # Too late for X to take an edit, which is said before whose it is.
        told = elsewhere == 302 and name == "delivery-edit"
        assert told or (elsewhere >= 400 and elsewhere != 500)
