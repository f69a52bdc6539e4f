"""Every address, by every method, as everybody, against the policy written by hand."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from yanzhen.kernel.clock import set_to
from yanzhen.people.actions.members import change_roles, deactivate_member
from yanzhen.people.models import Member, User
from yanzhen.people.rights import DUTIES, Decision
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.states import PostState
from yanzhen.web.tests import policy
from yanzhen.web.tests.doors import patterns, served
from yanzhen.web.tests.house import (
    CHIEF,
    COPIED,
    DELEGATE,
    ELSEWHERE,
    HOMELESS,
    NARROW,
    OUTSIDER,
    ROLES,
    STRANGER,
    Street,
    undone,
)
from yanzhen.web.tests.policy import handing
from yanzhen.web.tests.policy.ways import LEADERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bare_frame")]
ACTORS = (STRANGER, HOMELESS, "former", OUTSIDER, *ROLES)
METHODS = ("get", "post")
ODD_METHODS = ("head", "put", "delete")
MISSING = 999_999
#: Addresses with a row's number in them. Behind a secret the number is of the secret's own files.
NUMBERED = sorted(
    str(each.name)
    for each in patterns()
    if each.name in policy.TABLE
    and "secret" not in each.pattern.converters
    and any(type(c).__name__ == "IntConverter" for c in each.pattern.converters.values())
)
LED_TO = re.compile(r"^/(sign-in|workspaces)/")


def ask(street: Street, actor: str, name: str, method: str) -> Any:
    """Send what the policy says to an address of Ferrow."""
    page = policy.TABLE[name]
    with undone():
        address = reverse(name, args=page.args(street.ferrow))
        sends = getattr(page, method).sends(street.ferrow)
        return street.send(actor, method, address, sends)


def expected(way: policy.Way, actor: str) -> int | str:
    if actor == STRANGER:
        return way.stranger
    if actor in (HOMELESS, "former"):
        return way.homeless
    if actor == OUTSIDER:
        return way.outsider
    return way.answer if actor in way.who else way.refused


def answered(response: Any) -> int | str:
    """Return the status, or the page that somebody was led to instead."""
    address = urlsplit(response.headers.get("Location", ""))
    led = LED_TO.match(address.path) if response.status_code == 302 else None
    if led is None:
        return response.status_code
    return led[1] if led[1] == policy.WORKSPACES or address.query.startswith("next=") else 302


def test_table_names_every_address_and_no_other():
    assert set(served()) == set(policy.TABLE)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", sorted(policy.TABLE))
def test_address_answers_everybody_as_the_policy_says(street: Street, name: str, method: str):
    way = getattr(policy.TABLE[name], method)
    answers = {actor: answered(ask(street, actor, name, method)) for actor in ACTORS}
    assert answers == {actor: expected(way, actor) for actor in ACTORS}


#: What a narrow right, or a lent one, is answered otherwise than the rule below says: the gate of
#: the table is a campaign's, a delegation is ended or made by whom it belongs to, and a log is
#: written by whoever says who leads, who may also take the lead that the team lead hands over, but
#: not by a right that the team lead lent. The last look is whose the lead is. The rota and the
#: letters are the whole team's: who keeps them, or sees to what failed, for one account keeps
#: nothing there.
ODD_BORROWED: dict[tuple[str, str, str], int] = {
    ("delegation-end", "post", COPIED): 403,
    ("delegation-end", "post", NARROW): 403,
    ("delegations", "post", DELEGATE): 422,
    **{
        (name, "post", NARROW): 403
        for name in (
            *("thaw-ask", "thaw-confirm", "thaw-refuse", "thaw-withdraw"),
            *("duty-leave-cancel", "duty-override", "duty-override-withdraw"),
            *("duty-swap-withdraw", "letter-again", "letters-again"),
        )
    },
    **{
        (name, "post", NARROW): 403
        for name, page in handing.PAGES.items()
        if name.startswith("handoff") and page.post.who in (LEADERS, handing.RECORDERS)
    },
    **{(name, "post", COPIED): 302 for name in ("handoff-accept", "handoff-refuse")},
    ("lead", "post", DELEGATE): 403,
    ("lead-take", "post", DELEGATE): 403,
    **{
        (name, "post", actor): 403
        for name in ("look-clear", "look-back")
        for actor in (COPIED, NARROW, DELEGATE)
    },
}
#: Where a view behind the members' door asks inside for the right to direct tasks.
DIRECTED = (policy.TASK_LEADERS, policy.TASK_MOVERS)
#: What belongs to no account or to the reader, or says why nothing was changed, post by post.
NOWHERE = re.compile(
    r"idea-.*|library-upload|media-.*|subtitles-.*|text(-.*)?|delegations|posts-bulk"
)


def borrowed(name: str, method: str, actor: str) -> int | str:
    """Return what a role of the team's own, a narrow one or a lent right is answered.

    As the team lead is, where the right reaches; else as somebody without it.
    """
    way = getattr(policy.TABLE[name], method)
    odd = ODD_BORROWED.get((name, method, actor))
    if odd is not None:
        return odd
    door = served()[name].door
    right = Decision(door) if isinstance(door, Decision) else None
    plain = way.answer if policy.LEAD in way.who else way.refused
    if actor == NARROW and name.startswith("task") and way.who in DIRECTED:
        return way.refused
    if actor == COPIED or right is None:
        return plain
    if actor == DELEGATE:
        return plain if DUTIES[right].lendable else way.refused
    return plain if DUTIES[right].by_account else way.refused


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", sorted(policy.TABLE))
def test_address_answers_borrowed_rights_as_far_as_they_reach(
    street: Street, name: str, method: str
):
    actors = (COPIED, NARROW, DELEGATE)
    answers = {actor: answered(ask(street, actor, name, method)) for actor in actors}
    assert answers == {actor: borrowed(name, method, actor) for actor in actors}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, page in sorted(policy.TABLE.items())
        if not NOWHERE.fullmatch(name) and not page.post.who >= policy.EVERYBODY
    ],
)
def test_right_for_another_account_changes_nothing_here(street: Street, name: str):
    """Whoever decides there is refused here, or told that nothing is left to do."""
    answer = ask(street, ELSEWHERE, name, "post")
    told = answer.status_code == 302 and name == "delivery-edit"  # too late for X to take an edit
    assert answer.status_code >= 400 or told


def test_lent_rights_end_at_the_very_second(street: Street):
    address = reverse("review-decide", args=[street.ferrow.step.pk])
    ends = street.ferrow.delegation.ends_at
    with undone():
        with set_to(ends - timedelta(seconds=1)):
            assert street.send(DELEGATE, "post", address, {"verdict": "pass"}).status_code == 302
        with set_to(ends):
            assert street.send(DELEGATE, "post", address, {"verdict": "pass"}).status_code == 403


@pytest.mark.parametrize("name", NUMBERED)
def test_foreign_and_missing_numbers_are_answered_alike(street: Street, name: str):
    """Next door's number must tell no more than a number that nobody has."""
    page = policy.TABLE[name]
    for method in METHODS:
        with undone():
            theirs = page.args(street.other)
            missing = tuple(MISSING if isinstance(each, int) else each for each in theirs)
            sends = getattr(page, method).sends
            first, second = sends(street.other), sends(street.other)
            foreign = street.send(CHIEF, method, reverse(name, args=theirs), first)
            nowhere = street.send(CHIEF, method, reverse(name, args=missing), second)
        assert foreign.status_code == nowhere.status_code
        assert foreign.status_code == (405 if getattr(page, method).answer == 405 else 404)
        assert body(foreign) == body(nowhere)


