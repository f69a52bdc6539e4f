from __future__ import annotations

import json
import time

import httpx2
import pytest

from xsim.tests import plain
from xsim.tests.test_posts import DUPLICATE, made, post

UNAVAILABLE = {
    "title": "Service Unavailable",
    "detail": "Service Unavailable",
    "type": "about:blank",
    "status": 503,
}


def texts(sim):
    return [one["text"] for one in sim.posts()]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_accept_then_status_creates_the_post(ferrow, sim, status):
    sim.fault(f"accept_then_{status}")
    assert post(ferrow, "landed").status_code == status
    assert texts(sim) == ["landed"]
    again = post(ferrow, "landed")
    assert again.json() == DUPLICATE


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_reject_with_status_creates_nothing(ferrow, sim, status):
    sim.fault(f"reject_{status}")
    answer = post(ferrow, "lost")
    assert answer.status_code == status
    assert texts(sim) == []
    assert post(ferrow, "lost").status_code == 201


def test_unavailable_body_is_verbatim(ferrow, sim):
    sim.fault("reject_503")
    assert post(ferrow, "x").json() == UNAVAILABLE


def test_accept_then_reset_cuts_the_line_after_creating(ferrow, sim):
    sim.fault("accept_then_reset")
    with pytest.raises(httpx2.ReadError):
        post(ferrow, "landed")
    assert texts(sim) == ["landed"]
    (line,) = sim.journal(method="POST")["entries"]
    assert (line["status"], line["outcome"], line["fault"]) == (None, "reset", "accept_then_reset")
    assert ferrow.get("/2/users/me").status_code == 200


def test_reject_reset_cuts_the_line_before_creating(ferrow, sim):
    sim.fault("reject_reset")
    with pytest.raises(httpx2.ReadError):
        post(ferrow, "lost")
    assert texts(sim) == []


def test_accept_then_hang_keeps_silent_and_others_are_served(ferrow, sim, client_of):
    sim.fault("accept_then_hang")
    with pytest.raises(httpx2.ReadTimeout):
        ferrow.post("/2/tweets", json={"text": "landed"}, timeout=0.3)
    assert texts(sim) == ["landed"]
    assert sim.journal(method="POST")["entries"][0]["outcome"] == "hung"
    started = time.monotonic()
    made(client_of("FerrowDE"), "unhindered")
    assert time.monotonic() - started < 0.25


def test_reject_hang_creates_nothing(ferrow, sim):
    sim.fault("reject_hang", seconds=0.05)
    with pytest.raises(httpx2.ReadError):
        post(ferrow, "lost")
    assert texts(sim) == []


@pytest.mark.parametrize(
    ("garbage", "check"),
    [
        ("no_id", lambda answer: answer.json() == {"data": {}}),
        ("html", lambda answer: answer.text.startswith("<!DOCTYPE html>")),
        ("empty", lambda answer: answer.content == b""),
    ],
)
def test_accept_then_garbage_spoils_a_201(ferrow, sim, garbage, check):
    sim.fault("accept_then_garbage", garbage=garbage)
    answer = post(ferrow, "landed")
    assert answer.status_code == 201
    assert check(answer)
    assert texts(sim) == ["landed"]


def test_accept_then_truncated_json_cannot_be_read(ferrow, sim):
    sim.fault("accept_then_garbage", garbage="truncated")
    answer = post(ferrow, "landed")
    assert answer.status_code == 201
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_slow_answers_late_and_creates(ferrow, sim):
    for after in (False, True):
        sim.fault("slow", seconds=0.2, after=after)
        started = time.monotonic()
        made(ferrow, f"slow {after}")
        assert time.monotonic() - started >= 0.2


