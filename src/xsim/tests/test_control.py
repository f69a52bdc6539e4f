from __future__ import annotations

import httpx2
import pytest

from xsim import control as room
from xsim.sim import Sim
from xsim.testing import serve
from xsim.tests import plain
from xsim.tests.test_posts import made, post
from xsim.wire import Request
from xsim.world import World


@pytest.fixture
def control(url, sim):
    with plain.Client(base_url=f"{url}/_sim") as client:
        yield client


def test_apps_come_with_keys_that_work(control, url):
    wish = {
        "name": "Demo",
        "redirect_uris": ["http://localhost/cb"],
        "tokens_for": ["Ferrow", "FerrowDE"],
    }
    keys = control.post("/apps", json=wish).json()
    access = keys["tokens"]["FerrowDE"]["oauth2"]["access_token"]
    me = plain.get(f"{url}/2/users/me", headers={"Authorization": f"Bearer {access}"}).json()
    assert me["data"]["id"] == keys["tokens"]["FerrowDE"]["user_id"]
    again = control.post("/apps", json=wish).json()
    for name in ("client_id", "client_secret", "consumer_key", "bearer_token"):
        assert again[name] == keys[name]
    assert again["tokens"]["Ferrow"]["oauth1"] == keys["tokens"]["Ferrow"]["oauth1"]
    # Whoever only wants tokens of an app need not know its name.
    told = control.post("/apps", json={"client_id": keys["client_id"]}).json()
    assert (told["name"], told["redirect_uris"]) == ("Demo", wish["redirect_uris"])


def test_users_are_made_and_changed(control):
    made_ = control.post("/users", json={"username": "new_face", "name": "New"}).json()
    changed = control.post("/users", json={"username": "New_Face", "premium": True}).json()
    assert (changed["id"], changed["name"]) == (made_["id"], "New")
    assert changed["verified_type"] == "blue"
    assert "new_face" in [user["username"] for user in control.get("/users").json()["users"]]


def test_faults_are_ordered_listed_and_cleared(control, ferrow):
    order = {"do": "reject_503", "match": {"method": "POST", "route": "/2/tweets"}, "times": 2}
    assert control.post("/faults", json=order).json()["match"]["route"] == "/2/tweets"
    assert post(ferrow, "no").status_code == 503
    assert control.get("/faults").json()["faults"][0]["fired"] == 1
    control.delete("/faults")
    assert post(ferrow, "yes").status_code == 201


def test_journal_counts_what_was_asked(control, ferrow):
    made(ferrow, "one")
    post(ferrow, "one")
    ferrow.get("/2/users/me")
    got = control.get("/journal").json()
    assert got["counts"] == {"POST /2/tweets": 2, "GET /2/users/me": 1}
    assert [line["status"] for line in got["entries"]] == [201, 403, 200]
    assert {line["account"] for line in got["entries"]} == {"Ferrow_ZH"}
    assert got["entries"][0]["body_sha256"] == got["entries"][1]["body_sha256"]
    assert control.get("/journal", params={"status": 403}).json()["total"] == 1
    later = {"account": "ferrow_zh", "after": got["entries"][0]["seq"]}
    assert control.get("/journal", params=later).json()["total"] == 2


def test_journal_writes_no_secrets_down(control, ferrow, url, sim):
    plain.get(f"{url}/2/users/me", params={"access_token": "secret-value"})
    assert "secret-value" not in control.get("/journal").text


def test_ledger_keeps_exact_texts_in_order(control, ferrow):
    texts = ["  spaces kept  ", "e\u0301 stays as sent", "第三条\n第二行"]
    ids = [made(ferrow, text) for text in texts]
    ferrow.delete(f"/2/tweets/{ids[1]}")
    got = control.get("/posts", params={"account": "Ferrow_ZH"}).json()
    assert [one["text"] for one in got["posts"]] == texts
    assert [one["id"] for one in got["posts"]] == ids
    assert (got["total"], got["live"]) == (3, 2)


def test_clock_is_set_moved_and_released(control, ferrow):
    assert control.post("/clock", json={"set": "2026-01-02T03:04:05Z"}).json()["frozen"] is True
    assert control.post("/clock", json={"advance": 60}).json()["now"] == "2026-01-02T03:05:05.000Z"
    assert made(ferrow, "dated")
    assert control.get("/posts").json()["posts"][0]["created_at"] == "2026-01-02T03:05:05.000Z"
    assert control.post("/clock", json={"real": True}).json()["shift_seconds"] == 0


