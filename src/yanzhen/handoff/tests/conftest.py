"""Fixtures of this room's tests."""

import pytest

from yanzhen.handoff.tests.shifts import lead_with
from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW, make_cast


@pytest.fixture
def cast(db):
    """Lena has the lead, and Zhou is to take it."""
    cast = make_cast()
    lead_with(cast, cast.lena)
    return cast


@pytest.fixture
def enter(client):
    """Sign a member in and return the client; the pages' clock stands at the cast's moment."""

    def sign_in(member):
        client.force_login(member.user)
        return client

    with set_to(NOW):
        yield sign_in
