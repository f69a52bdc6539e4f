"""Fixtures of this room's tests."""

import pytest

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW, make_cast
from yanzhen.planning.tests.plan import make_post


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def account(cast):
    return make_account(cast.workspace)


@pytest.fixture
def post(account, cast):
    return make_post(account, cast.zhou, title="Seat 7A")


@pytest.fixture
def enter(client):
    """Sign a member in and return the client; the pages' clock stands at the cast's moment."""

    def sign_in(member):
        client.force_login(member.user)
        return client

    with set_to(NOW):
        yield sign_in
