from __future__ import annotations

import pytest

from xsim.tests.test_posts import made, reply_to


def test_me_shows_the_signed_in_user(ferrow, sim):
    got = ferrow.get(
        "/2/users/me", params={"user.fields": "verified_type,subscription_type,nonsense"}
    )
    user = sim.user("Ferrow_ZH")
    assert got.json()["data"] == {
        "id": user.id,
        "name": "Ferrow 中文",
        "username": "Ferrow_ZH",
        "verified_type": "business",
        "subscription_type": "None",
    }


def test_user_lookup_by_id_and_name(ferrow, sim):
    by_name = ferrow.get("/2/users/by/username/ferrow").json()["data"]
    assert ferrow.get(f"/2/users/{by_name['id']}").json()["data"] == by_name
    missing = ferrow.get("/2/users/by/username/nobody_at_all")
    assert (missing.status_code, missing.json()["errors"][0]["resource_type"]) == (200, "user")


def test_lookup_reports_missing_posts_beside_found_ones(ferrow):
    post_id = made(ferrow, "Here")
    got = ferrow.get("/2/tweets", params={"ids": f"{post_id},12345"}).json()
    assert [one["id"] for one in got["data"]] == [post_id]
    assert got["errors"][0]["resource_id"] == "12345"


@pytest.mark.parametrize("ids", ["", "abc", "1,,2", ",".join(str(n) for n in range(101))])
def test_lookup_refuses_bad_ids(ferrow, ids):
    assert ferrow.get("/2/tweets", params={"ids": ids}).status_code == 400


def test_older_dialect_names_and_silent_drop_of_the_newer(ferrow):
    root = made(ferrow, "Root")
    second = made(ferrow, "Reply", reply=reply_to(root))
    wanted = "author_id,referenced_tweets,referenced_posts,public_metrics,invented"
    data = ferrow.get(f"/2/tweets/{second}", params={"tweet.fields": wanted}).json()["data"]
    assert set(data) == {
        "id",
        "text",
        "edit_history_tweet_ids",
        "author_id",
        "referenced_tweets",
        "public_metrics",
    }
    assert "retweet_count" in data["public_metrics"]


def test_newer_dialect_names_and_expansions(ferrow):
    root = made(ferrow, "Root")
    second = made(ferrow, "Reply", reply=reply_to(root))
    plain = {"post.fields": "created_at,public_metrics,author_id,referenced_tweets"}
    data = ferrow.get(f"/2/tweets/{second}", params=plain).json()["data"]
    assert set(data) == {"id", "text", "edit_history_post_ids", "created_at", "public_metrics"}
    assert "repost_count" in data["public_metrics"]
    expanded = ferrow.get(
        f"/2/tweets/{second}", params={**plain, "expansions": "author_id,referenced_posts"}
    ).json()
    assert expanded["data"]["referenced_posts"] == [{"type": "replied_to", "id": root}]
    assert expanded["includes"]["posts"][0]["id"] == root
    assert expanded["includes"]["users"][0]["username"] == "Ferrow_ZH"


def test_timeline_pages_back_to_the_first_post(ferrow, sim):
    ids = [made(ferrow, f"Number {n}") for n in range(12)]
    path, seen, token = f"/2/users/{sim.user('Ferrow_ZH').id}/tweets", [], None
    for _ in range(3):
        query = {"max_results": 5, **({"pagination_token": token} if token else {})}
        got = ferrow.get(path, params=query).json()
        seen += [one["id"] for one in got["data"]]
        token = got["meta"].get("next_token")
    assert seen == ids[::-1]
    assert token is None