def body(response: Any) -> str:
    """Return the page without the token and its own address, which each request has anew."""
    page = response.told.replace(response.request["PATH_INFO"], "")
    return re.sub(r"[A-Za-z0-9]{64}", "", page)


@pytest.mark.parametrize("name", sorted(policy.TABLE))
def test_odd_methods_are_refused_and_break_nothing(street: Street, name: str):
    page = policy.TABLE[name]
    with undone():
        address = reverse(name, args=page.args(street.ferrow))
        for method in ODD_METHODS:
            answer = street.send(CHIEF, method, address).status_code
            allowed = {404, 405}
            if name == "post-draft" and method == "put":
                allowed = {422}  # the editor saves by PUT; without words there is nothing to save
            if name.startswith("scim-"):
                allowed |= {401}  # what it may do is said to whoever has a key
            if method == "head":
                # HEAD asks what GET would answer, where it is answered at all.
                allowed |= {page.get.answer}
            assert answer in allowed, method


@pytest.mark.parametrize("state", PostState.values)
def test_post_in_any_stage_never_breaks_an_address(street: Street, state: str):
    """Buttons of a page shown before the post moved on: a no may be said, never a 500."""
    post, answers = street.ferrow.posts[state], {}
    for name, rest in about_a_post(street).items():
        page = policy.TABLE[name]
        address = reverse(name, args=(post.pk, *rest))
        for method in METHODS:
            way = getattr(page, method)
            if way.answer != 405:
                sends = way.sends(street.ferrow)
                answers[name, method] = street.send(CHIEF, method, address, sends).status_code
    assert len(answers) >= 15
    odd = {k: v for k, v in answers.items() if v not in (200, 302, 403, 404, 409, 422)}
    assert not odd
    if state in (PostState.DROPPED, PostState.PUBLISHED):
        moved = {answers[name, "post"] for name in ("post-draft", "post-time", "post-drop")}
        assert moved == {409}, "nothing more may become of it"


