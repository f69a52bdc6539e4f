"""What happens to posts after they are made: edits, reposts, hidden replies."""

from __future__ import annotations

import pytest

from xsim.tests import plain
from xsim.tests.test_posts import made, post, reply_to


@pytest.fixture
def premium(client_of):
    return client_of("Ferrow")


def edit(client, post_id, text, **more):
    return post(client, text, edit_options={"previous_post_id": post_id}, **more)


def shown(client, post_id, **query):
    return client.get(f"/2/tweets/{post_id}", params=query).json()


def timeline(client, sim, username, **query):
    path = f"/2/users/{sim.user(username).id}/tweets"
    return [one["id"] for one in client.get(path, params=query).json().get("data", [])]


def test_edit_makes_a_new_post_in_place_of_the_old(premium, sim):
    sim.set_clock("2026-03-01T12:00:00Z")
    first = made(premium, "Frist")
    sim.advance(600)
    answer = edit(premium, first, "First")
    second = answer.json()["data"]["id"]
    assert answer.status_code == 201
    assert answer.json()["data"]["edit_history_tweet_ids"] == [first, second]
    assert timeline(premium, sim, "Ferrow") == [second]
    old = shown(premium, first, expansions="edit_history_tweet_ids")
    assert old["data"]["text"] == "Frist"
    assert old["data"]["edit_history_tweet_ids"] == [first, second]
    assert [one["id"] for one in old["includes"]["tweets"]] == [second]
    controls = shown(premium, second, **{"tweet.fields": "edit_controls"})["data"]["edit_controls"]
    assert controls == {
        "edits_remaining": 4,
        "is_edit_eligible": True,
        "editable_until": "2026-03-01T13:00:00.000Z",
    }


def test_edit_keeps_its_place_in_a_thread(premium, sim):
    root = made(premium, "One")
    second = made(premium, "Two", reply=reply_to(root))
    changed = edit(premium, second, "Two, better").json()["data"]["id"]
    data = shown(premium, changed, **{"tweet.fields": "conversation_id,referenced_tweets"})["data"]
    assert data["conversation_id"] == root
    assert data["referenced_tweets"] == [{"type": "replied_to", "id": root}]
    new_root = edit(premium, root, "One, better").json()["data"]["id"]
    data = shown(premium, new_root, **{"tweet.fields": "conversation_id"})["data"]
    assert data["conversation_id"] == root


def test_edit_ends_after_an_hour_and_after_five(premium, sim):
    post_id = made(premium, "0")
    for number in range(1, 6):
        post_id = edit(premium, post_id, str(number)).json()["data"]["id"]
    assert edit(premium, post_id, "6").status_code == 400
    other = made(premium, "other")
    sim.advance(3599)
    other = edit(premium, other, "in time").json()["data"]["id"]
    sim.advance(2)
    refused = edit(premium, other, "too late")
    assert refused.status_code == 400
    assert "60 minutes" in refused.json()["errors"][0]["message"]


def test_edit_is_for_premium_owners_of_the_newest_version(premium, ferrow, sim):
    ours = made(ferrow, "Plain account")
    assert edit(ferrow, ours, "No").status_code == 403
    assert edit(premium, ours, "Not mine").status_code == 403
    first = made(premium, "One")
    edit(premium, first, "Two")
    assert edit(premium, first, "Of an old version").status_code == 400
    assert edit(premium, "123", "Of nothing").status_code == 404


@pytest.mark.parametrize(
    "options", [{}, {"previous_post_id": 5}, {"previous_post_id": "x"}, {"a": 1}]
)
def test_edit_ill_formed_is_refused(premium, options):
    assert post(premium, "No", edit_options=options).status_code == 400


def test_polls_and_replies_to_others_cannot_be_edited(premium, sim):
    poll = {"options": ["a", "b"], "duration_minutes": 60}
    asked = made(premium, "Which?", poll=poll)
    assert edit(premium, asked, "What?").status_code == 400
    mention = sim.mention("Ferrow", by="tessa_vdk")
    answer = made(premium, "Here", reply=reply_to(mention))
    assert edit(premium, answer, "There").status_code == 400
    for post_id in (asked, answer):
        data = shown(premium, post_id, **{"tweet.fields": "edit_controls"})["data"]
        assert data["edit_controls"]["is_edit_eligible"] is False
    plain_post = made(premium, "Plain")
    assert edit(premium, plain_post, "A poll?", poll=poll).status_code == 400


def test_deleting_a_version_deletes_them_all(premium, sim):
    first = made(premium, "One")
    second = edit(premium, first, "Two").json()["data"]["id"]
    assert premium.delete(f"/2/tweets/{first}").status_code == 200
    assert "data" not in shown(premium, second)
    assert all(one["deleted_at"] for one in sim.posts())
    assert premium.delete(f"/2/tweets/{second}").status_code == 404


