from __future__ import annotations

import contextlib
import json
import time

import httpx2
import pytest

from xsim.tests import plain
from xsim.tests.test_posts import made, post, reply_to

STREAM, RULES = "/2/tweets/search/stream", "/2/tweets/search/stream/rules"
ACTIVITY, SUBSCRIPTIONS = "/2/activity/stream", "/2/activity/subscriptions"


@pytest.fixture
def alone(app, url):
    headers = {"Authorization": f"Bearer {app.bearer_token}"}
    with plain.Client(base_url=url, headers=headers, timeout=5) as client:
        yield client


@pytest.fixture
def ruled(alone):
    add_rule(alone, "bag", tag="bags")
    return alone


def add_rule(client, value, **more):
    answer = client.post(RULES, json={"add": [{"value": value, **more}]})
    assert answer.status_code == 201, answer.text
    return answer.json()["data"][0]["id"]


class Listening:
    """An open stream, read piece by piece."""

    def __init__(self, answer):
        self.answer = answer
        self.pieces = answer.iter_raw()
        self.rest = b""

    def piece(self):
        return next(self.pieces)

    def item(self):
        while True:
            line, found, rest = self.rest.partition(b"\r\n")
            if found:
                self.rest = rest
                if line:
                    return json.loads(line)
            else:
                self.rest += self.piece()


@contextlib.contextmanager
def listening(client, sim, path=STREAM, **query):
    before = len(sim.streams())
    with client.stream("GET", path, params=query) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        wait_for(lambda: len(sim.streams()) > before or sim.faults())
        yield Listening(answer)


def wait_for(check):
    deadline = time.monotonic() + 3
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_rules_are_added_listed_and_deleted(alone):
    assert "data" not in alone.get(RULES).json()
    first = add_rule(alone, "bag", tag="bags")
    second = add_rule(alone, "from:Ferrow")
    got = alone.get(RULES).json()
    assert got["data"] == [
        {"id": first, "value": "bag", "tag": "bags"},
        {"id": second, "value": "from:Ferrow"},
    ]
    assert got["meta"]["result_count"] == 2
    assert alone.get(RULES, params={"ids": second}).json()["data"][0]["id"] == second
    done = alone.post(RULES, json={"delete": {"ids": [first, "12"]}}).json()
    assert done["meta"]["summary"] == {"deleted": 1, "not_deleted": 1}
    assert done["errors"][0]["resource_id"] == "12"
    done = alone.post(RULES, json={"delete": {"values": ["from:Ferrow"]}}).json()
    assert done["meta"]["summary"]["deleted"] == 1
    assert "data" not in alone.get(RULES).json()


def test_rules_that_are_wrong_or_known_are_told_one_by_one(alone):
    add_rule(alone, "bag")
    wishes = [{"value": value} for value in ("bag", "is:reply", "case", "case", "x" * 1025)]
    answer = alone.post(RULES, json={"add": wishes}).json()
    assert [one["value"] for one in answer["data"]] == ["case"]
    assert [one["type"].rsplit("/", 1)[1] for one in answer["errors"]] == [
        "duplicate-rules",
        "invalid-rules",
        "duplicate-rules",
        "invalid-rules",
    ]
    assert answer["meta"]["summary"] == {"created": 1, "not_created": 4, "valid": 3, "invalid": 2}


def test_rules_can_be_tried_and_all_deleted(alone):
    twice = {"add": [{"value": "bag"}, {"value": "bag"}]}
    tried = alone.post(RULES, params={"dry_run": "true"}, json=twice)
    assert tried.json()["meta"]["summary"]["created"] == 1
    assert "data" not in alone.get(RULES).json()
    add_rule(alone, "bag")
    alone.post(RULES, params={"dry_run": "true", "delete_all": "true"}, json={})
    assert alone.get(RULES).json()["meta"]["result_count"] == 1
    alone.post(RULES, params={"delete_all": "true"}, json={})
    assert alone.get(RULES).json()["meta"]["result_count"] == 0