def about_a_post(street: Street) -> dict[str, tuple[Any, ...]]:
    """Return the addresses about one post, with what else stands in them."""
    numbers = {post.pk for post in street.ferrow.posts.values()}
    found = {}
    for name, page in policy.TABLE.items():
        if str(getattr(served()[name], "__module__", "")).split(".")[1] in ("people", "channels"):
            continue
        args = page.args(street.ferrow)
        if args and args[0] in numbers and reverse(name, args=args).startswith("/posts/"):
            found[name] = args[1:]
    return found


def test_deactivated_member_is_out_at_once(street: Street):
    house = street.ferrow
    with undone():
        lead = Member.objects.with_roles().get(pk=house.people[policy.LEAD].pk)
        assert street.send(policy.LEAD, "get", "/team/").status_code == 200
        deactivate_member(lead, seen=0, by=house.people[policy.ADMIN], now=NOW)
        assert answered(street.send(policy.LEAD, "get", "/team/")) == policy.SIGN_IN


def test_member_whose_role_is_taken_is_refused_at_once(street: Street):
    house = street.ferrow
    address = reverse("review-decide", args=[house.step.pk])
    with undone():
        lead = Member.objects.with_roles().get(pk=house.people[policy.LEAD].pk)
        analyst, admin = house.role(policy.ANALYST), house.people[policy.ADMIN]
        change_roles(lead, primary=analyst, further=[], seen=0, by=admin, now=NOW)
        assert street.send(policy.LEAD, "post", address, {"verdict": "pass"}).status_code == 403
    assert street.send(policy.LEAD, "post", address, {"verdict": "pass"}).status_code == 302


def test_decision_taken_from_a_role_is_refused_at_once(street: Street):
    with undone():
        role = street.ferrow.role(policy.CREATOR)
        role.granted = [slug for slug in role.granted if slug != "post.write"]
        role.save()
        assert street.send(policy.CREATOR, "get", "/posts/new/").status_code == 403
    assert street.send(policy.CREATOR, "get", "/posts/new/").status_code == 200


def test_closed_account_is_out_at_once(street: Street):
    user = street.ferrow.people[policy.ANALYST].user
    with undone():
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert answered(street.send(policy.ANALYST, "get", "/team/")) == policy.SIGN_IN
