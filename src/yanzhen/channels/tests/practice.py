"""The practice server for tests: a running fake X, an app there, and ways through its consent."""

from __future__ import annotations

import re
import sys
import types
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx2

from xsim.testing import serve
from yanzhen.adapters.platforms.x.platform import XPlatform
from yanzhen.adapters.platforms.x.practice import XPractice
from yanzhen.channels import actions
from yanzhen.channels.models import Account
from yanzhen.channels.opening import opener
from yanzhen.channels.ports import AppKeys, Tokens

CALLBACK = "http://testserver/accounts/connected"
SCOPES = "tweet.read tweet.write users.read media.write offline.access tweet.moderate.write"


@dataclass
class Practice:
    """A fake X and our app there."""

    url: str
    sim: object
    app: object
    platform: XPlatform

    @property
    def keys(self) -> AppKeys:
        return AppKeys(self.app.client_id, self.app.client_secret or "")

    def id_of(self, handle):
        return self.sim.user(handle).id

    def tokens(self, handle, *, now, scope=SCOPES):
        """Give fresh OAuth 2.0 tokens as the token endpoint would."""
        told = self.sim.oauth2_token(self.app, handle, scope)
        return Tokens(
            "oauth2",
            told["access_token"],
            refresh=told.get("refresh_token", ""),
            expires_at=datetime.fromtimestamp(now.timestamp() + told["expires_in"], UTC),
            scopes=tuple(scope.split()),
        )

    def consent(self, url, handle, *, decision="approve"):
        """Go through the consent page as a browser would; return the query sent back to us."""
        with httpx2.Client(trust_env=False) as browser:
            page = browser.get(url)
            assert page.status_code == 200, page.text
            hidden = dict(
                re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
            )
            form = {name: unescape(value) for name, value in hidden.items()}
            answer = browser.post(
                f"{self.url}/i/oauth2/authorize",
                data={**form, "user": handle, "decision": decision},
            )
        assert answer.status_code in (302, 303), answer.text
        told = parse_qs(urlsplit(answer.headers["location"]).query)
        return {name: values[0] for name, values in told.items()}

    def calls(self, path, method="POST"):
        """Give the requests the server saw, oldest first."""
        return self.sim.journal(method=method, path=path, limit=1000)["entries"]


@contextmanager
def practice_server(settings, monkeypatch, tmp_path, *, public=False):
    """Run a fake X and make it the platform of this test; keys lie in the test's own folder."""
    with serve() as (url, sim):
        # Tests move our clock, not the server's; its limits are another matter.
        sim.set_limits(enabled=False)
        app = sim.add_app("Desk", redirect_uris=[CALLBACK], public=public)
        there = XPlatform(api_base=url, auth_base=url, web_base=url, timeout_seconds=5)
        module = types.ModuleType("practice_adapters")
        module.PLATFORMS = {"x": there}
        module.PRACTICE = XPractice(api_base=url)
        monkeypatch.setitem(sys.modules, "practice_adapters", module)
        settings.YANZHEN_ADAPTERS = "practice_adapters"
        settings.DATA = tmp_path
        opener()
        yield Practice(url, sim, app, there)


def set_app(practice: Practice, member, *, now) -> None:
    """Tell the workspace about the practice app."""
    actions.set_developer_app(
        member,
        client_id=practice.app.client_id,
        client_secret=practice.app.client_secret or "",
        confidential=bool(practice.app.client_secret),
        now=now,
    )


def connect(practice: Practice, member, handle="Ferrow", *, now, scope=SCOPES) -> Account:
    """Connect an account of the practice server with OAuth 2.0 tokens."""
    return actions.connect_with_tokens(
        member,
        None,
        app=practice.keys,
        tokens=practice.tokens(handle, now=now, scope=scope),
        now=now,
    )
