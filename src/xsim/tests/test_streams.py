from __future__ import annotations

import time

import httpx2
import pytest

from xsim.tests import plain
from xsim.tests.listening import (
    RULES,
    STREAM,
    add_rule,
    listening,
    wait_for,
)
from xsim.tests.test_posts import made


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
