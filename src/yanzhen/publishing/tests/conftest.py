"""Fixtures of publishing's tests."""

import pytest

from xsim.testing import serve
from yanzhen.channels.tests.site import BACKEND, SiteClient
from yanzhen.people.tests.cast import make_cast
from yanzhen.publishing.engine import prepare
from yanzhen.publishing.tests.crew import Crew, remote_sim
from yanzhen.publishing.tests.desk import Clock, Desk, use_platform

HANDLES = ["Ferrow", "Ferrow_ZH", "FerrowDE", "FerrowCare"]


@pytest.fixture
def as_member():
    """Sign a member in, in a language; the client is the real site's, which opens no secret."""
    client = SiteClient()

    def sign_in(member, language="en"):
        member.user.language = language
        member.user.save()
        client.force_login(member.user, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def desk(db, settings, monkeypatch, tmp_path):
    """A desk on a fake X in a thread of this process, in one transaction."""
    monkeypatch.setattr(prepare, "_known_owners", set())
    with serve() as (url, sim):
        sim.set_limits(enabled=False)
        use_platform(settings, monkeypatch, tmp_path, url)
        keys = sim.app_keys(sim.add_app("Desk"), HANDLES)
        yield Desk(make_cast(), Clock(monkeypatch), url, sim, keys)


@pytest.fixture
def open_desk(transactional_db, settings, monkeypatch, tmp_path, live_server):
    """A desk like ``desk`` that a browser can look at; ``site`` is its address."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    monkeypatch.setattr(prepare, "_known_owners", set())
    with serve() as (url, sim):
        sim.set_limits(enabled=False)
        use_platform(settings, monkeypatch, tmp_path, url)
        keys = sim.app_keys(sim.add_app("Desk"), HANDLES)
        desk = Desk(make_cast(), Clock(monkeypatch), url, sim, keys)
        desk.site = live_server.url
        yield desk


@pytest.fixture
def field(transactional_db, settings, monkeypatch, tmp_path):
    """A desk whose fake X and workers are processes of their own; ``field.crew`` forks them."""
    monkeypatch.setattr(prepare, "_known_owners", set())
    with remote_sim() as sim:
        use_platform(settings, monkeypatch, tmp_path, sim.url)
        desk = Desk(make_cast(), Clock(monkeypatch), sim.url, sim, sim.app_keys(HANDLES))
        desk.crew = Crew(sim.url)
        try:
            yield desk
        finally:
            desk.crew.dismiss()
