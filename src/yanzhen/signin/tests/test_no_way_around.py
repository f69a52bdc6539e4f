"""What asks for a fresh proof is reached by no door that does not ask."""

from __future__ import annotations

import inspect
from importlib import import_module

from yanzhen.notify import deeds
from yanzhen.signin.tests.reaching import LOADING, ends_of
from yanzhen.web.tests.doors import served

#: Actions behind a proof, by room.
GUARDED = {
    "yanzhen.review.actions.rounds": ("pass_step", "settle_pass"),
    "yanzhen.review.actions.guests": ("invite_guest",),
    "yanzhen.review.actions.ways": ("choose_way",),
    "yanzhen.notify.actions.slack": ("connect_slack",),
    "yanzhen.notify.actions.outlets": ("add_outlet", "change_secret"),
    "yanzhen.publishing.actions.thawing": ("ask_thaw", "confirm_thaw"),
    "yanzhen.channels.actions.starting": ("start_connecting", "ask_about_keys"),
    "yanzhen.channels.actions.settings": ("ask_about_app",),
    "yanzhen.people.actions.members": ("change_roles", "reactivate_member"),
    "yanzhen.people.actions.roles": ("make_role", "edit_role", "retire_role", "return_role"),
    "yanzhen.people.actions.settling": ("settle_decision",),
    "yanzhen.people.actions.delegations": ("delegate", "end_delegation"),
    "yanzhen.people.actions.demanding": ("demand_second_factor",),
    "yanzhen.people.actions.invitations": ("invite_member",),
    "yanzhen.signin.actions.provisioning": ("make_token", "revoke_token"),
    "yanzhen.signin.actions.mapping": ("choose_newcomers_role", "map_group", "unmap_group"),
    "yanzhen.signin.actions.factors": (
        *("set_up_app", "add_passkey", "remove_factor", "renew_codes", "reset_factors"),
    ),
}
PROVES = "the view asks"
DEED = "not done from a message, and the page it leads to asks"
VERB = "the page of many posts asks"
KEY = "a directory proves itself by its key at every call"
GUEST = "a guest has no sign-in; whoever lends them this level was asked"
PROVIDER = "what a provider says at a sign-in counts by a mapping, which asked when it was made"
SERVER = "whoever has a shell on the server"

#: Every end from which a guarded action is reached, and what stands there. A new one must be
#: looked at before it is written down here.
DOORS = {
    "yanzhen.review.views.desk.decide": PROVES,
    "yanzhen.review.views.guests.guests": PROVES,
    "yanzhen.review.views.ways.way": PROVES,
    f"yanzhen.review.deeds.{LOADING}": DEED,
    f"yanzhen.review.bulk.{LOADING}": VERB,
    "yanzhen.review.views.guest_page.decide": GUEST,
    "yanzhen.notify.views.outlets.slack": PROVES,
    "yanzhen.notify.views.outlets.outlet_new": PROVES,
    "yanzhen.notify.views.outlets.outlet_secret": PROVES,
    "yanzhen.publishing.views.thawing.ask": PROVES,
    "yanzhen.publishing.views.thawing.confirm": PROVES,
    "yanzhen.publishing.management.commands.unfreeze.Command": SERVER,
    "yanzhen.channels.views.connect.start": PROVES,
    "yanzhen.channels.views.connect.keys": PROVES,
    "yanzhen.channels.views.connect.app": PROVES,
    "yanzhen.people.views.team.roles_of": PROVES,
    "yanzhen.people.views.team.bring_back": PROVES,
    "yanzhen.people.views.invitations.invite": PROVES,
    "yanzhen.people.views.roles.role_new": PROVES,
    "yanzhen.people.views.roles.role": PROVES,
    "yanzhen.people.views.roles.role_retire": PROVES,
    "yanzhen.people.views.roles.role_return": PROVES,
    "yanzhen.people.views.decisions.settle": PROVES,
    "yanzhen.people.views.decisions.settle_undo": PROVES,
    "yanzhen.onboarding.views.steps.people": PROVES,
    "yanzhen.onboarding.views.turning.way": PROVES,
    "yanzhen.people.views.delegations.delegations": PROVES,
    "yanzhen.people.views.delegations.delegation_end": PROVES,
    "yanzhen.signin.views.rules.rules": PROVES,
    "yanzhen.signin.views.rules.directory": PROVES,
    "yanzhen.signin.views.rules.reset": PROVES,
    "yanzhen.signin.views.factors.app": PROVES,
    "yanzhen.signin.views.factors.new_passkey": PROVES,
    "yanzhen.signin.views.factors.factor_remove": PROVES,
    "yanzhen.signin.views.factors.recovery_codes_new": PROVES,
    "yanzhen.signin.views.groups.groups": PROVES,
    "yanzhen.signin.views.groups.newcomers": PROVES,
    "yanzhen.signin.views.groups.group_end": PROVES,
    "yanzhen.signin.views.elsewhere.back": PROVIDER,
    "yanzhen.signin.views.elsewhere.finish": PROVIDER,
    "yanzhen.signin.views.scim.users": KEY,
    "yanzhen.signin.views.scim.groups": KEY,
    "yanzhen.signin.views.scim.user": KEY,
    "yanzhen.signin.views.scim.group": KEY,
}


def _views():
    """Every view of the site by its full name; wrapped ones count as what they wrap."""
    return {f"{view.__module__}.{view.__qualname__}": view for view in served().values()}


def test_guarded_actions_are_there():
    for module, names in GUARDED.items():
        there = vars(import_module(module))
        assert [name for name in names if not inspect.isfunction(there.get(name))] == []


def test_no_door_leads_around_a_proof():
    names = [f"{module}.{name}" for module, all_ in GUARDED.items() for name in all_]
    assert ends_of(names, views=_views()) == set(DOORS)


def test_doors_that_should_ask_do():
    views = _views()
    asking = sorted(name for name, how in DOORS.items() if how == PROVES)
    assert [name for name in asking if not hasattr(views[name], "proves")] == []
    # What stands between the registries and the person who presses.
    assert hasattr(served()["posts-bulk"], "proves")
    assert hasattr(served()["deed"], "proves")
    assert deeds.find("review.pass").proof_page is not None