def test_rules_have_a_cap(alone, sim):
    for number in range(999):
        sim.world.store.insert(
            "stream_rules",
            {
                "id": number + 1,
                "client_id": sim.add_app("Tests").client_id,
                "value": f"w{number}",
            },
        )
    answer = alone.post(RULES, json={"add": [{"value": "a"}, {"value": "b"}]}).json()
    assert len(answer["data"]) == 1
    assert answer["errors"][0]["type"].endswith("rule-cap")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"add": []},
        {"add": "x"},
        {"add": [{"value": 1}]},
        {"add": [{"value": "a", "x": 1}]},
        {"delete": {}},
        {"delete": {"ids": "x"}},
        {"delete": "x"},
        {"add": [{"value": "a"}], "delete": {"ids": ["1"]}},
    ],
)
def test_rules_refuse_ill_formed_wishes(alone, body):
    assert alone.post(RULES, json=body).status_code == 400


def test_stream_is_for_apps_with_rules(alone, ferrow):
    assert alone.get(STREAM).status_code == 409
    assert alone.get(STREAM).json()["connection_issue"] == "RuleConfigurationIssue"
    assert ferrow.get(STREAM).status_code == 403


def test_stream_tells_of_matching_posts(ruled, sim, ferrow):
    query = {"tweet.fields": "author_id", "expansions": "author_id"}
    with listening(ruled, sim, **query) as stream:
        made(ferrow, "Nothing for you")
        post_id = made(ferrow, "一个 bag")
        item = stream.item()
        assert item["data"]["id"] == post_id
        assert item["data"]["text"] == "一个 bag"
        assert item["includes"]["users"][0]["username"] == "Ferrow_ZH"
        assert [rule["tag"] for rule in item["matching_rules"]] == ["bags"]
        add_rule(ruled, "case")
        sim.publish("gear_atlas", "Case and bag, by hand")
        assert len(stream.item()["matching_rules"]) == 2
    wait_for(lambda: sim.streams() == [])
    assert sim.money(sim.add_app("Tests"))["charges"]["post_read"]["count"] == 2


def test_stream_lives_by_heartbeats(ruled, sim):
    sim.set_keep_alive(0.05)
    with listening(ruled, sim) as stream:
        assert [stream.piece() for _ in range(3)] == [b"\r\n"] * 3


def test_one_connection_at_a_time(ruled, sim):
    with listening(ruled, sim):
        refused = ruled.get(STREAM)
        assert refused.status_code == 429
        assert refused.json() == {
            "title": "ConnectionException",
            "detail": "This stream is currently at the maximum allowed connection limit.",
            "connection_issue": "TooManyConnections",
            "type": "https://api.x.com/2/problems/streaming-connection",
        }
    wait_for(lambda: sim.streams() == [])
    with listening(ruled, sim):
        pass


def test_fault_too_many_connections(ruled, sim):
    sim.fault("stream_too_many")
    assert [ruled.get(STREAM).status_code] == [429]


def test_fault_missed_heartbeats(ruled, sim):
    sim.set_keep_alive(0.03)
    sim.fault("stream_silent", items=1)
    with listening(ruled, sim) as stream:
        assert stream.piece() == b"\r\n"
        sim.publish("gear_atlas", "bag 1")
        assert stream.item()["data"]["text"] == "bag 1"
        sim.publish("gear_atlas", "bag 2")
        ruled.timeout = 0.3
        time.sleep(0.2)
        assert stream.rest == b""


def test_fault_silence_from_the_start(ruled, sim):
    sim.set_keep_alive(0.02)
    sim.fault("stream_silent")
    with (
        pytest.raises(httpx2.ReadTimeout),
        ruled.stream("GET", STREAM, timeout=0.3) as answer,
    ):
        next(answer.iter_raw())


def test_fault_clean_close(ruled, sim):
    sim.fault("stream_close", times=2)
    for _ in range(2):
        with ruled.stream("GET", STREAM) as answer:
            assert (answer.status_code, answer.read()) == (200, b"")
    wait_for(lambda: sim.streams() == [])


