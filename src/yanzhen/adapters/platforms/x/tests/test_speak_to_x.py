"""The client against the fake X over real HTTP: what goes out, and what each answer becomes."""

import json
import time
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from oauthlib import oauth1

from xsim.testing import serve
from yanzhen.adapters.platforms.x.oauth1 import SignedBy
from yanzhen.adapters.platforms.x.platform import XPlatform
from yanzhen.channels.ports import AppKeys, OutgoingPost, PlatformError, Sent, Tokens

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
CREATE = {"method": "POST", "route": "/2/tweets"}


@pytest.fixture(scope="module")
def served():
    with serve() as running:
        yield running


@pytest.fixture
def x(served):
    url, sim = served
    sim.reset()
    app = sim.add_app("Desk", redirect_uris=["http://127.0.0.1/back"])
    platform = XPlatform(api_base=url, auth_base=url, web_base=url + "/", timeout_seconds=5)
    return platform, sim, app


def tokens_for(sim, app, handle, kind):
    if kind == "oauth1":
        token, secret = sim.oauth1_keys(app, handle)
        return Tokens("oauth1", token, secret=secret)
    told = sim.oauth2_token(app, handle)
    return Tokens("oauth2", told["access_token"], refresh=told["refresh_token"])


def session_for(x, handle="Ferrow", kind="oauth2"):
    platform, sim, app = x
    keys = AppKeys(app.client_id, app.client_secret or "", app.consumer_key, app.consumer_secret)
    return platform.writer(keys, tokens_for(sim, app, handle, kind))


@pytest.mark.parametrize("kind", ["oauth1", "oauth2"])
def test_whole_life_of_a_thread(x, kind):
    _, sim, _ = x
    session = session_for(x, kind=kind)
    me = session.me()
    assert (me.handle, me.name, me.premium) == ("Ferrow", "Ferrow", True)
    text = "雁阵 & <b> “quotes” 👩‍👩‍👧 https://example.com/a?b=1&c=2\nsecond line"
    first = session.send(OutgoingPost(text), timeout_seconds=5)
    assert (first.sent, first.code, first.status) == (Sent.CREATED, "created", 201)
    assert first.rates[0].limit == 100
    assert first.rates[0].remaining == 99
    assert first.rates[0].resets_at > datetime.now(UTC)
    second = session.send(OutgoingPost("and on", reply_to_id=first.post_id), timeout_seconds=5)
    assert [p["text"] for p in sim.posts("Ferrow")] == [text, "and on"]
    newest, oldest = session.own_posts(me.id, since_id="")
    assert (oldest.id, oldest.text, oldest.author_id) == (first.post_id, text, me.id)
    assert (newest.reply_to_id, newest.conversation_id) == (first.post_id, first.post_id)
    assert abs(newest.created_at - datetime.now(UTC)) < timedelta(seconds=30)
    assert [p.id for p in session.own_posts(me.id, since_id=first.post_id)] == [second.post_id]
    assert session.own_posts(me.id, since_id=second.post_id) == []
    found = session.posts([first.post_id, "1", second.post_id])
    assert set(found) == {first.post_id, second.post_id}
    assert found[first.post_id].metrics.likes is not None
    assert session.posts(["1"]) == {}
    assert session.posts([]) == {}
    for _again in range(2):
        gone = session.delete(second.post_id, timeout_seconds=5)
        assert (gone.sent, gone.post_id) == (Sent.CREATED, second.post_id)
    assert set(session.posts([first.post_id, second.post_id])) == {first.post_id}


def test_posts_takes_at_most_a_hundred_ids(x):
    with pytest.raises(ValueError, match="100"):
        session_for(x).posts(["1"] * 101)


ANSWERS = [
    ({"do": "accept_then_hang"}, "timeout", None, 1),
    ({"do": "accept_then_reset"}, "broken", None, 1),
    ({"do": "accept_then_500"}, "server_error", 500, 1),
    ({"do": "accept_then_502"}, "server_error", 502, 1),
    ({"do": "accept_then_503"}, "server_error", 503, 1),
    ({"do": "accept_then_504"}, "server_error", 504, 1),
    ({"do": "accept_then_garbage", "garbage": "no_id"}, "unreadable", 201, 1),
    ({"do": "accept_then_garbage", "garbage": "html"}, "unreadable", None, 1),
    ({"do": "accept_then_garbage", "garbage": "truncated"}, "unreadable", None, 1),
    ({"do": "accept_then_garbage", "garbage": "empty"}, "unreadable", None, 1),
    ({"do": "403_but_created"}, None, 403, 1),
    ({"do": "reject_500"}, "server_error", 500, 0),
    ({"do": "reject_502"}, "server_error", 502, 0),
    ({"do": "reject_503"}, "server_error", 503, 0),
    ({"do": "reject_504"}, "server_error", 504, 0),
    ({"do": "reject_reset"}, "broken", None, 0),
    ({"do": "reject_hang"}, "timeout", None, 0),
    ({"do": "401"}, "unauthorised", 401, 0),
    ({"do": "402"}, "no_credits", 402, 0),
    ({"do": "spend_cap"}, "spend_cap", 403, 0),
    ({"do": "403_duplicate"}, "duplicate", 403, 0),
    ({"do": "403_reply_gate"}, "reply_gate", 403, 0),
    ({"do": "403_not_permitted"}, "forbidden", 403, 0),
    ({"do": "429"}, "rate_limited", 429, 0),
]


