"""Fixtures of the room's tests."""

import pytest

from yanzhen.people.tests.cast import make_cast


@pytest.fixture
def cast(db):
    return make_cast()
