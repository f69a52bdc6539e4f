"""Faults of the door, the head of an answer, limits, tokens and lag."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

import xsim
from xsim.faults import KINDS
from xsim.listener import Door
from xsim.sim import Sim
from xsim.testing import serve
from xsim.tests import plain
from xsim.tests.test_posts import made, post
from xsim.world import World


def once_open(ask):
    """Ask until the door is open, and return the answer."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return ask()
        except httpx2.ConnectError:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_door_of_a_server_that_starts_slowly_can_be_shut_at_once(monkeypatch):
    real = Door.startup

    async def slowly(self, sockets=None):
        await asyncio.sleep(0.3)
        await real(self, sockets)

    monkeypatch.setattr(Door, "startup", slowly)
    with serve() as (url, sim):
        sim.fault("refuse_connect", seconds=60)
        with pytest.raises(httpx2.ConnectError):
            plain.get(url)


def test_shut_door_refuses(ferrow, sim, url):
    sim.fault("refuse_connect", seconds=60)
    with pytest.raises(httpx2.ConnectError):
        post(ferrow, "Refused")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), timeout=1)
    sim.clear_faults()
    assert sim.posts() == []


def test_door_is_shut_for_seconds(ferrow, sim):
    made(ferrow, "Before")
    started = time.monotonic()
    sim.fault("refuse_connect", seconds=0.4)
    once_open(lambda: made(ferrow, "After"))
    assert time.monotonic() - started >= 0.4
    assert [one["text"] for one in sim.posts()] == ["Before", "After"]


def test_door_is_opened_again_by_hand(ferrow, sim):
    for shut in ({"seconds": 60}, {"connections": 9}):
        sim.fault("refuse_connect", **shut)
        with pytest.raises(httpx2.TransportError):
            plain.get(str(ferrow.base_url))
        sim.clear_faults()
        assert plain.get(str(ferrow.base_url)).status_code == 200


def test_door_is_shut_over_the_wire(url, sim):
    wish = {"do": "refuse_connect", "seconds": 0.4}
    started = time.monotonic()
    assert plain.post(f"{url}/_sim/faults", json=wish).json()["fired"] == 1
    assert once_open(lambda: plain.get(url)).status_code == 200
    assert time.monotonic() - started >= 0.4


def test_connections_are_reset_before_a_byte_is_read(client_of, sim):
    clients = [client_of("Ferrow") for _ in range(3)]
    sim.fault("refuse_connect", connections=2)
    for client in clients[:2]:
        with pytest.raises(httpx2.TransportError):
            post(client, "Lost")
    made(clients[2], "Arrived")
    assert sim.journal(method="POST")["total"] == 1


def test_shut_door_lets_a_running_request_end(ferrow, sim):
    sim.fault("slow", seconds=0.3, match={"text": "slow"})
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(post, ferrow, "slow one")
        while not sim.journal()["total"]:
            time.sleep(0.01)
        sim.fault("refuse_connect", seconds=0.2)
        assert running.result(3).status_code == 201


@pytest.mark.parametrize("wish", [{}, {"seconds": 1, "connections": 1}])
def test_door_orders_need_one_measure(url, wish):
    answer = plain.post(f"{url}/_sim/faults", json={"do": "refuse_connect", **wish})
    assert answer.status_code == 400


def test_a_world_without_a_server_has_no_door():
    sim = Sim(World())
    with pytest.raises(ValueError, match="nobody listens"):
        sim.fault("refuse_connect", seconds=1)
    sim.world.store.close()


def test_slow_headers_drip_in_after_creating(ferrow, sim, url):
    sim.fault("slow_headers", seconds=0.3)
    started = time.monotonic()
    assert post(ferrow, "Slow head").json()["data"]["text"] == "Slow head"
    assert time.monotonic() - started >= 0.3
    sim.fault("slow_headers", seconds=5)
    with pytest.raises(httpx2.ReadTimeout):
        ferrow.post("/2/tweets", json={"text": "Too slow"}, timeout=0.1)
    assert len(sim.posts()) == 2


