"""Fixtures of people's tests."""

import pytest
from django.core.cache import cache

from yanzhen.people.tests.cast import PASSWORD, make_cast


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    """Rate limits live in the cache, which no transaction rolls back for transactional tests."""
    cache.clear()


@pytest.fixture
def sign_in(client):
    """Sign a member in for real and return the client."""

    def enter(member):
        answer = client.post("/sign-in/", {"email": member.user.email, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    return enter
