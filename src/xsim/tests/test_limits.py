from __future__ import annotations

from xsim.tests.test_posts import made, post


def test_every_answer_tells_what_is_left(ferrow):
    first = ferrow.get("/2/users/me").headers
    second = ferrow.get("/2/users/me").headers
    assert (first["x-rate-limit-limit"], first["x-rate-limit-remaining"]) == ("75", "74")
    assert second["x-rate-limit-remaining"] == "73"
    assert first["x-rate-limit-reset"] == second["x-rate-limit-reset"]


def test_window_refuses_and_opens_again(ferrow, sim):
    sim.set_limits(routes={"POST /2/tweets": {"user": 3}})
    assert [post(ferrow, f"n{n}").status_code for n in range(4)] == [201, 201, 201, 429]
    refused = post(ferrow, "n4")
    assert refused.headers["x-rate-limit-remaining"] == "0"
    wait = int(refused.headers["x-rate-limit-reset"]) - sim.world.now_ms() // 1000
    assert 895 <= wait <= 901
    sim.advance(wait)
    assert post(ferrow, "n5").status_code == 201
    assert len(sim.posts()) == 4


def test_windows_are_per_user_and_per_method(ferrow, sim, client_of):
    sim.set_limits(routes={"POST /2/tweets": {"user": 1}})
    post_id = made(ferrow, "one")
    assert post(ferrow, "two").status_code == 429
    assert post(client_of("FerrowDE"), "two").status_code == 201
    assert ferrow.get("/2/tweets", params={"ids": post_id}).status_code == 200
    assert ferrow.delete(f"/2/tweets/{post_id}").status_code == 200


def test_app_day_is_shared_by_its_users(ferrow, sim, client_of):
    sim.set_limits(routes={"POST /2/tweets": {"user": 100, "app_day": 2}})
    made(ferrow, "one")
    answer = post(client_of("FerrowDE"), "two")
    assert answer.headers["x-app-limit-24hour-limit"] == "2"
    assert answer.headers["x-app-limit-24hour-remaining"] == "0"
    refused = post(ferrow, "three")
    assert refused.status_code == 429
    assert refused.headers["x-rate-limit-remaining"] == "99"
    sim.advance(16 * 60)
    assert post(ferrow, "three").status_code == 429


def test_limits_can_be_switched_off(ferrow, sim):
    sim.set_limits(enabled=False, routes={"POST /2/tweets": {"user": 1}})
    assert [post(ferrow, f"n{n}").status_code for n in range(3)] == [201, 201, 201]


def test_unproven_calls_are_not_counted(ferrow, url):
    ferrow.headers["Authorization"] = "Bearer wrong"
    assert not [name for name in ferrow.get("/2/users/me").headers if name.startswith("x-rate")]
