import pytest

from yanzhen.channels.tests.practice import practice_server
from yanzhen.people.tests.cast import make_cast


@pytest.fixture
def practice(settings, monkeypatch, tmp_path):
    with practice_server(settings, monkeypatch, tmp_path) as running:
        yield running


@pytest.fixture
def cast(db):
    return make_cast()