def test_timeline_bounds_are_exclusive(ferrow, sim):
    ids = [made(ferrow, f"Number {n}") for n in range(6)]
    path = f"/2/users/{sim.user('Ferrow_ZH').id}/tweets"
    got = ferrow.get(path, params={"since_id": ids[1], "until_id": ids[4]}).json()
    assert [one["id"] for one in got["data"]] == [ids[3], ids[2]]
    assert got["meta"] == {"result_count": 2, "newest_id": ids[3], "oldest_id": ids[2]}
    nothing = ferrow.get(path, params={"since_id": ids[-1]}).json()
    assert nothing == {"meta": {"result_count": 0}}


def test_timeline_can_leave_out_replies(ferrow, sim):
    root = made(ferrow, "Root")
    made(ferrow, "Reply", reply=reply_to(root))
    path = f"/2/users/{sim.user('Ferrow_ZH').id}/tweets"
    got = ferrow.get(path, params={"exclude": "replies,retweets"}).json()
    assert [one["id"] for one in got["data"]] == [root]


@pytest.mark.parametrize(
    "query",
    [
        {"max_results": "4"},
        {"max_results": "101"},
        {"max_results": "x"},
        {"since_id": "x"},
        {"until_id": "-1"},
        {"pagination_token": "!!"},
        {"start_time": "yesterday"},
        {"exclude": "likes"},
    ],
)
def test_timeline_refuses_bad_parameters(ferrow, sim, query):
    path = f"/2/users/{sim.user('Ferrow_ZH').id}/tweets"
    assert ferrow.get(path, params=query).status_code == 400


def test_largest_ids_do_no_harm(ferrow, sim):
    path = f"/2/users/{sim.user('Ferrow_ZH').id}/tweets"
    huge = "9" * 19
    assert ferrow.get(path, params={"since_id": huge}).json()["meta"]["result_count"] == 0
    assert ferrow.get(f"/2/tweets/{huge}").json()["errors"]
    assert ferrow.delete(f"/2/tweets/{huge}").status_code == 404


def test_mentions_hold_named_and_answered_posts_of_others(ferrow, sim):
    ours = made(ferrow, "Talking to @Ferrow_ZH, that is to ourselves")
    named = sim.mention("Ferrow_ZH", by="a_new_face", text="Hello")
    answered = sim.publish("gear_atlas", "No name in here", in_reply_to=ours)
    path = f"/2/users/{sim.user('Ferrow_ZH').id}/mentions"
    got = ferrow.get(path, params={"expansions": "author_id"}).json()
    assert [one["id"] for one in got["data"]] == [answered, named]
    assert {one["username"] for one in got["includes"]["users"]} == {"gear_atlas", "a_new_face"}
    assert ferrow.get(path, params={"since_id": answered}).json()["meta"]["result_count"] == 0


def test_public_metrics_grow_with_virtual_time_and_repeat(ferrow, sim):
    sim.set_clock("2026-05-01T08:00:00Z")
    post_id = made(ferrow, "Watch me grow")

    def numbers():
        query = {"tweet.fields": "public_metrics"}
        return ferrow.get(f"/2/tweets/{post_id}", params=query).json()["data"]["public_metrics"]

    seen = [numbers()]
    for hours in (5, 7, 1, 12):
        sim.advance(hours * 3600)
        seen.append(numbers())
    for name in ("impression_count", "like_count", "retweet_count"):
        counts = [one[name] for one in seen]
        assert counts == sorted(counts)
    assert seen[0]["impression_count"] == 0 < seen[1]["impression_count"]
    assert numbers() == seen[-1]


def test_private_numbers_are_for_the_author_alone(ferrow, client_of):
    post_id = made(ferrow, "Ours")
    query = {"tweet.fields": "non_public_metrics"}
    assert "non_public_metrics" in ferrow.get(f"/2/tweets/{post_id}", params=query).json()["data"]
    other = client_of("FerrowDE").get(f"/2/tweets/{post_id}", params=query).json()["data"]
    assert "non_public_metrics" not in other


def test_unknown_paths_are_404_for_a_proven_caller(ferrow):
    assert ferrow.get("/2/nothing").status_code == 404
    assert ferrow.put("/2/tweets").status_code == 404