def test_mentions_and_posts_by_hand(control, ferrow, sim):
    wish = {"from": "curious_one", "to": "Ferrow_ZH", "text": "Is it waterproof?"}
    mention = control.post("/mentions", json=wish).json()["id"]
    assert post(ferrow, "Yes", reply={"in_reply_to_tweet_id": mention}).status_code == 201
    by_hand = control.post("/posts", json={"account": "gear_atlas", "text": "By hand"}).json()["id"]
    assert sim.posts("gear_atlas")[0]["id"] == by_hand


def test_reset_can_keep_the_accounts(control, ferrow):
    made(ferrow, "one")
    control.post("/reset", json={"keep_accounts": True})
    assert control.get("/posts").json()["total"] == 0
    made(ferrow, "one")
    control.post("/reset", json={})
    assert post(ferrow, "one").status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {"do": "explode"}),
        ("/faults", {"do": "slow", "match": {"colour": "red"}}),
        ("/faults", {"do": "slow", "nonsense": 1}),
        ("/faults", {"do": "slow", "match": {"nth": 0}}),
        ("/faults", {"do": "accept_then_garbage", "garbage": "soup"}),
        ("/clock", {}),
        ("/clock", {"set": "soon"}),
        ("/clock", {"set": None}),
        ("/clock", {"advance": "x"}),
        ("/users", {"username": "much_too_long_a_handle"}),
        ("/users", {"username": "i"}),
        ("/users", {"username": "fine", "colour": "red"}),
        ("/apps", {"tokens_for": ["nobody"]}),
        ("/apps", {"tokens_for": "Ferrow"}),
        ("/apps", {"redirect_uris": "x"}),
        ("/posts", {"account": "Ferrow", "text": ""}),
        ("/mentions", {"to": "nobody"}),
        ("/limits", {"routes": {"POST /2/tweets": {"colour": 1}}}),
    ],
)
def test_wrong_orders_are_answered_with_a_reason(control, path, body):
    answer = control.post(path, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_wrong_addresses_and_bodies(control):
    assert control.get("/nothing").status_code == 404
    assert control.get("/reset").status_code == 405
    assert control.post("/faults", content=b"{").status_code == 400
    assert control.get("/journal", params={"limit": "x"}).status_code == 400
    assert control.get("/journal", params={"colour": "red"}).status_code == 400


@pytest.mark.parametrize(
    ("client", "host", "more"),
    [
        ("192.0.2.7", "127.0.0.1:80", {}),
        ("127.0.0.1", "evil.example", {}),
        ("127.0.0.1", "localhost:80", {"origin": "http://localhost:80"}),
        ("", "localhost", {}),
    ],
)
def test_control_is_for_this_machine_alone(client, host, more):
    request = Request(
        "POST", "/_sim/reset", "/_sim/reset", "", {"host": host, **more}, b"", (client, 1), "http"
    )
    sim = Sim(World())
    assert room.answer(sim, request).status == 403
    sim.world.store.close()


def test_same_seed_and_history_give_the_same_keys():
    def story(seed):
        sim = Sim(World(seed=seed))
        app = sim.add_app("Same")
        shown = (app.client_id, sim.oauth1_keys(app, "Ferrow"), sim.user("Ferrow").id)
        sim.world.store.close()
        return shown

    assert story(3) == story(3)
    assert story(3) != story(4)


def test_state_in_a_file_outlives_the_server(tmp_path):
    data = str(tmp_path / "x.sqlite3")
    with serve(data=data) as (url, sim):
        token = sim.oauth2_token(sim.add_app("Lasting"), "Ferrow")["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = plain.post(f"{url}/2/tweets", headers=headers, json={"text": "Still here"})
        first = answer.json()["data"]["id"]
    with serve(data=data) as (url, sim):
        got = plain.get(f"{url}/2/tweets/{first}", headers=headers).json()
        assert got["data"]["text"] == "Still here"
        second = plain.post(f"{url}/2/tweets", headers=headers, json={"text": "Me too"}).json()
        assert int(second["data"]["id"]) > int(first)
    with pytest.raises(httpx2.ConnectError):
        plain.get(url)
