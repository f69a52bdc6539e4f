"""The public client libraries, made to speak to the fake."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests

from xsim.tests import contract


class Rewriting(requests.Session):
    """Send what is meant for the real hosts to the fake."""

    def __init__(self, url):
        super().__init__()
        self.trust_env = False
        contract.watch_session(self)
        self._url = url

    def request(self, method, url, *args, **more):
        address = urlsplit(url)
        more.setdefault("timeout", 5)
        return super().request(method, self._url + address.path, *args, **more)


@pytest.fixture(autouse=True)
def _plain_http(monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def tweepy_client(sim, app, url):
    tweepy = pytest.importorskip("tweepy", reason="tweepy is not installed: make setup")
    token, secret = sim.oauth1_keys(app, "Ferrow")
    client = tweepy.Client(
        bearer_token=app.bearer_token,
        consumer_key=app.consumer_key,
        consumer_secret=app.consumer_secret,
        access_token=token,
        access_token_secret=secret,
    )
    client.session = Rewriting(url)
    yield client
    client.session.close()


def _xdk(url, **credentials):
    xdk = pytest.importorskip("xdk", reason="xdk is not installed: make setup")
    client = xdk.Client(base_url=url, **credentials)
    client.session.trust_env = False
    contract.watch_session(client.session)
    return client


@pytest.fixture
def xdk_client(sim, app, url):
    """xdk with a user's token."""
    client = _xdk(url, access_token=sim.oauth2_token(app, "Ferrow")["access_token"])
    yield client
    client.session.close()


@pytest.fixture
def xdk_app(app, url):
    """xdk with the app's own token."""
    client = _xdk(url, bearer_token=app.bearer_token)
    yield client
    client.session.close()
