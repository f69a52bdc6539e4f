from __future__ import annotations

import pytest

from xsim.queries import BadQuery, compile_query
from xsim.tests import plain, samples
from xsim.tests.test_media import upload
from xsim.tests.test_posts import made

PATH = "/2/tweets/search/recent"


@pytest.fixture
def found(ferrow, sim):
    """Ten posts of all sorts, and a search that names them."""
    red = made(ferrow, "The red Bag is here: https://ferrow.com/bags/red #newin")
    names = {
        red: "red",
        made(ferrow, "雁阵背包，新到。 @Ferrow"): "zh",
        sim.publish("gear_atlas", "Is the RED bag good? $FRW", quoted=red): "quote",
        sim.publish("tessa_vdk", "Mine broke", in_reply_to=red): "reply",
        sim.publish("markus_hdl", "baggage claim, reddish"): "near",
        sim.repost("siyuan_li", red): "repost",
    }
    picture = upload(ferrow, samples.png())["id"]
    names[made(ferrow, "A picture", media={"media_ids": [picture]})] = "picture"

    def search(query, **more):
        answer = ferrow.get(PATH, params={"query": query, "max_results": 50, **more})
        assert answer.status_code == 200, answer.text
        return {names[one["id"]] for one in answer.json().get("data", [])}

    return search


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("bag", {"red", "quote", "repost"}),
        ("red bag -is:retweet", {"red", "quote"}),
        ('"red bag"', {"red", "quote", "repost"}),
        ('"bag red"', set()),
        ("背包", {"zh"}),
        ("背包 OR broke", {"zh", "reply"}),
        ("from:Ferrow_ZH", {"red", "zh", "picture"}),
        ("from:ferrow_zh -bag", {"zh", "picture"}),
        ("from:ferrow_zh -(bag OR 背包)", {"picture"}),
        ("to:Ferrow_ZH", {"reply"}),
        ("@Ferrow", {"zh"}),
        ("#NewIn -is:retweet", {"red"}),
        ("$frw", {"quote"}),
        ("bag lang:en is:quote", {"quote"}),
        ("from:ferrow_zh lang:zh", {"zh"}),
        ("from:tessa_vdk is:reply", {"reply"}),
        ("from:ferrow_zh has:images", {"picture"}),
        ("from:ferrow_zh has:media", {"picture"}),
        ("from:ferrow_zh has:links", {"red", "picture"}),
        ("from:ferrow_zh has:hashtags", {"red"}),
        ("url:ferrow.com", {"red"}),
        ("retweets_of:Ferrow_ZH", {"repost"}),
        ("bag is:verified", {"red"}),
        ("broke OR (bag from:gear_atlas)", {"reply", "quote"}),
    ],
)
def test_operators_find_what_they_say(found, query, names):
    assert found(query) == names


def test_conversations_are_found(found, ferrow, sim):
    root = next(one["id"] for one in sim.posts("Ferrow_ZH"))
    assert found(f"conversation_id:{root}") == {"red", "reply"}
    assert found(f"in_reply_to_tweet_id:{root}") == {"reply"}
    assert found(f"quotes_of_tweet_id:{root}") == {"quote"}


@pytest.mark.parametrize(
    "query",
    [
        *("", " ", "is:reply", "-bag", "lang:en has:media", "is:strange bag", "has:feet bag"),
        *("colour:red", "(bag", "bag)", '"', "OR", "bag OR", "OR bag", "bag OR is:reply", '""'),
        "x" * 513,
    ],
)
def test_wrong_queries_are_refused(ferrow, query):
    answer = ferrow.get(PATH, params={"query": query})
    assert answer.status_code == 400
    assert answer.json()["title"] == "Invalid Request"


def test_query_errors_say_what_is_wrong():
    with pytest.raises(BadQuery, match="no operator colour:"):
        compile_query("colour:red")


def test_search_pages_bounds_and_age(client_of, sim):
    sim.set_clock("2026-03-01T12:00:00Z")
    ids = [sim.publish("gear_atlas", f"bag {n}") for n in range(12)]
    ferrow = client_of("Ferrow")
    first = ferrow.get(PATH, params={"query": "bag", "max_results": 10}).json()
    query = {"query": "bag", "max_results": 10, "next_token": first["meta"]["next_token"]}
    second = ferrow.get(PATH, params=query).json()
    assert [one["id"] for one in first["data"] + second["data"]] == ids[::-1]
    assert second["meta"] == {"result_count": 2, "newest_id": ids[1], "oldest_id": ids[0]}
    since = ferrow.get(PATH, params={"query": "bag", "since_id": ids[9]}).json()
    assert [one["id"] for one in since["data"]] == [ids[11], ids[10]]
    early = {"query": "bag", "start_time": "2026-02-01T00:00:00Z"}
    assert ferrow.get(PATH, params=early).status_code == 400
    sim.advance(7 * 86_400 + 1)
    late = client_of("Ferrow").get(PATH, params={"query": "bag"}).json()
    assert late == {"meta": {"result_count": 0}}


def test_search_lags_on_order(ferrow, sim):
    sim.set_clock("2026-03-01T12:00:00Z")
    sim.fault("lag", seconds=30, where="search")
    post_id = made(ferrow, "Not found yet")
    path = f"/2/users/{sim.user('Ferrow_ZH').id}/tweets"
    assert ferrow.get(path).json()["meta"]["result_count"] == 1
    assert ferrow.get(PATH, params={"query": "found"}).json()["meta"]["result_count"] == 0
    sim.advance(30)
    assert ferrow.get(PATH, params={"query": "found"}).json()["data"][0]["id"] == post_id


def test_counts_by_span(app, url, sim):
    sim.set_clock("2026-03-01T12:00:00Z")
    for _ in range(3):
        sim.publish("gear_atlas", f"bag at {sim.world.now_ms()}")
        sim.advance(3600)
    headers = {"Authorization": f"Bearer {app.bearer_token}"}
    query = {"query": "bag", "granularity": "day"}
    got = plain.get(f"{url}/2/tweets/counts/recent", params=query, headers=headers).json()
    assert got["meta"]["total_tweet_count"] == 3
    assert [one["tweet_count"] for one in got["data"]] == [0, 0, 0, 0, 0, 0, 0, 3]
    query["granularity"] = "hour"
    got = plain.get(f"{url}/2/tweets/counts/recent", params=query, headers=headers).json()
    assert [one["post_count"] for one in got["data"]][-4:] == [1, 1, 1, 0]
    query["granularity"] = "year"
    answer = plain.get(f"{url}/2/tweets/counts/recent", params=query, headers=headers)
    assert answer.status_code == 400
