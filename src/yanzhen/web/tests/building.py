"""Building the brands of the street: people in every role, and everything a table can hold."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from yanzhen.channels.actions import set_developer_app
from yanzhen.channels.models import Credential
from yanzhen.channels.states import AccountState
from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel import clock
from yanzhen.notify.models import Notice
from yanzhen.people.actions.invitations import invite_member
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.actions.workspaces import create_workspace
from yanzhen.people.tests.cast import NOW, join
from yanzhen.planning.actions.linking import make_link
from yanzhen.planning.models import (
    Campaign,
    Focus,
    Theme,
)
from yanzhen.publishing.actions.freezing import freeze, gate_for
from yanzhen.publishing.actions.thawing import ask_thaw
from yanzhen.publishing.models import Pause
from yanzhen.web.tests.dutied import put_on_duty
from yanzhen.web.tests.furnishing import (
    discuss,
    fill_library,
    fill_tasks,
    hand_over,
    keep_things,
    write_framework,
)
from yanzhen.web.tests.house import (
    AUTHOR,
    CHIEF,
    HOMELESS,
    OUTSIDER,
    ROLES,
    STRANGER,
    House,
    Street,
)
from yanzhen.web.tests.peopling import lend_rights, make_person, tell_others
from yanzhen.web.tests.posting import fill_deliveries, invite_guest_in, plan_slots, write_posts


def make_house(name: str) -> House:
    """Make a brand with people in all eight roles and everything that can stand in its tables."""
    workspace = create_workspace(name=name, slug=name.lower(), zone="Europe/Berlin", now=NOW)
    house = House(workspace)
    for slug in ROLES:
        house.people[slug] = join(workspace, make_person(f"{name}-{slug}"), slug)
    house.people[CHIEF] = join(workspace, make_person(f"{name}-chief"), *ROLES)
    leaver = join(workspace, make_person(f"{name}-leaver"), "creator")
    house.former = deactivate_member(leaver, seen=0, by=house.people["administrator"], now=NOW)
    house.account = make_account(workspace, handle=name, origin=settings.ENV.origin)
    house.arrived = make_account(
        workspace, handle=f"{name}New", origin=settings.ENV.origin, state=AccountState.UNCONFIRMED
    )
    lend_rights(house)
    Credential.objects.create(
        account=house.arrived, kind="oauth1", sealed=b"", check_due_at=NOW, changed_at=NOW
    )
    house.campaign = Campaign.objects.create(workspace=workspace, name="Rye", code="rye")
    Theme.objects.create(workspace=workspace, month_date="2026-03-01", name="Reisen")
    Focus.objects.create(workspace=workspace, week_date="2026-03-02", name="Aufbruch")
    house.invitation, house.token = invite_member(
        workspace,
        email=f"guest@{name.lower()}.example",
        name="Gast",
        language="en",
        role=house.role("creator"),
        by=house.people["administrator"],
        now=clock.now(),
    )
    set_developer_app(
        house.people["administrator"],
        client_id="app",
        client_secret="app-secret",
        confidential=True,
        now=NOW,
    )
    write_posts(house)
    fill_deliveries(house)
    house.link, house.feed_secret = make_link(
        shows="everything", account=None, titled=True, by=house.people[AUTHOR], now=NOW
    )
    keep_things(house)
    fill_library(house)
    fill_tasks(house)
    hand_over(house)
    invite_guest_in(house)
    plan_slots(house)
    put_on_duty(house)
    discuss(house)
    write_framework(house)
    house.gate = gate_for(house.account)
    house.pause = Pause.objects.create(
        workspace=house.workspace, app=f"{name}-app", code="no_credits", since_at=NOW
    )
    frozen = freeze(house.campaign, by=house.people["analyst"], reason="Unruhe.", now=NOW)
    house.closed = frozen.gate
    house.notice = Notice.objects.visible_to(house.people[AUTHOR]).newest_first()[0]
    tell_others(house)
    # From the command line, so that every member who may can be the second.
    ask_thaw(house.closed, by=None, reason="Vorbei.", plan={}, now=NOW)
    return house


def make_street() -> Street:
    """Make both brands and sign everybody in; each has been seen once already."""
    street = Street(make_house("Ferrow"), make_house("Quandt"))
    street.clients[STRANGER] = Client(raise_request_exception=False)
    homeless = make_person("Homeless")
    street.ferrow.users[HOMELESS] = homeless
    street.enter(HOMELESS, homeless)
    for name, member in street.ferrow.people.items():
        street.enter(name, member.user)
    street.enter(OUTSIDER, street.other.people[CHIEF].user)
    street.enter("former", street.ferrow.former.user)
    for client in street.clients.values():
        client.get("/health")  # the first request of a session notes where it is
    return street
