from datetime import UTC, datetime, timedelta

import pytest

from yanzhen.jobs.models import Lease

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def take(owner, now=NOW):
    return Lease.objects.take("loop", owner=owner, now=now, lease=MINUTE)


def test_take_gives_the_first_owner_fence_one_and_the_second_nothing():
    assert take("a") == 1
    assert take("b") is None


def test_take_again_by_the_owner_renews_without_a_new_fence():
    take("a")
    assert take("a", NOW + timedelta(seconds=30)) == 1
    assert take("b", NOW + timedelta(seconds=80)) is None


def test_take_after_expiry_changes_hands_with_a_higher_fence():
    assert take("a") == 1
    assert take("b", NOW + MINUTE) == 2
    assert take("a", NOW + 2 * MINUTE) == 3


def test_take_after_own_expiry_raises_the_fence_too():
    take("a")
    assert take("a", NOW + MINUTE) == 2


def test_keep_renews_only_with_the_current_fence():
    take("a")
    assert Lease.objects.keep("loop", owner="a", fence=1, now=NOW + MINUTE / 2, lease=MINUTE)
    take("b", NOW + 2 * MINUTE)
    assert not Lease.objects.keep("loop", owner="a", fence=1, now=NOW + 2 * MINUTE, lease=MINUTE)
    assert Lease.objects.get(pk="loop").owner == "b"


def test_give_back_frees_at_once_but_only_ones_own():
    take("a")
    Lease.objects.give_back("loop", owner="a", fence=0)
    assert take("b") is None
    Lease.objects.give_back("loop", owner="a", fence=1)
    assert take("b") == 2


def test_silent_since_names_loops_without_a_finished_run():
    take("a")
    Lease.objects.create(name="fresh", ok_at=NOW)
    assert [row.name for row in Lease.objects.silent_since(NOW)] == ["loop"]
