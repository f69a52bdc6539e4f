"""One fake server for all tests of a worker, emptied before each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx2
import pytest

from xsim.sim import Sim
from xsim.testing import Served, serve
from xsim.tests import plain
from xsim.tests.clients import (  # noqa: F401 -- fixtures are used by name
    _plain_http,
    tweepy_client,
    xdk_app,
    xdk_client,
)
from xsim.tests.listening import add_rule

CALLBACK = "http://127.0.0.1:9/callback?from=x"


@pytest.fixture(scope="session")
def running() -> Iterator[Served]:
    with serve(seed=7) as served:
        yield served


@pytest.fixture
def sim(running: Served) -> Sim:
    running.sim.reset()
    return running.sim


@pytest.fixture
def url(running: Served) -> str:
    return running.url


@pytest.fixture
def app(sim: Sim):
    return sim.add_app("Tests", redirect_uris=[CALLBACK])


@pytest.fixture
def client_of(sim: Sim, app, url: str) -> Iterator[Callable[..., httpx2.Client]]:
    """Make an HTTP client that acts for a user by OAuth 2."""
    made: list[httpx2.Client] = []

    def make(username: str, **more: str) -> httpx2.Client:
        token = sim.oauth2_token(app, username, **more)["access_token"]
        client = plain.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=5)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def ferrow(client_of) -> httpx2.Client:
    return client_of("Ferrow_ZH")


@pytest.fixture
def alone(app, url: str) -> Iterator[httpx2.Client]:
    """The app without a user, as streams ask for it."""
    headers = {"Authorization": f"Bearer {app.bearer_token}"}
    with plain.Client(base_url=url, headers=headers, timeout=5) as client:
        yield client


@pytest.fixture
def ruled(alone: httpx2.Client) -> httpx2.Client:
    """The same, with a rule for its stream."""
    add_rule(alone, "bag", tag="bags")
    return alone
