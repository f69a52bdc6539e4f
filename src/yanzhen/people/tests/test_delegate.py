from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import set_to
from yanzhen.people.actions.delegations import (
    CannotLend,
    DelegationOver,
    delegate,
    end_delegation,
    lendable_of,
)
from yanzhen.people.actions.members import change_roles, deactivate_member
from yanzhen.people.actions.roles import RoleWish, make_role
from yanzhen.people.models import Delegation, Member, User
from yanzhen.people.rights import DUTIES, Decision, NotAllowed, require, require_somewhere
from yanzhen.people.tests.cast import NOW, join, make_user
from yanzhen.people.tests.told import kinds, last_sentence

END = NOW + timedelta(hours=8)
DECIDE = Decision.REVIEW_DECIDE


def fresh(member):
    return Member.objects.with_roles().get(pk=member.pk)


def lend(giver, receiver, *decisions, by=None, ends_at=END, **more):
    chosen = decisions or (DECIDE,)
    by = by or giver
    return delegate(
        giver, receiver=receiver, decisions=chosen, ends_at=ends_at, by=by, now=NOW, **more
    )


@pytest.fixture
def at_now():
    with set_to(NOW):
        yield


@pytest.mark.usefixtures("at_now")
def test_delegate_lets_the_other_decide_and_says_so_with_both_names(cast):
    lend(cast.lin, cast.zhou)
    zhou = fresh(cast.zhou)
    require(zhou, DECIDE, workspace_id=cast.workspace.pk)
    assert zhou.ref.label == "Zhou for Lin"
    assert zhou.ref.id == str(cast.zhou.pk)
    assert kinds(cast.workspace)[-1] == "people.delegated"
    assert last_sentence(cast.workspace) == (
        "Zhou decides for Lin until 2 Mar 2026, 17:00 (UTC), set by Lin"
    )
    with timezone.override("Asia/Shanghai"):
        assert "until 3 Mar 2026, 01:00 (Shanghai)" in last_sentence(cast.workspace)
        with translation.override("zh-hans"):
            assert "到 2026年3月3日 01:00（上海）为止" in last_sentence(cast.workspace)
    require(zhou, Decision.POST_WRITE, workspace_id=cast.workspace.pk)
    assert zhou.ref.label == "Zhou", "their own right, so in nobody's name"


def test_delegation_ends_by_itself_at_the_very_second(cast):
    with set_to(NOW):
        lend(cast.lin, cast.zhou)
    with set_to(END - timedelta(seconds=1)):
        zhou = fresh(cast.zhou)
        assert zhou.may(DECIDE)
    with set_to(END):
        assert not zhou.may(DECIDE), "also for a copy that was loaded before"
        assert not fresh(cast.zhou).may(DECIDE)


@pytest.mark.usefixtures("at_now")
def test_right_lent_for_one_account_is_logged_as_lent_where_it_is_about_none(cast):
    write, account = Decision.POST_WRITE, make_account(cast.workspace)
    wish = RoleWish(title="Writes there", decisions=[write], accounts=[account.pk])
    role = make_role(cast.workspace, wish=wish, by=cast.admin, now=NOW)
    kim = join(cast.workspace, make_user("Kim"), role.slug)
    lend(kim, cast.lena, write)
    lena = fresh(cast.lena)
    require_somewhere(lena, write, workspace_id=cast.workspace.pk)
    assert lena.ref.label == "Lena for Kim"
    require_somewhere(kim, write, workspace_id=cast.workspace.pk)
    assert kim.ref.label == "Kim"


@pytest.mark.usefixtures("at_now")
def test_person_who_may_not_sign_in_decides_nothing_for_others_either(cast):
    lend(cast.lin, cast.maya)
    assert fresh(cast.maya).may(DECIDE)
    User.objects.filter(pk=cast.maya.user_id).update(is_active=False)
    assert not fresh(cast.maya).may(DECIDE)
    assert not fresh(cast.maya).may_somewhere(DECIDE)


def test_delegation_gives_nothing_before_it_starts(cast):
    with set_to(NOW):
        lend(cast.lin, cast.zhou, starts_at=NOW + timedelta(hours=1))
        assert not fresh(cast.zhou).may(DECIDE)
    with set_to(NOW + timedelta(hours=1)):
        assert fresh(cast.zhou).may(DECIDE)


@pytest.mark.usefixtures("at_now")
def test_delegated_right_goes_with_the_givers_own(cast):
    lend(cast.lin, cast.zhou)
    analyst = cast.workspace.roles.get(slug="analyst")
    change_roles(cast.lin, primary=analyst, further=[], seen=0, by=cast.admin, now=NOW)
    assert not fresh(cast.zhou).may(DECIDE)