@pytest.mark.parametrize(
    ("do", "window"),
    [
        ("429", "x-rate-limit"),
        ("429_app_day", "x-app-limit-24hour"),
        ("429_user_day", "x-user-limit-24hour"),
        ("429_reset_in_past", "x-rate-limit"),
    ],
)
def test_429_tells_which_window_is_empty(ferrow, sim, do, window):
    made(ferrow, "Before")
    sim.fault(do)
    answer = post(ferrow, "Refused")
    assert answer.status_code == 429
    left = {name: value for name, value in answer.headers.items() if name.endswith("-remaining")}
    assert [name for name, value in left.items() if value == "0"] == [f"{window}-remaining"]
    in_past = int(answer.headers[f"{window}-reset"]) * 1000 < sim.world.now_ms()
    assert in_past is (do == "429_reset_in_past")
    assert int(answer.headers[f"{window}-limit"]) > 0


def test_429_without_headers_and_by_cap(ferrow, sim):
    sim.fault("429_no_headers")
    sim.fault("429_usage_capped", match={"nth": 2})
    bare, capped = post(ferrow, "a"), post(ferrow, "b")
    assert not [name for name in bare.headers if "limit" in name]
    assert capped.json()["type"].endswith("usage-capped")
    assert (bare.status_code, capped.status_code, sim.posts()) == (429, 429, [])


@pytest.mark.parametrize(
    ("do", "words"),
    [
        ("403_quote_gate", "Quoting this post is not allowed because you have not been mentioned"),
        ("403_engagement_gate", "You can only reply to or quote posts where you are mentioned"),
        ("403_suspended", "Your account is suspended"),
        ("403_not_premium", "You are not permitted to perform this action."),
        ("403_daily_cap", "User is over daily status update limit."),
    ],
)
def test_refusals_by_403(ferrow, sim, do, words):
    sim.fault(do)
    answer = post(ferrow, "No")
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith(words)
    assert sim.posts() == []


def refreshed(url, app, token):
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return plain.post(f"{url}/2/oauth2/token", data=form, auth=(app.client_id, app.client_secret))


def test_refresh_can_lose_its_answer_or_a_race(url, sim, app):
    for do in ("refresh_lost", "refresh_raced"):
        token = sim.oauth2_token(app, "Ferrow")["refresh_token"]
        sim.fault(do)
        if do == "refresh_lost":
            with pytest.raises(httpx2.ReadError):
                refreshed(url, app, token)
        else:
            assert refreshed(url, app, token).json()["error"] == "invalid_request"
        assert refreshed(url, app, token).status_code == 400


def test_mention_can_be_late_in_the_feed_alone(ferrow, sim):
    sim.set_clock("2026-02-02T02:02:02Z")
    mention = sim.mention("Ferrow_ZH", by="tessa_vdk", lag_seconds=30)
    path = f"/2/users/{sim.user('Ferrow_ZH').id}/mentions"
    assert ferrow.get(path).json()["meta"]["result_count"] == 0
    assert ferrow.get(f"/2/tweets/{mention}").json()["data"]["id"] == mention
    sim.advance(30)
    assert ferrow.get(path).json()["data"][0]["id"] == mention


def test_post_can_be_late_in_its_timeline_alone(ferrow, sim):
    sim.set_clock("2026-02-02T02:02:02Z")
    sim.fault("lag", seconds=20, where="timeline")
    post_id = made(ferrow, "Late")
    path = f"/2/users/{sim.user('Ferrow_ZH').id}/tweets"
    assert ferrow.get(path).json()["meta"]["result_count"] == 0
    assert ferrow.get(f"/2/tweets/{post_id}").json()["data"]["id"] == post_id
    sim.advance(20)
    assert ferrow.get(path).json()["meta"]["result_count"] == 1


def test_faults_meant_for_some_calls_leave_others_alone(ferrow, sim):
    for do in sorted(KINDS):
        if do.startswith(("media_", "stream_", "refresh_")):
            sim.fault(do, times=0)
    made(ferrow, "Untouched")
    assert ferrow.get("/2/users/me").status_code == 200


@pytest.mark.parametrize("wish", [{"do": "lag", "where": "moon"}, {"do": "stream_crash"}])
def test_wrong_fault_orders_are_refused(url, wish):
    assert plain.post(f"{url}/_sim/faults", json=wish).status_code == 400


def test_every_fault_is_explained():
    said = (Path(xsim.__file__).parent / "README.md").read_text(encoding="utf-8")
    for do in KINDS:
        family = re.sub(r"_(500|502|503|504)$", "_{500,502,503,504}", do)
        assert f"`{do}`" in said or f"`{family}`" in said, do
