import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.actions.members import deactivate_member, reactivate_member
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW, join, make_user
from yanzhen.people.tests.told import kinds, last_sentence


def test_deactivate_member_ends_their_sessions_at_once(cast, sign_in):
    theirs = sign_in(cast.zhou)
    other = Client()
    other.force_login(cast.lin.user)
    assert theirs.get("/team/").status_code == 200
    deactivate_member(cast.zhou, seen=0, by=cast.admin, now=NOW)
    answer = theirs.get("/team/")
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")
    assert other.get("/team/").status_code == 200
    assert Session.objects.count() == 1


def test_deactivate_member_records_and_keeps_the_row(cast):
    deactivate_member(cast.zhou, seen=0, by=cast.lin, now=NOW)
    fresh = Member.objects.get(pk=cast.zhou.pk)
    assert (fresh.active, fresh.left_at) == (False, NOW)
    assert fresh.decisions() == frozenset()
    assert kinds(cast.workspace)[-1] == "people.member_left"
    assert last_sentence(cast.workspace) == "Lin removed Zhou from the workspace"


def test_deactivate_member_without_the_right_is_refused(cast):
    with pytest.raises(NotAllowed):
        deactivate_member(cast.lin, seen=0, by=cast.zhou, now=NOW)


def test_deactivate_member_who_decides_more_than_the_actor_needs_the_larger_right(cast):
    with pytest.raises(NotAllowed) as refused:
        deactivate_member(cast.admin, seen=0, by=cast.lin, now=NOW)
    assert refused.value.decision == Decision.MEMBER_ROLES


def test_deactivate_member_refuses_the_last_administrator_and_keeps_sessions(cast, sign_in):
    client = sign_in(cast.admin)
    with pytest.raises(LastHolder):
        deactivate_member(cast.admin, seen=0, by=cast.admin, now=NOW)
    assert client.get("/team/").status_code == 200


def test_deactivate_member_twice_from_stale_pages_is_refused(cast):
    stale = Member.objects.with_roles().get(pk=cast.zhou.pk)
    deactivate_member(cast.zhou, seen=0, by=cast.admin, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        deactivate_member(stale, seen=0, by=cast.admin, now=NOW)


def test_reactivate_member_lets_them_in_again(cast, sign_in):
    deactivate_member(cast.zhou, seen=0, by=cast.admin, now=NOW)
    reactivate_member(cast.zhou, seen=1, by=cast.admin, now=NOW)
    assert last_sentence(cast.workspace) == "Sam brought Zhou back"
    assert sign_in(cast.zhou).get("/team/").status_code == 200


def test_reactivate_member_without_the_right_is_refused(cast):
    deactivate_member(cast.maya, seen=0, by=cast.admin, now=NOW)
    with pytest.raises(NotAllowed):
        reactivate_member(cast.maya, seen=1, by=cast.zhou, now=NOW)


def test_reactivate_member_from_a_stale_page_is_refused(cast):
    deactivate_member(cast.maya, seen=0, by=cast.admin, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        reactivate_member(cast.maya, seen=0, by=cast.admin, now=NOW)


def test_deactivated_member_of_two_workspaces_keeps_the_other(cast, sign_in):
    user = make_user("Ida")
    here = join(cast.workspace, user, "creator")
    join(cast.wu.workspace, user, "creator")
    deactivate_member(here, seen=0, by=cast.admin, now=NOW)
    assert "Other" in sign_in(here).get("/team/").text


def test_deactivate_member_ends_only_the_sessions_that_stand_here(cast):
    user = make_user("Ida")
    here = join(cast.workspace, user, "creator")
    there = join(cast.wu.workspace, user, "creator")
    standing, moved = Client(), Client()
    for browser in (standing, moved):
        browser.force_login(user)
    assert "Ferrow" in standing.get("/team/").text
    assert moved.post("/workspaces/", {"workspace": there.workspace_id}).status_code == 302
    assert moved.get("/team/").status_code == 200
    deactivate_member(here, seen=0, by=cast.admin, now=NOW)
    assert standing.get("/team/").url.startswith("/sign-in/")
    assert "Other" in moved.get("/team/").text


def test_remove_page_works_and_needs_the_seen_revision(cast, sign_in):
    client = sign_in(cast.admin)
    assert client.post(f"/team/{cast.zhou.pk}/remove/", {}).status_code == 422
    assert client.post(f"/team/{cast.zhou.pk}/remove/", {"seen": 0}).status_code == 302
    assert client.post(f"/team/{cast.zhou.pk}/remove/", {"seen": 0}).status_code == 409
    assert client.post(f"/team/{cast.zhou.pk}/return/", {"seen": 1}).status_code == 302
    assert client.post(f"/team/{cast.wu.pk}/remove/", {"seen": 0}).status_code == 404
