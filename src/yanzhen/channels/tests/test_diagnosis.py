"""Every known refusal becomes words that say what to do, in both languages."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import translation

from yanzhen.adapters.platforms.x import answers
from yanzhen.adapters.platforms.x.platform import XPlatform
from yanzhen.channels import actions, diagnosis
from yanzhen.channels.actions import CannotConnect
from yanzhen.channels.diagnosis import DIAGNOSES, Doing, cause_of
from yanzhen.channels.models import Account, Picture
from yanzhen.channels.ports import AppKeys, PlatformError, Tokens
from yanzhen.channels.states import AccountState
from yanzhen.channels.tests.site import as_
from yanzhen.kernel.clock import now as clock_now
from yanzhen.people.tests.cast import NOW

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
ME = {"data": {"id": "7", "username": "Ferrow", "name": "Ferrow"}}


@pytest.fixture
def x(settings, monkeypatch):
    """A server that answers as told: ``answers[path] = (status, body, headers)``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body, headers = told[self.path.partition("?")[0]]
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response_only(status)
            for name, value in {"Date": self.date_time_string(), **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 -- the name that http.server looks for

        def log_message(self, *args):
            pass

    told = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    there = XPlatform(api_base=url, auth_base=url, web_base=url, timeout_seconds=3)
    for module in ("connecting", "starting", "authority"):
        monkeypatch.setattr(f"yanzhen.channels.actions.{module}.platform", lambda slug: there)
    there.told, there.url = told, url
    yield there
    server.shutdown()
    server.server_close()


def problem(status, title="", detail="", kind="about:blank", **more):
    return status, {"title": title, "detail": detail, "type": kind, "status": status, **more}, {}


def type_of(name):
    return f"https://api.twitter.com/2/problems/{name}"


def says(detail, status=403, title="Forbidden"):
    return problem(status, title, detail)


def typed(status, title, slug, **more):
    return problem(status, title, "as X words it", type_of(slug), **more)


#: What X is known to answer to GET /2/users/me, and what we make of it.
ANSWERS = [
    (says("Unauthorized", 401, "Unauthorized"), "token_refused"),
    (typed(402, "Payment Required", "credits-depleted"), "no_credits"),
    (says("Your enrolled account has no credits", 402, "CreditsDepleted"), "no_credits"),
    (typed(403, "SpendCapReached", "credits", reset_date="2026-12-01"), "spend_cap"),
    (typed(403, "Client Forbidden", "client-forbidden"), "client_forbidden"),
    (typed(403, "Unsupported Authentication", "unsupported-authentication"), "unsupported_auth"),
    (says("You are not permitted to perform this action."), "forbidden"),
    (says("Your account is suspended and is not permitted"), "account_suspended"),
    (says("To protect our users, this account is temporarily locked."), "account_locked"),
    (says("This application has been suspended."), "app_suspended"),
    ((403, {"errors": [{"code": 64, "message": "suspended"}]}, {}), "account_suspended"),
    ((403, {"errors": [{"code": 326, "message": "Log in to unlock"}]}, {}), "account_locked"),
    (says("Too Many Requests", 429, "Too Many Requests"), "rate_limited"),
    (says("Service Unavailable", 503, "Service Unavailable"), "x_down"),
    ((200, b"<html>proxy</html>", {}), "unreadable"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "code"), ANSWERS, ids=[code for _, code in ANSWERS])
def test_connect_names_what_x_answers(x, cast, answer, code):
    x.told["/2/users/me"] = answer
    with pytest.raises(CannotConnect) as refused:
        actions.connect_with_tokens(
            cast.admin, None, app=AppKeys("id"), tokens=Tokens("oauth2", "t"), now=NOW
        )
    assert refused.value.code == code
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PlatformError("unsent", reason="lookup"), "no_name"),
        (PlatformError("unsent", reason="connect"), "no_connection"),
        (PlatformError("unsent", reason="tls"), "no_tls"),
        (PlatformError("unsent"), "unreachable"),
        (PlatformError("timeout", reason="timeout"), "slow"),
        (PlatformError("broken"), "unreachable"),
        (PlatformError("unauthorised", "Value passed was invalid", status=400), "code_refused"),
        (PlatformError("refused", "redirect_uri differs", status=400), "callback_refused"),
        (
            PlatformError("forbidden", "Missing valid authorization header", status=401),
            "app_refused",
        ),
        (PlatformError("refused", "Timestamp out of bounds.", status=400), "clock_wrong"),
    ],
)
def test_cause_while_trading_the_code(error, code):
    assert cause_of(error, doing=Doing.CODE) == code


@pytest.mark.parametrize("doing", Doing)
def test_every_cause_has_words(doing):
    codes = ("unauthorised", "forbidden", "refused", "rate_limited", "no_credits", "strange")
    for code in codes:
        assert cause_of(PlatformError(code, "x", status=400), doing=doing) in DIAGNOSES


