"""Fixtures of the framework's tests."""

import pytest

from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW, make_cast


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def enter(client):
    """Sign a member in and return the client."""
    with set_to(NOW):

        def sign_in(member):
            client.force_login(member.user)
            return client

        yield sign_in
