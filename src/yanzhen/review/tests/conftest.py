"""Fixtures of review's tests."""

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
def store(settings, tmp_path):
    """Keep the test's files in a folder of its own."""
    own_store(settings, tmp_path)
