"""Fixtures of planning's tests."""

import pytest

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW, make_cast
from yanzhen.planning.tests.pictures import own_store
from yanzhen.planning.tests.plan import make_post


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def account(cast):
    return make_account(cast.workspace)


@pytest.fixture
def post(account, cast):
    return make_post(account, cast.zhou)


@pytest.fixture
def at_now():
    """Hold the clock of the pages at the cast's moment."""
    with set_to(NOW):
        yield


@pytest.fixture
def enter(client, at_now):
    """Sign a member in and return the client."""

    def sign_in(member):
        client.force_login(member.user)
        return client

    return sign_in


@pytest.fixture
def store(settings, tmp_path):
    """Keep the test's files in a folder of its own."""
    own_store(settings, tmp_path)
