"""Fixtures of ideas' tests."""

import pytest

from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.tests.cast import make_cast


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def account(cast):
    return make_account(cast.workspace)


@pytest.fixture
def enter(client):
    """Sign a member in and return the client."""

    def sign_in(member):
        client.force_login(member.user)
        return client

    return sign_in
