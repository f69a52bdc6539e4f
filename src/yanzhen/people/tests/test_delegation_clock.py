"""Both hear when a delegation begins, nears its end and ends; each once, whoever was asleep."""

from datetime import timedelta

import pytest

from yanzhen.kernel.clock import set_to
from yanzhen.notify.models import Notice
from yanzhen.people.actions.delegation_clock import tell_of_delegations
from yanzhen.people.actions.delegations import delegate, end_delegation
from yanzhen.people.rights import Decision
from yanzhen.people.tests.cast import NOW
from yanzhen.people.tests.told import kinds, last_sentence

HOUR = timedelta(hours=1)
TIMED = ("people.delegation_begun", "people.delegation_ending", "people.delegation_over")


@pytest.fixture(autouse=True)
def _at_now():
    with set_to(NOW):
        yield


def lend(cast, *, start=0.0, end=8.0):
    return delegate(
        cast.lin,
        receiver=cast.zhou,
        decisions=[Decision.REVIEW_DECIDE],
        starts_at=NOW + start * HOUR,
        ends_at=NOW + end * HOUR,
        by=cast.lin,
        now=NOW,
    )


def timed(cast):
    return [
        kind.removeprefix("people.delegation_") for kind in kinds(cast.workspace) if kind in TIMED
    ]


def told(kind):
    rows = Notice.objects.filter(kind=f"people.delegation_{kind}")
    return sorted(notice.member.user.name for notice in rows)


def test_each_moment_is_told_once_to_both(cast):
    lend(cast, start=2)
    for hours, so_far in (
        (1.9, []),
        (2, ["begun"]),
        (6.9, ["begun"]),
        (7, ["begun", "ending"]),
        (7.9, ["begun", "ending"]),
        (8, ["begun", "ending", "over"]),
        (9, ["begun", "ending", "over"]),
    ):
        tell_of_delegations(now=NOW + hours * HOUR)
        assert timed(cast) == so_far, hours
    assert last_sentence(cast.workspace) == (
        "Zhou no longer decides for Lin: the time was over at 2 Mar 2026, 17:00 (UTC)"
    )
    assert [told(kind) for kind in ("begun", "ending", "over")] == [["Lin", "Zhou"]] * 3


def test_one_that_begins_at_once_is_told_by_whoever_made_it(cast):
    lend(cast)
    assert tell_of_delegations(now=NOW) == 0
    assert sorted(n.member.user.name for n in Notice.objects.filter(kind="people.delegated")) == [
        "Zhou"
    ]


def test_a_short_one_has_no_last_hour(cast):
    lend(cast, end=1)
    assert tell_of_delegations(now=NOW + HOUR / 2) == 0
    tell_of_delegations(now=NOW + HOUR)
    assert timed(cast) == ["over"]


def test_what_passed_while_nobody_looked_is_told_as_over_only(cast):
    lend(cast, start=2)
    assert tell_of_delegations(now=NOW + 30 * HOUR) == 1
    assert timed(cast) == ["over"]


def test_one_taken_back_is_told_by_who_took_it_and_never_again(cast):
    made = lend(cast)
    end_delegation(made, by=cast.admin, now=NOW + HOUR)
    assert tell_of_delegations(now=NOW + 9 * HOUR) == 0
    assert told("ended") == ["Lin", "Zhou"]
