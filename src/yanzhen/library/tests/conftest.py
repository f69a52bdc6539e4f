"""Fixtures of the library's tests."""

import pytest

from yanzhen.library.storing import storage
from yanzhen.people.tests.cast import make_cast


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A store of one's own for each test, and a place for files on their way in."""
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = incoming
    kinds = {**settings.STORAGES}
    kinds["media"] = {**kinds["media"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = kinds
    yield tmp_path / "media"
    assert not list(incoming.iterdir()), "something was left behind on its way in"
    assert storage().path("x").startswith(str(tmp_path))