def test_edited_post_is_shown_once_on_its_page(premium, url):
    first = made(premium, "Before the edit")
    edit(premium, first, "After the edit")
    page = plain.get(f"{url}/Ferrow").text
    assert "Before the edit" not in page
    assert "After the edit" in page
    assert "Edited" in page


def test_repost_and_its_undoing(ferrow, premium, sim, url):
    ours = made(premium, "The original & more")
    me = sim.user("Ferrow_ZH").id
    path = f"/2/users/{me}/retweets"
    answer = ferrow.post(path, json={"tweet_id": ours}).json()["data"]
    again = ferrow.post(path, json={"tweet_id": ours}).json()["data"]
    assert answer["retweeted"] is True
    assert again == answer
    data = shown(ferrow, answer["rest_id"], **{"tweet.fields": "referenced_tweets"})["data"]
    assert data["text"] == "RT @Ferrow: The original &amp; more"
    assert data["referenced_tweets"] == [{"type": "retweeted", "id": ours}]
    assert timeline(ferrow, sim, "Ferrow_ZH") == [answer["rest_id"]]
    assert timeline(ferrow, sim, "Ferrow_ZH", exclude="retweets") == []
    numbers = shown(ferrow, ours, **{"tweet.fields": "public_metrics"})["data"]["public_metrics"]
    assert numbers["retweet_count"] == 1
    assert "Ferrow 中文 reposted" in plain.get(f"{url}/Ferrow_ZH").text
    for _ in range(2):
        undone = ferrow.delete(f"{path}/{ours}")
        assert undone.json() == {"data": {"retweeted": False}}
    assert timeline(ferrow, sim, "Ferrow_ZH") == []


def test_repost_is_refused_for_others_and_for_nothing(ferrow, sim):
    me, other = sim.user("Ferrow_ZH").id, sim.user("Ferrow").id
    post_id = sim.publish("gear_atlas", "Look")
    assert ferrow.post(f"/2/users/{other}/retweets", json={"tweet_id": post_id}).status_code == 403
    assert ferrow.post(f"/2/users/{me}/retweets", json={"tweet_id": "123"}).status_code == 404
    assert ferrow.post(f"/2/users/{me}/retweets", json={}).status_code == 400


def test_deleted_post_takes_its_reposts_along(ferrow, premium, sim):
    ours = made(premium, "Short-lived")
    sim.repost("Ferrow_ZH", ours)
    premium.delete(f"/2/tweets/{ours}")
    assert timeline(ferrow, sim, "Ferrow_ZH") == []


def test_reply_is_hidden_by_who_began(ferrow, sim, client_of, url):
    root = made(ferrow, "Ask us anything")
    rude = sim.publish("gear_atlas", "Something rude", in_reply_to=root)
    for hidden in (True, False, True):
        answer = ferrow.put(f"/2/tweets/{rude}/hidden", json={"hidden": hidden})
        assert answer.json() == {"data": {"hidden": hidden}}
        assert sim.posts("gear_atlas")[0]["hidden"] is hidden
    page = plain.get(f"{url}/Ferrow_ZH/status/{root}").text
    assert "Something rude" not in page
    assert "was hidden" in page
    assert ferrow.put(f"/2/tweets/{rude}/hidden", json={"hidden": "yes"}).status_code == 400
    assert ferrow.put(f"/2/tweets/{root}/hidden", json={"hidden": True}).status_code == 403
    stranger = client_of("FerrowDE")
    assert stranger.put(f"/2/tweets/{rude}/hidden", json={"hidden": True}).status_code == 403
    no_scope = client_of("Ferrow_ZH", scope="tweet.read tweet.write users.read")
    assert no_scope.put(f"/2/tweets/{rude}/hidden", json={"hidden": True}).status_code == 403


def test_quotes_of_a_post_are_listed(ferrow, sim):
    ours = made(ferrow, "Quote us")
    quotes = [sim.publish("gear_atlas", f"Quote {n}", quoted=ours) for n in range(3)]
    got = ferrow.get(f"/2/tweets/{ours}/quote_tweets").json()
    assert [one["id"] for one in got["data"]] == quotes[::-1]
    assert (
        ferrow.get(f"/2/tweets/{ours}/quote_tweets", params={"max_results": 9}).status_code == 400
    )


def test_by_hand_deleted_posts_are_gone(ferrow, sim, url):
    mention = sim.mention("Ferrow_ZH", by="tessa_vdk")
    query = {"account": "tessa_vdk", "id": mention}
    assert plain.delete(f"{url}/_sim/posts", params=query).json() == {"deleted": mention}
    assert post(ferrow, "Hello?", reply=reply_to(mention)).status_code == 404