@pytest.mark.usefixtures("at_now")
def test_delegation_cannot_be_delegated_on(cast):
    lend(cast.lin, cast.zhou)
    with pytest.raises(CannotLend) as refused:
        lend(fresh(cast.zhou), cast.maya)
    assert (refused.value.why, refused.value.decisions) == ("right", [DECIDE])
    assert DECIDE not in lendable_of(fresh(cast.zhou))


@pytest.mark.usefixtures("at_now")
def test_delegate_refuses_keys_and_what_the_giver_lacks(cast):
    keys = [d for d, duty in DUTIES.items() if not duty.lendable]
    assert set(keys) == {Decision.MEMBER_INVITE, Decision.MEMBER_ROLES, Decision.ROLE_EDIT}
    for decision in (*keys, DECIDE):
        with pytest.raises(CannotLend):
            lend(cast.admin, cast.zhou, decision)


@pytest.mark.usefixtures("at_now")
@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("nothing", {"decisions": []}),
        ("past", {"ends_at": NOW}),
        ("long", {"ends_at": NOW + timedelta(days=32)}),
        ("other", {"receiver": "lin"}),
        ("other", {"receiver": "wu"}),
    ],
)
def test_delegate_refuses_what_makes_no_sense(cast, why, changes):
    given = {"receiver": "zhou", "decisions": [DECIDE], "ends_at": END} | changes
    given["receiver"] = getattr(cast, given["receiver"])
    with pytest.raises(CannotLend) as refused:
        delegate(cast.lin, **given, by=cast.lin, now=NOW)
    assert refused.value.why == why
    assert not Delegation.objects.exists()


@pytest.mark.usefixtures("at_now")
def test_delegate_for_somebody_else_takes_the_right_to_give_roles(cast):
    with pytest.raises(NotAllowed):
        lend(cast.lin, cast.zhou, by=cast.lena)
    made = lend(cast.lin, cast.zhou, by=cast.admin)
    assert made.giver_id == cast.lin.pk
    with pytest.raises(NotAllowed):
        lend(cast.lin, cast.zhou, by=cast.wu)


@pytest.mark.usefixtures("at_now")
def test_end_delegation_takes_the_right_back_once(cast):
    made = lend(cast.lin, cast.zhou)
    with pytest.raises(NotAllowed):
        end_delegation(made, by=cast.maya, now=NOW)
    end_delegation(made, by=cast.zhou, now=NOW)
    assert not fresh(cast.zhou).may(DECIDE)
    assert last_sentence(cast.workspace) == "Zhou ended that Zhou decides for Lin"
    with pytest.raises(DelegationOver):
        end_delegation(made, by=cast.lin, now=NOW)


@pytest.mark.usefixtures("at_now")
def test_delegations_end_with_either_member(cast):
    lend(cast.lin, cast.zhou)
    lend(cast.lena, cast.lin, Decision.BRAND_EDIT)
    deactivate_member(cast.lin, seen=0, by=cast.admin, now=NOW)
    assert not Delegation.objects.not_over(now=NOW).exists()
    assert kinds(cast.workspace).count("people.delegation_ended") == 2


@pytest.mark.usefixtures("at_now")
def test_require_bars_the_author_whose_right_it_would_be(cast):
    lend(cast.lin, cast.zhou)
    zhou = fresh(cast.zhou)
    with pytest.raises(NotAllowed) as refused:
        require(zhou, DECIDE, workspace_id=cast.workspace.pk, author_id=cast.lin.pk)
    assert refused.value.reason == "lent_own"
    with pytest.raises(NotAllowed) as refused:
        require(zhou, DECIDE, workspace_id=cast.workspace.pk, author_id=cast.zhou.pk)
    assert refused.value.reason == "own_work"
    require(zhou, DECIDE, workspace_id=cast.workspace.pk, author_id=cast.maya.pk)


@pytest.mark.usefixtures("at_now")
def test_rights_cost_as_many_queries_for_many_roles_as_for_one(cast):
    lend(cast.lin, cast.zhou)

    def ask():
        with CaptureQueriesContext(connection) as queries:
            zhou = fresh(cast.zhou)
            zhou.may(DECIDE)
            zhou.may(Decision.POST_WRITE, account_id=1)
            zhou.decisions()
            zhou.may_somewhere(Decision.PUBLISH_NOW)
        return len(queries)

    before = ask()
    for number in range(6):
        wish = RoleWish(title=f"Further {number}", decisions=[Decision.AUDIT_READ])
        role = make_role(cast.workspace, wish=wish, by=cast.admin, now=NOW)
        cast.zhou.further_roles.add(role)
        cast.lin.further_roles.add(role)
    for name in ("Ida", "Ole"):
        lend(join(cast.workspace, make_user(name), "team_lead"), cast.zhou)
    assert ask() == before
