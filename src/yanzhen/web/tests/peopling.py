"""Peopling the brands of the street: rights of every kind, and who is told of what outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yanzhen.notify.actions.outlets import add_outlet, try_outlet
from yanzhen.notify.actions.pushing import add_browser
from yanzhen.notify.actions.slack import connect_slack
from yanzhen.notify.models import Letter
from yanzhen.notify.states import LetterState, Level, OutletKind
from yanzhen.people.actions.delegations import delegate, lendable_of
from yanzhen.people.actions.roles import RoleWish, make_role, retire_role
from yanzhen.people.models import Role, User
from yanzhen.people.rights import DUTIES, Decision
from yanzhen.people.tests.cast import NOW, hashed_password, join
from yanzhen.web.tests.house import (
    AUTHOR,
    COPIED,
    DELEGATE,
    ELSEWHERE,
    KNOCKER,
    NARROW,
    House,
)


def make_person(name: str, *, zone: str = "Europe/Berlin", language: str = "en") -> User:
    return User.objects.create(
        email=f"{name.lower()}@example.com",
        password=hashed_password(),
        name=name,
        zone=zone,
        city="Berlin",
        language=language,
    )


def lend_rights(house: House) -> None:
    """Make roles of the team's own, some for one account only, and a delegation."""
    by, lead = house.people["administrator"], house.role("team_lead")
    does = [Decision(slug) for slug in lead.granted]
    narrow = [decision for decision in does if DUTIES[decision].by_account]

    def make(title: str, decisions: list[Decision], **more: Any) -> Role:
        wish = RoleWish(title=title, decisions=decisions, **more)
        return make_role(house.workspace, wish=wish, by=by, now=NOW)

    here, there = [house.account.pk], [house.arrived.pk]
    made = {
        COPIED: make("Copied lead", does, counts_as=lead),
        NARROW: make("Lead here", narrow, counts_as=lead, accounts=here),
        ELSEWHERE: make("Lead there", narrow, counts_as=lead, accounts=there),
        DELEGATE: make("Onlooker", []),
        KNOCKER: make("Knocker", [], counts_as=lead),
    }
    for name, role in made.items():
        person = make_person(f"{house.workspace.name}-{name}")
        house.people[name] = join(house.workspace, person, role.slug)
    house.spare = make("Spare", [])
    house.put_away = retire_role(make("Old desk", []), seen=0, by=by, now=NOW)
    giver = house.people["team_lead"]
    house.delegation = delegate(
        giver,
        receiver=house.people[DELEGATE],
        decisions=lendable_of(giver),
        ends_at=NOW + timedelta(days=20),
        by=giver,
        now=NOW,
    )


def tell_others(house: House) -> None:
    admin = house.people["administrator"]
    house.outlet, _secret = add_outlet(
        admin,
        kind=OutletKind.WEBHOOK,
        name="Haken",
        address="https://hook.example/x",
        language="en",
        level=Level.ALL,
        topics=[],
        now=NOW,
    )
    house.slack = connect_slack(
        admin, bot_token="xoxb-1234567890-house", signing_secret="0123456789abcdef", now=NOW
    )
    house.browser = add_browser(
        house.people[AUTHOR],
        endpoint="https://push.example/theirs",
        p256dh="key",
        auth="secret",
        shown="Firefox",
        now=NOW,
    )
    house.letter = try_outlet(house.outlet, by=admin, now=NOW)
    Letter.objects.filter(pk=house.letter.pk).update(
        state=LetterState.DEAD, settled_at=NOW, error="HTTP 404"
    )