@pytest.mark.parametrize(("fault", "code", "status", "stored"), ANSWERS)
def test_send_tells_every_answer_as_unknown_and_tries_once(x, fault, code, status, stored):
    _, sim, _ = x
    settings = {name: value for name, value in fault.items() if name != "do"}
    sim.fault(fault["do"], match=CREATE, **settings)
    began = time.monotonic()
    result = session_for(x).send(OutgoingPost("once"), timeout_seconds=1)
    assert time.monotonic() - began < 2.5
    assert result.sent is Sent.UNKNOWN
    assert result.post_id == ""
    if code is not None:
        assert result.code == code
    if status is not None:
        assert result.status == status
    assert len(sim.posts("Ferrow")) == stored
    assert sim.journal(method="POST", route="/2/tweets")["total"] == 1


def test_send_duplicate_too_long_and_strangers_are_told_apart(x):
    _, sim, _ = x
    session = session_for(x, "FerrowDE")
    session.send(OutgoingPost("same"), timeout_seconds=5)
    assert session.send(OutgoingPost("same"), timeout_seconds=5).code == "duplicate"
    too_long = session.send(OutgoingPost("雁" * 141), timeout_seconds=5)
    assert too_long.status in (400, 403)
    assert too_long.code in ("refused", "forbidden")
    strangers = sim.publish("tessa_vdk", "Nobody here is mentioned")
    reply = session.send(OutgoingPost("hi", reply_to_id=strangers), timeout_seconds=5)
    assert reply.code == "reply_gate"
    assert "mentioned" in reply.detail


def test_send_to_nobody_is_provably_unsent():
    platform = XPlatform(
        api_base="http://127.0.0.1:9", auth_base="", web_base="", timeout_seconds=1
    )
    session = platform.writer(AppKeys(), Tokens("oauth2", "t"))
    result = session.send(OutgoingPost("x"), timeout_seconds=1)
    assert (result.sent, result.code, result.status) == (Sent.UNSENT, "unsent", None)
    with pytest.raises(PlatformError) as failed:
        session.me()
    assert failed.value.code == "unsent"


def test_send_rate_limit_keeps_x_own_headers(x):
    _, sim, _ = x
    sim.set_limits(routes={"POST /2/tweets": {"user": 1, "app": 10}})
    session = session_for(x)
    assert session.send(OutgoingPost("1"), timeout_seconds=5).rates[0].remaining == 0
    refused = session.send(OutgoingPost("2"), timeout_seconds=5)
    assert (refused.code, refused.rates[0].remaining, refused.rates[0].limit) == (
        "rate_limited",
        0,
        1,
    )
    left = refused.rates[0].resets_at - datetime.now(UTC)
    assert timedelta(0) < left < timedelta(minutes=16)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("lookup_503", "server_error"),
        ("reject_reset", "broken"),
        ("429", "rate_limited"),
        ("401", "unauthorised"),
        ("402", "no_credits"),
    ],
)
def test_failing_lookup_is_never_an_empty_answer(x, fault, code):
    _, sim, _ = x
    session = session_for(x)
    me = session.me()
    sim.fault(fault, times=0)
    for lookup in (
        lambda: session.own_posts(me.id, since_id=""),
        lambda: session.posts(["1"]),
    ):
        with pytest.raises(PlatformError) as failed:
            lookup()
        assert failed.value.code == code