def test_fault_close_after_some_items(ruled, sim):
    sim.fault("stream_close", items=2)
    with listening(ruled, sim) as stream:
        for number in range(3):
            sim.publish("gear_atlas", f"bag {number}")
        assert [stream.item()["data"]["text"] for _ in range(2)] == ["bag 0", "bag 1"]
        with pytest.raises(StopIteration):
            stream.item()


def test_fault_reset(ruled, sim):
    sim.fault("stream_reset", items=1)
    with listening(ruled, sim) as stream:
        sim.publish("gear_atlas", "bag")
        with pytest.raises((httpx2.ReadError, httpx2.RemoteProtocolError)):
            [stream.item() for _ in range(2)]


def test_fault_operational_disconnect(ruled, sim):
    sim.fault("stream_disconnect", items=1)
    with listening(ruled, sim) as stream:
        sim.publish("gear_atlas", "bag")
        stream.item()
        assert stream.item()["errors"][0]["title"] == "operational-disconnect"
        with pytest.raises(StopIteration):
            stream.item()


def test_fault_duplicates(ruled, sim):
    sim.fault("stream_duplicate", items=1)
    with listening(ruled, sim) as stream:
        for number in range(2):
            sim.publish("gear_atlas", f"bag {number}")
        texts = [stream.item()["data"]["text"] for _ in range(3)]
    assert texts == ["bag 0", "bag 1", "bag 1"]


def test_fault_out_of_order(ruled, sim):
    sim.set_keep_alive(0.1)
    sim.fault("stream_out_of_order")
    with listening(ruled, sim) as stream:
        for number in range(3):
            sim.publish("gear_atlas", f"bag {number}")
        texts = [stream.item()["data"]["text"] for _ in range(3)]
    assert texts == ["bag 1", "bag 0", "bag 2"]


def test_fault_split_in_the_middle_of_a_character(ruled, sim):
    sim.fault("stream_split")
    with listening(ruled, sim) as stream:
        sim.publish("gear_atlas", "bag 背包")
        first = stream.piece()
        with pytest.raises(UnicodeDecodeError):
            first.decode()
        stream.rest = first
        assert stream.item()["data"]["text"] == "bag 背包"


def test_streams_are_ended_from_outside(ruled, sim, url):
    with listening(ruled, sim) as stream:
        (open_one,) = plain.get(f"{url}/_sim/streams").json()["streams"]
        assert open_one["kind"] == "filtered"
        ended = plain.delete(f"{url}/_sim/streams", params={"how": "disconnect"}).json()
        assert ended == {"ended": 1}
        assert "errors" in stream.item()
    assert plain.delete(f"{url}/_sim/streams", params={"how": "rudely"}).status_code == 400
    assert plain.post(f"{url}/_sim/streams", json={"keep_alive": 0}).status_code == 400
    got = plain.post(f"{url}/_sim/streams", json={"keep_alive": 7}).json()
    assert got["keep_alive"] == 7


def subscribe(client, event, user_id, **more):
    body = {"event_type": event, "filter": {"user_id": user_id}, **more}
    return client.post(SUBSCRIPTIONS, json=body)


def test_subscriptions_come_and_go(alone, sim):
    me = sim.user("Ferrow_ZH").id
    made_ = subscribe(alone, "post.mention.create", me, tag="inbox").json()
    shown = made_["data"]["subscription"]
    assert (shown["event_type"], shown["filter"], shown["tag"]) == (
        "post.mention.create",
        {"user_id": me},
        "inbox",
    )
    assert alone.get(SUBSCRIPTIONS).json() == {
        "data": [shown],
        "meta": {"total_subscriptions": 1},
    }
    path = f"{SUBSCRIPTIONS}/{shown['subscription_id']}"
    assert alone.delete(path).json() == {
        "data": {"deleted": True},
        "meta": {"total_subscriptions": 0},
    }
    assert alone.delete(path).status_code == 404
    assert alone.delete(f"{SUBSCRIPTIONS}/x").status_code == 404


