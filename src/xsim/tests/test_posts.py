from __future__ import annotations

import pytest

from xsim.ids import EPOCH_MS

DUPLICATE = {
    "detail": "You are not allowed to create a Tweet with duplicate content.",
    "type": "about:blank",
    "title": "Forbidden",
    "status": 403,
}


def post(client, text, **more):
    return client.post("/2/tweets", json={"text": text, **more})


def made(client, text, **more):
    answer = post(client, text, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["id"]


def reply_to(post_id):
    return {"in_reply_to_tweet_id": post_id}


def test_create_answers_with_id_and_shaped_text(ferrow, sim):
    text = "Fish & <chips> at https://example.com/menu?a=1&b=2"
    answer = post(ferrow, text)
    assert answer.status_code == 201
    data = answer.json()["data"]
    assert set(data) == {"id", "text", "edit_history_tweet_ids"}
    assert data["text"].startswith("Fish &amp; &lt;chips&gt; at https://t.co/")
    assert len(data["id"]) == 19
    assert sim.posts("Ferrow_ZH")[0]["text"] == text


def test_create_ids_rise_and_follow_the_virtual_clock(ferrow, sim):
    sim.set_clock("2026-03-01T12:00:00Z")
    ids = [int(made(ferrow, f"number {n}")) for n in range(5)]
    assert ids == sorted(set(ids))
    stamp = (ids[0] >> 22) + EPOCH_MS
    assert stamp == 1772366400000
    sim.advance(-3600)
    assert int(made(ferrow, "after the clock stepped back")) > ids[-1]


def test_create_duplicate_is_refused_verbatim(ferrow, sim, client_of):
    first = made(ferrow, "Same   words")
    again = post(ferrow, "Same words")
    assert (again.status_code, again.json()) == (403, DUPLICATE)
    ferrow.delete(f"/2/tweets/{first}")
    second = made(ferrow, "Same words")
    sim.advance(24 * 3600 + 1)
    assert made(client_of("Ferrow_ZH"), "Same words") != second


def test_create_same_text_by_two_accounts_is_allowed(ferrow, client_of):
    made(ferrow, "Hello")
    made(client_of("FerrowDE"), "Hello")


def test_create_weighs_text_and_lifts_the_limit_for_premium(ferrow, client_of):
    assert post(ferrow, "雁" * 140).status_code == 201
    refused = post(ferrow, "雁" * 141)
    assert refused.status_code == 400
    assert refused.json()["type"].endswith("/problems/invalid-request")
    assert refused.json()["errors"][0]["parameters"]["text"]
    premium = client_of("Ferrow")
    post_id = made(premium, "雁" * 12_500)
    got = premium.get(f"/2/tweets/{post_id}", params={"tweet.fields": "note_tweet"}).json()["data"]
    assert got["note_tweet"]["text"] == "雁" * 12_500
    assert got["text"].endswith("…")
    assert len(got["text"]) <= 140
    assert post(premium, "雁" * 12_501).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "  \n"},
        {"text": 5},
        {"text": "a\x00b"},
        {"text": "a\ufffeb"},
        {"text": "hi", "surprise": 1},
        {"text": "hi", "media": {"media_ids": ["1"]}},
        {"text": "hi", "reply": {"in_reply_to_tweet_id": 5}},
        {"text": "hi", "reply": {}},
        {"text": "hi", "reply_settings": "nobody"},
        {"text": "hi", "poll": {"options": ["one"], "duration_minutes": 60}},
        {"text": "hi", "poll": {"options": ["one", "x" * 26], "duration_minutes": 60}},
        {"text": "hi", "poll": {"options": ["one", "two"], "duration_minutes": 4}},
        {"text": "$AAA and $BBB"},
    ],
)
def test_create_ill_formed_is_refused_with_400(ferrow, sim, body):
    answer = ferrow.post("/2/tweets", json=body)
    assert answer.status_code == 400
    assert answer.json()["title"] == "Invalid Request"
    assert sim.posts() == []


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"text"', b'{"text": "\\ud800"}', b"\xff\xfe"])
def test_create_unreadable_body_is_refused_with_400(ferrow, sim, raw):
    answer = ferrow.post("/2/tweets", content=raw, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert sim.posts() == []


def test_create_oversized_body_is_refused_with_413(ferrow):
    assert ferrow.post("/2/tweets", content=b"x" * 1_100_000).status_code == 413


def test_thread_shares_its_conversation(ferrow):
    root = made(ferrow, "One")
    second = made(ferrow, "Two", reply=reply_to(root))
    third = made(ferrow, "Three", reply=reply_to(second))
    answer = ferrow.get(
        "/2/tweets",
        params={
            "ids": f"{third},{second}",
            "tweet.fields": "conversation_id,referenced_tweets,in_reply_to_user_id",
            "expansions": "referenced_tweets.id",
        },
    ).json()
    assert [one["id"] for one in answer["data"]] == [third, second]
    assert {one["conversation_id"] for one in answer["data"]} == {root}
    assert answer["data"][0]["referenced_tweets"] == [{"type": "replied_to", "id": second}]
    assert {one["id"] for one in answer["includes"]["tweets"]} == {root, second}


def test_reply_to_a_stranger_is_gated_until_they_mention_us(ferrow, sim):
    stranger = sim.publish("gear_atlas", "Which bag?")
    refused = post(ferrow, "Ours", reply=reply_to(stranger))
    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("Reply to this conversation is not allowed because")
    mention = sim.mention("Ferrow_ZH", by="gear_atlas", text="What about you?")
    assert post(ferrow, "Ours", reply=reply_to(mention)).status_code == 201
    ours = made(ferrow, "Our own")
    quoting = sim.publish("gear_atlas", "Look at this", quoted=ours)
    assert post(ferrow, "Thanks", reply=reply_to(quoting)).status_code == 201


def test_reply_does_not_count_leading_mentions_of_the_conversation(ferrow, sim):
    mention = sim.mention("Ferrow_ZH", by="gear_atlas", text="Hello")
    answer = post(ferrow, "@gear_atlas " + "x" * 280, reply=reply_to(mention))
    assert answer.status_code == 201


def test_reply_to_a_deleted_post_is_not_found(ferrow):
    root = made(ferrow, "One")
    ferrow.delete(f"/2/tweets/{root}")
    assert post(ferrow, "Two", reply=reply_to(root)).status_code == 404


def test_quote_is_gated_below_enterprise(ferrow, sim, app, client_of):
    other = sim.publish("gear_atlas", "A review")
    assert post(ferrow, "See", quote_tweet_id=other).status_code == 403
    sim.add_app("Tests", enterprise=True)
    quoting = made(client_of("FerrowDE"), "See", quote_tweet_id=other)
    got = ferrow.get(f"/2/tweets/{quoting}", params={"tweet.fields": "referenced_tweets"}).json()
    assert got["data"]["referenced_tweets"] == [{"type": "quoted", "id": other}]


def test_poll_is_stored_and_expanded(ferrow):
    poll = {"options": ["Red", "蓝"], "duration_minutes": 60}
    post_id = made(ferrow, "Which?", poll=poll)
    got = ferrow.get(
        f"/2/tweets/{post_id}",
        params={"tweet.fields": "attachments", "expansions": "attachments.poll_ids"},
    ).json()
    assert got["data"]["attachments"]["poll_ids"] == [got["includes"]["polls"][0]["id"]]
    assert [one["label"] for one in got["includes"]["polls"][0]["options"]] == ["Red", "蓝"]


def test_delete_removes_once_and_only_own_posts(ferrow, client_of, sim):
    post_id = made(ferrow, "Gone soon")
    assert client_of("FerrowDE").delete(f"/2/tweets/{post_id}").status_code == 403
    assert ferrow.delete(f"/2/tweets/{post_id}").json() == {"data": {"deleted": True}}
    again = ferrow.delete(f"/2/tweets/{post_id}")
    assert again.status_code == 404
    assert again.json()["type"].endswith("resource-not-found")
    got = ferrow.get(f"/2/tweets/{post_id}")
    assert (got.status_code, "data" in got.json()) == (200, False)
    assert sim.posts()[0]["deleted_at"]


def test_entities_point_into_the_returned_text(ferrow, sim):
    text = "👨‍👩‍👧 & @Ferrow @nobody_here 看 example.com/路 https://www.example.org/a #雁阵 $FRW"
    post_id = made(ferrow, text)
    data = ferrow.get(f"/2/tweets/{post_id}", params={"tweet.fields": "entities"}).json()["data"]
    shown, entities = data["text"], data["entities"]
    for link in entities["urls"]:
        assert shown[link["start"] : link["end"]] == link["url"]
    assert [link["expanded_url"] for link in entities["urls"]] == [
        "http://example.com/",
        "https://www.example.org/a",
    ]
    assert entities["urls"][1]["display_url"] == "example.org/a"
    (mention,) = entities["mentions"]
    assert shown[mention["start"] : mention["end"]] == "@Ferrow"
    assert mention["id"] == sim.user("Ferrow").id
    (tag,) = entities["hashtags"]
    assert shown[tag["start"] : tag["end"]] == "#雁阵"
    assert entities["cashtags"][0]["tag"] == "FRW"
