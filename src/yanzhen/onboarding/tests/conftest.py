"""Fixtures of the first hour."""

import pytest

from yanzhen.channels.tests.practice import practice_server
from yanzhen.kernel.clock import set_to
from yanzhen.onboarding.tests.owner import make_owner
from yanzhen.people.tests.cast import NOW, make_cast


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def owner(db):
    return make_owner()


@pytest.fixture
def practice(settings, monkeypatch, tmp_path):
    settings.BASE_URL = "http://testserver"
    with practice_server(settings, monkeypatch, tmp_path) as running:
        yield running


@pytest.fixture
def enter(db, client):
    """Sign a member in and return the client, at the cast's moment."""

    def sign_in(member):
        client.force_login(member.user)
        return client

    with set_to(NOW):
        yield sign_in