def answering(body, status=200):
    """Give a session whose every call is answered with ``body``, and the requests it made."""
    seen = []

    def answer(request):
        seen.append(request)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx2.Response(status, content=raw)

    platform = XPlatform(api_base="https://x.test", auth_base="", web_base="", timeout_seconds=1)
    platform._http = httpx2.Client(transport=httpx2.MockTransport(answer))
    return platform.writer(AppKeys(), Tokens("oauth2", "secret-token")), seen


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        {},
        {"data": {}},
        {"data": None, "meta": {}},
        {"meta": {"result_count": 3}},
        {"errors": [{"title": "Forbidden", "detail": "no secret-token here"}]},
        {"data": [{"text": "no id"}]},
    ],
)
def test_own_posts_with_a_strange_answer_is_an_error(body):
    session, _ = answering(body)
    with pytest.raises(PlatformError) as failed:
        session.own_posts("1", since_id="")
    assert failed.value.code == "unreadable"
    assert "secret-token" not in str(failed.value)


def test_posts_with_another_kind_of_partial_error_is_an_error():
    session, _ = answering({"data": [], "errors": [{"title": "Internal Error"}]})
    with pytest.raises(PlatformError):
        session.posts(["1"])


def test_own_posts_asks_within_what_x_takes():
    session, seen = answering({"meta": {"result_count": 0}})
    for limit in (1, 20, 500):
        assert session.own_posts("7", since_id="5", limit=limit) == []
    assert [s.url.params["max_results"] for s in seen] == ["5", "20", "100"]
    assert {s.url.params["since_id"] for s in seen} == {"5"}


@pytest.mark.parametrize(
    "body", [{"data": {"id": 548}}, {"data": {"id": "548", "edit_history_post_ids": ["548"]}}]
)
def test_send_reads_the_id_of_any_dialect(body):
    session, _ = answering(body, 201)
    assert session.send(OutgoingPost("x"), timeout_seconds=1).post_id == "548"


@pytest.mark.parametrize("body", [{"data": {"id": ""}}, {"data": ["1"]}, {"id": "1"}, b"\xff"])
def test_send_without_a_readable_id_is_unknown(body):
    session, _ = answering(body, 201)
    result = session.send(OutgoingPost("x"), timeout_seconds=1)
    assert (result.sent, result.code) == (Sent.UNKNOWN, "unreadable")


class Checker(oauth1.RequestValidator):
    enforce_ssl = False
    client_key_length = request_token_length = access_token_length = (1, 50)

    def validate_timestamp_and_nonce(self, *args, **kwargs):
        return True

    def validate_client_key(self, *args):
        return True

    def validate_access_token(self, *args):
        return True

    def validate_realms(self, *args, **kwargs):
        return True

    def get_client_secret(self, *args):
        return "cs"

    def get_access_token_secret(self, *args):
        return "ts"

    @property
    def dummy_client(self):
        return "dummy"

    @property
    def dummy_access_token(self):
        return "dummy"


@pytest.mark.parametrize(
    "kwargs", [{"json": {"text": "雁 & more"}}, {"data": {"b": "2 x", "a": "é"}}, {}]
)
def test_oauth1_signature_is_right_and_the_body_goes_out(kwargs):
    seen = []

    def answer(request):
        seen.append(request)
        return httpx2.Response(200)

    auth = SignedBy(consumer_key="ck", consumer_secret="cs", token="t", token_secret="ts")
    with httpx2.Client(transport=httpx2.MockTransport(answer), auth=auth) as http:
        http.post("https://x.test/2/tweets?a=1&b=%20", **kwargs)
    request = seen[0]
    plain = httpx2.Request("POST", "https://x.test/", **kwargs)
    assert request.content == plain.read()

    valid, _ = oauth1.ResourceEndpoint(Checker()).validate_protected_resource_request(
        str(request.url), "POST", request.content.decode() or None, dict(request.headers)
    )
    assert valid


def test_authorize_url_says_who_asks_for_what_and_where_to(x):
    platform, _, _ = x
    url = platform.authorize_url(
        AppKeys("id/1", "s"), redirect_uri="https://d/e", state="st", code_challenge="ch"
    )
    params = httpx2.URL(url).params
    assert params["client_id"] == "id/1"
    assert params["redirect_uri"] == "https://d/e"
    assert (params["state"], params["code_challenge"], params["code_challenge_method"]) == (
        "st",
        "ch",
        "S256",
    )
    assert "+" not in url.partition("scope=")[2].partition("&")[0]


def test_platform_knows_its_origin_and_its_posts(x):
    platform, _, _ = x
    real = XPlatform(
        api_base="https://API.x.com/",
        auth_base="https://x.com",
        web_base="https://x.com/",
        timeout_seconds=1,
        origin="x.com",
    )
    assert real.origin == "x.com"
    assert platform.origin == "practice"
    assert real.post_url("Ferrow", "7") == "https://x.com/Ferrow/status/7"
