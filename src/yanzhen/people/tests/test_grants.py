"""What holds for every team, every role and every delegation: rights as plain values."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yanzhen.people import grants
from yanzhen.people.grants import Grant, Loan

# A busy machine draws slowly; that says nothing about the rights.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SLUGS = ("post.write", "review.decide", "publish.now", "plan.theme")
ACCOUNTS = (1, 2, 3)
ROLES = (7, 8)

grant = st.builds(
    Grant,
    decisions=st.frozensets(st.sampled_from(SLUGS)),
    accounts=st.none() | st.frozensets(st.sampled_from(ACCOUNTS), min_size=1),
    roles=st.frozensets(st.sampled_from(ROLES), min_size=1),
)
owned = st.lists(grant, max_size=3)
places = st.none() | st.sampled_from(ACCOUNTS)


@st.composite
def loans(draw):
    begins = START + timedelta(minutes=draw(st.integers(-60, 60)))
    lasts = timedelta(seconds=draw(st.integers(1, 7200)))
    return Loan(
        giver=draw(st.integers(1, 3)),
        decisions=draw(st.frozensets(st.sampled_from(SLUGS))),
        starts_at=begins,
        ends_at=begins + lasts,
        grants=tuple(draw(owned)),
    )


def decides(own, lent, slug, at, account, *, role=None, barred=()):
    return grants.authority(own, lent, slug, at=at, account_id=account, role=role, barred=barred)


@calm
@given(st.lists(loans(), max_size=3), st.sampled_from(SLUGS), places, st.integers(-90, 150))
def test_nobody_gets_by_delegation_what_no_delegator_may(lent, slug, account, minutes):
    at = START + timedelta(minutes=minutes)
    by = decides([], lent, slug, at, account)
    able = {each.giver for each in lent if decides(each.grants, [], slug, at, account)}
    if by is not None:
        assert by.giver in able


@calm
@given(owned, st.lists(loans(), max_size=3), st.sampled_from(SLUGS), places)
def test_running_rights_are_own_and_lent_and_nothing_else(own, lent, slug, account):
    everything = grants.held(own, account) | grants.lent(lent, at=START, account_id=account)
    assert (slug in everything) == (decides(own, lent, slug, START, account) is not None)


@calm
@given(owned, st.sampled_from(SLUGS), st.sampled_from(ACCOUNTS))
def test_scoped_role_never_acts_outside_its_accounts(own, slug, account):
    scoped = [each for each in own if each.accounts is not None and account not in each.accounts]
    assert decides(scoped, [], slug, START, account) is None
    assert decides(scoped, [], slug, START, None) is None
    assert not any(grants.stands_in(scoped, role, account) for role in ROLES)


@calm
@given(loans(), st.sampled_from(SLUGS), places)
def test_ended_delegation_gives_nothing_from_that_very_second(loan, slug, account):
    for at in (
        loan.ends_at,
        loan.ends_at + timedelta(days=1),
        loan.starts_at - timedelta(seconds=1),
    ):
        assert decides([], [loan], slug, at, account) is None
        assert not grants.lent([loan], at=at, account_id=account)
        assert not grants.lent_somewhere([loan], at=at)
    last = loan.ends_at - timedelta(microseconds=1)
    given_then = decides([], [loan], slug, last, account) is not None
    assert given_then == (slug in loan.decisions & grants.held(loan.grants, account))


@calm
@given(owned, st.lists(loans(), max_size=3), st.sampled_from(SLUGS), places)
def test_barred_member_lends_nothing_there(own, lent, slug, account):
    barred = {1, 2, 3}
    by = decides(own, lent, slug, START, account, barred=barred)
    assert by == decides(own, [], slug, START, account)


@calm
@given(owned, st.lists(loans(), max_size=2), st.sampled_from(SLUGS), places, st.sampled_from(ROLES))
def test_own_right_is_used_before_a_lent_one(own, lent, slug, account, role):
    if decides(own, [], slug, START, account, role=role) is not None:
        assert decides(own, lent, slug, START, account, role=role) == grants.OWN
