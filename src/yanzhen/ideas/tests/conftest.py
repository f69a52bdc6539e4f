"""Fixtures of ideas' tests."""

import pytest

from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.tests.cast import make_cast
from yanzhen.planning.tests.pictures import own_store


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


@pytest.fixture
def store(settings, tmp_path):
    """Files of one test lie in a folder of its own."""
    own_store(settings, tmp_path)