def test_unreachable_names_fail_as_such():
    for url, code in (
        ("http://name.invalid", "no_name"),
        ("http://127.0.0.1:1", "no_connection"),
    ):
        there = XPlatform(api_base=url, auth_base=url, web_base=url, timeout_seconds=3)
        with pytest.raises(PlatformError) as failed:
            there.check_app(AppKeys("id", "secret"))
        assert cause_of(failed.value, doing=Doing.PAIR) == code


@pytest.mark.django_db
def test_wrong_clock_is_told_from_wrong_keys(x, cast):
    def paste():
        with pytest.raises(CannotConnect) as refused:
            actions.paste_keys(
                cast.admin,
                None,
                app=AppKeys(consumer_key="k", consumer_secret="s"),
                access_token="t",
                access_secret="s",
                now=clock_now(),
            )
        return refused.value

    x.told["/2/users/me"] = problem(401, "Unauthorized", "Unauthorized")
    assert paste().code == "keys_refused"
    status, body, _ = x.told["/2/users/me"]
    x.told["/2/users/me"] = (status, body, {"Date": "Mon, 02 Mar 2026 09:00:00 GMT"})
    found = paste()
    assert found.code == "clock_wrong"
    assert int(found.words["seconds"]) > 3600


@pytest.mark.django_db
@pytest.mark.parametrize(("level", "code"), [("read", "read_only"), ("read-write", ""), (None, "")])
def test_keys_that_may_only_read_are_refused(x, cast, level, code):
    x.told["/2/users/me"] = (200, ME, {"x-access-level": level} if level else {})
    app = AppKeys(consumer_key="k", consumer_secret="s")
    found = ""
    try:
        actions.paste_keys(
            cast.admin, None, app=app, access_token="t", access_secret="s", now=clock_now()
        )
    except CannotConnect as refused:
        found = refused.code
    assert found == code
    assert Account.objects.exists() is not bool(code)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "kept"), [(PNG, True), (b"<svg onload=alert(1)>", False), (PNG * 50_000, False)]
)
def test_picture_is_kept_when_it_is_one_and_served_as_nothing_else(x, cast, content, kept):
    address = f"{x.url}/face_normal.png".replace("http:", "https:")
    x.told["/2/users/me"] = (200, {"data": {**ME["data"], "profile_image_url": address}}, {})
    x.told["/face_400x400.png"] = (200, content, {"Content-Type": "text/html"})
    x._api = x._web = x.url.replace("http:", "https:")
    real = x._http

    class Plain:
        def get(self, url, **more):
            return real.get(url.replace("https:", "http:"), **more)

        def request(self, method, url, **more):
            return real.request(method, url.replace("https:", "http:"), **more)

    x._http = Plain()
    account = actions.connect_with_tokens(
        cast.admin, None, app=AppKeys("id"), tokens=Tokens("oauth1", "t", secret="s"), now=NOW
    )
    assert Picture.objects.exists() is kept
    shown = as_(cast.zhou).get(f"/accounts/{account.pk}/picture/")
    assert shown.status_code == (200 if kept else 404)
    if kept:
        assert (shown["Content-Type"], shown.content) == ("image/png", content)
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in shown["Content-Security-Policy"]
    assert as_(cast.wu).get(f"/accounts/{account.pk}/picture/").status_code == 404


def test_picture_of_the_real_x_is_not_fetched_in_practice():
    there = XPlatform(
        api_base="http://127.0.0.1:1",
        auth_base="",
        web_base="http://127.0.0.1:1",
        timeout_seconds=1,
    )
    assert there.picture("https://pbs.twimg.com/x_normal.jpg") == b""


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("code", sorted(DIAGNOSES))
def test_every_diagnosis_can_be_said(code, language):
    words = {"expected": "a", "found": "b", "handle": "c", "scopes": "d", "detail": "100% no"}
    with translation.override(language):
        for told in (words, {}):
            title, steps = diagnosis.explain(code, told)
            assert title
            assert steps
            assert not any("%(" in step for step in steps)
    with translation.override("en"):
        assert (str(DIAGNOSES[code].title) == title) is (language == "en")
    assert diagnosis.explain("no_such_code", {})[0] == diagnosis.explain("broken", {})[0]


def test_state_of_an_account_is_said_too():
    title, steps = diagnosis.explain_problem(AccountState.DISCONNECTED, {})
    assert (title, steps) == ("The connection needs a look", ["Disconnected"])


def test_meaning_keeps_x_s_own_slug():
    found = answers.meaning(403, json.dumps(ANSWERS[3][0][1]).encode(), {})
    assert (found.code, found.problem) == ("spend_cap", "spend-cap")