def test_429_empties_the_window_with_headers(ferrow, sim):
    sim.fault("429", match={"method": "POST"}, reset_seconds=60)
    answer = post(ferrow, "later")
    assert answer.status_code == 429
    assert answer.json()["title"] == "Too Many Requests"
    assert answer.headers["x-rate-limit-remaining"] == "0"
    now = sim.world.now_ms() // 1000
    assert 58 <= int(answer.headers["x-rate-limit-reset"]) - now <= 60
    sim.fault("429", headers=False)
    assert not [name for name in post(ferrow, "later").headers if name.startswith("x-rate")]
    assert texts(sim) == []


@pytest.mark.parametrize(
    ("do", "status", "title"),
    [
        ("401", 401, "Unauthorized"),
        ("402", 402, "Payment Required"),
        ("403_duplicate", 403, "Forbidden"),
        ("403_reply_gate", 403, "Forbidden"),
        ("403_not_permitted", 403, "Forbidden"),
        ("spend_cap", 403, "SpendCapReached"),
    ],
)
def test_refusals_on_order_create_nothing(ferrow, sim, do, status, title):
    sim.fault(do)
    answer = post(ferrow, "refused")
    assert (answer.status_code, answer.json()["title"]) == (status, title)
    assert texts(sim) == []


def test_403_but_created_lies(ferrow, sim):
    sim.fault("403_but_created")
    assert post(ferrow, "landed").status_code == 403
    assert texts(sim) == ["landed"]


def test_lag_hides_a_post_from_lookups_for_a_while(ferrow, sim):
    sim.set_clock("2026-02-02T02:02:02Z")
    sim.fault("lag", seconds=20)
    post_id = made(ferrow, "late to the party")
    path = f"/2/users/{sim.user('Ferrow_ZH').id}/tweets"
    assert "data" not in ferrow.get(f"/2/tweets/{post_id}").json()
    assert ferrow.get(path).json()["meta"]["result_count"] == 0
    sim.advance(20)
    assert ferrow.get(f"/2/tweets/{post_id}").json()["data"]["id"] == post_id
    assert ferrow.get(path).json()["meta"]["result_count"] == 1


def test_lookup_503_leaves_writing_alone(ferrow, sim):
    sim.fault("lookup_503", times=0)
    post_id = made(ferrow, "fine")
    assert ferrow.get(f"/2/tweets/{post_id}").status_code == 503
    assert ferrow.get("/2/tweets", params={"ids": post_id}).status_code == 503
    assert ferrow.get("/2/users/me").status_code == 200


def test_faults_choose_by_account_route_text_and_count(ferrow, sim, client_of):
    german = client_of("FerrowDE")
    sim.fault("reject_503", match={"account": "ferrowde", "nth": 2}, times=2)
    assert [post(german, f"g{n}").status_code for n in range(4)] == [201, 503, 503, 201]
    assert post(ferrow, "untouched").status_code == 201
    sim.clear_faults()
    sim.fault("reject_500", match={"method": "DELETE", "route": "/2/tweets/:id"})
    post_id = made(ferrow, "delete me")
    assert ferrow.delete(f"/2/tweets/{post_id}").status_code == 500
    assert ferrow.delete(f"/2/tweets/{post_id}").status_code == 200
    sim.clear_faults()
    sim.fault("reject_502", match={"text": "second"}, times=0)
    assert [post(ferrow, text).status_code for text in ("first", "second", "third")] == [
        201,
        502,
        201,
    ]
    assert sim.faults()[0]["fired"] == 1


def test_token_endpoint_can_lose_its_answer(url, sim, app):
    first = sim.oauth2_token(app, "Ferrow")["refresh_token"]
    sim.fault("accept_then_reset", match={"route": "/2/oauth2/token"})
    form = {"grant_type": "refresh_token", "refresh_token": first}
    auth = (app.client_id, app.client_secret)
    with pytest.raises(httpx2.ReadError):
        plain.post(f"{url}/2/oauth2/token", data=form, auth=auth)
    assert plain.post(f"{url}/2/oauth2/token", data=form, auth=auth).status_code == 400
