"""Two at once on one rota: each change waits for the other, and only one of two takes a swap."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from django.db import connection

from yanzhen.duty.actions.leaving import take_leave
from yanzhen.duty.actions.overriding import override_duty
from yanzhen.duty.actions.rotas import open_rota
from yanzhen.duty.actions.swapping import offer_swap, take_swap
from yanzhen.duty.models import Override, Swap, Turn
from yanzhen.duty.queries import gaps_of
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.states import SwapState
from yanzhen.duty.tests.duties import make_layer, utc
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def rota(cast):
    """Zhou and Maya take the weeks in turn."""
    found = open_rota(cast.workspace, by=cast.lin, now=NOW)
    make_layer(found, cast.lin, [cast.zhou, cast.maya])
    return found


def at_once(*acts):
    """Let every act run on a connection of its own, all from the same moment; return the errors."""
    start, errors = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
        except Exception as error:  # noqa: BLE001 -- the test looks at whatever it was
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def whole(rota):
    """Tell whether somebody is on duty all the time, and only one at once."""
    planned = Span(NOW, rota.laid_until_at)
    turns = list(Turn.objects.filter(rota=rota).primary().order_by("start_at"))
    apart = all(a.end_at <= b.start_at for a, b in pairwise(turns))
    return apart and not gaps_of(rota, planned)


def test_of_two_who_take_one_swap_at_once_one_has_it(rota, cast):
    swap = offer_swap(rota, given=Span(utc(3, 16), utc(3, 17)), by=cast.zhou, now=NOW)
    takers = [cast.lena, cast.admin]
    errors = at_once(
        *(
            lambda member=member: take_swap(Swap.objects.get(pk=swap.pk), by=member, now=NOW)
            for member in takers
        )
    )
    assert len(errors) == 1
    fresh = Swap.objects.get()
    assert (fresh.state, fresh.taker in takers) == (SwapState.TAKEN, True)
    assert Turn.objects.get(why="swap").member == fresh.taker
    assert whole(rota)


def test_changes_of_a_rota_and_of_its_people_at_once_all_stand(rota, cast):
    hours = Span(utc(3, 18), utc(3, 19))

    def override(member, keeper):
        return lambda: override_duty(
            rota, member=member, span=hours, reason="Launch", by=keeper, now=NOW
        )

    maya = Member.objects.get(pk=cast.maya.pk)
    errors = at_once(
        override(cast.lena, cast.lin),
        override(cast.admin, cast.lena),
        lambda: take_leave(cast.zhou, span=Span(utc(3, 5), utc(3, 6)), by=cast.zhou, now=NOW),
        lambda: deactivate_member(maya, seen=maya.revision, by=cast.admin, now=NOW),
    )
    assert errors == []
    newest = Override.objects.latest("pk")
    assert Turn.objects.get(rota=rota, start_at=hours.start).member == newest.member
    # Maya is gone and Zhou away for a day, which nobody else can take.
    assert gaps_of(rota, Span(NOW, utc(3, 20))) == [Span(utc(3, 5), utc(3, 6))]
