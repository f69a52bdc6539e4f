"""Fixtures of review's tests."""

import pytest

from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.tests.cast import make_cast


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def account(cast):
    return make_account(cast.workspace)
