"""Fixtures of the search's tests."""

import pytest

from yanzhen.channels.tests.accounts import make_account
from yanzhen.channels.tests.site import BACKEND, SiteClient
from yanzhen.people.tests.cast import make_cast


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def account(cast):
    return make_account(cast.workspace, "Ferrow_ZH")


@pytest.fixture
def look(cast):
    """Ask an address of the search as somebody; returns the answer."""

    def ask(path="/search/", member=None, **asked):
        client = SiteClient()
        client.force_login((member or cast.zhou).user, backend=BACKEND)
        answer = client.get(path, asked)
        assert answer.status_code == 200
        return answer

    return ask