def test_subscriptions_are_refused_with_reason(alone, sim, ferrow):
    me = sim.user("Ferrow_ZH").id
    assert subscribe(alone, "post.create", me).status_code == 200
    assert subscribe(alone, "post.create", me).status_code == 400
    assert subscribe(alone, "dm.received", me).status_code == 400
    assert subscribe(alone, "post.create", "1").status_code == 400
    assert subscribe(alone, "post.delete", me, tag=5).status_code == 400
    assert alone.post(SUBSCRIPTIONS, json={"event_type": "post.create"}).status_code == 400
    assert subscribe(alone, "oauth.revoke", sim.user("gear_atlas").id).status_code == 403
    assert ferrow.get(SUBSCRIPTIONS).status_code == 403


def test_activity_tells_each_event_once(alone, sim, ferrow, app, url):
    me = sim.user("Ferrow_ZH").id
    events = ("mention.create", "reply.create", "quote.create", "repost.create", "delete", "create")
    for event in events:
        assert subscribe(alone, f"post.{event}", me).status_code == 200
    token = sim.oauth2_token(app, "Ferrow_ZH")
    assert subscribe(alone, "oauth.revoke", me).status_code == 200
    with listening(alone, sim, ACTIVITY) as stream:
        ours = made(ferrow, "Ours")
        mention = sim.mention("Ferrow_ZH", by="tessa_vdk")
        reply = sim.publish("gear_atlas", "Answering", in_reply_to=ours)
        quote = sim.publish("gear_atlas", "Quoting", quoted=ours)
        sim.repost("siyuan_li", ours)
        ferrow.delete(f"/2/tweets/{ours}")
        plain.post(
            f"{url}/2/oauth2/revoke",
            data={"token": token["access_token"]},
            auth=(app.client_id, app.client_secret),
        )
        got = [stream.item()["data"] for _ in range(7)]
    assert [(one["event_type"], one["payload"].get("id")) for one in got[:4]] == [
        ("post.create", ours),
        ("post.mention.create", mention),
        ("post.reply.create", reply),
        ("post.quote.create", quote),
    ]
    assert [one["event_type"] for one in got[4:]] == [
        "post.repost.create",
        "post.delete",
        "oauth.revoke",
    ]
    assert got[5]["payload"] == {"id": ours, "author_id": me}
    assert len({one["event_uuid"] for one in got}) == 7
    assert {one["filter"]["user_id"] for one in got} == {me}


def test_two_activity_streams_hear_the_same(alone, sim):
    subscribe(alone, "post.create", sim.user("Ferrow").id)
    with listening(alone, sim, ACTIVITY) as one, listening(alone, sim, ACTIVITY) as two:
        assert alone.get(ACTIVITY).status_code == 429
        post_id = sim.publish("Ferrow", "Heard twice")
        assert one.item()["data"]["payload"]["id"] == post_id
        assert two.item()["data"]["payload"]["id"] == post_id
    assert sim.money(sim.add_app("Tests"))["charges"] == {"post_event": {"count": 1, "usd": 0.005}}


def test_apps_hear_of_their_own_subscriptions_alone(alone, sim, url):
    other = sim.add_app("Other")
    headers = {"Authorization": f"Bearer {other.bearer_token}"}
    with plain.Client(base_url=url, headers=headers, timeout=5) as second:
        subscribe(second, "post.create", sim.user("FerrowDE").id)
        subscribe(alone, "post.create", sim.user("Ferrow").id)
        with listening(alone, sim, ACTIVITY) as stream:
            sim.publish("FerrowDE", "Not for this app")
            heard = sim.publish("Ferrow", "For this one")
            assert stream.item()["data"]["payload"]["id"] == heard


def test_revoked_token_is_told_and_refused(alone, sim, ferrow):
    subscribe(alone, "oauth.revoke", sim.user("Ferrow_ZH").id)
    with listening(alone, sim, ACTIVITY) as stream:
        root = made(ferrow, "One")
        sim.fault("401_revoked", match={"text": "Two"})
        assert post(ferrow, "Two", reply=reply_to(root)).status_code == 401
        assert stream.item()["data"]["event_type"] == "oauth.revoke"
    assert post(ferrow, "Two", reply=reply_to(root)).status_code == 401
