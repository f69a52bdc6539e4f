from __future__ import annotations

import pytest

from xsim.tests import plain, samples
from xsim.tests.test_media import upload
from xsim.tests.test_posts import made, post, reply_to

DEPLETED = {
    "title": "Payment Required",
    "detail": "credits depleted",
    "status": 402,
    "type": "https://api.x.com/2/problems/credits-depleted",
}


@pytest.fixture
def alone(app, url):
    headers = {"Authorization": f"Bearer {app.bearer_token}"}
    with plain.Client(base_url=url, headers=headers) as client:
        yield client


def counted(sim, app):
    return {kind: one["count"] for kind, one in sim.money(app)["charges"].items()}


def test_each_write_has_its_price(ferrow, sim, app):
    plain_id = made(ferrow, "No link")
    made(ferrow, "See example.com")
    mention = sim.mention("Ferrow_ZH", by="tessa_vdk")
    made(ferrow, "Here", reply=reply_to(mention))
    made(ferrow, "Ourselves", reply=reply_to(plain_id))
    ferrow.delete(f"/2/tweets/{plain_id}")
    media_id = upload(ferrow, samples.png())["id"]
    wish = {"id": media_id, "metadata": {"alt_text": {"text": "x"}}}
    ferrow.post("/2/media/metadata", json=wish)
    me = sim.user("Ferrow_ZH").id
    ferrow.post(f"/2/users/{me}/retweets", json={"tweet_id": mention})
    assert counted(sim, app) == {
        "post": 2,
        "post_with_link": 1,
        "summoned_reply": 1,
        "delete": 1,
        "media_metadata": 1,
        "repost": 1,
    }
    assert sim.money(app)["spent"] == pytest.approx(0.27)


def test_media_link_is_no_link_of_the_author(ferrow, sim, app):
    media_id = upload(ferrow, samples.png())["id"]
    made(ferrow, "Picture", media={"media_ids": [media_id]})
    assert counted(sim, app) == {"post": 1}


def test_refused_posts_cost_nothing(ferrow, sim, app):
    made(ferrow, "Once")
    assert post(ferrow, "Once").status_code == 403
    assert post(ferrow, "").status_code == 400
    assert counted(sim, app) == {"post": 1}


def test_reading_costs_once_a_utc_day(client_of, sim, app):
    sim.set_clock("2026-03-01T22:30:00Z")
    ids = [sim.publish("gear_atlas", f"Post {n}") for n in range(3)]
    query = {"ids": ",".join(ids), "expansions": "author_id"}
    for _ in range(2):
        client_of("Ferrow").get("/2/tweets", params=query)
    client_of("Ferrow").get(f"/2/tweets/{ids[0]}")
    assert counted(sim, app) == {"post_read": 3, "user_read": 1}
    sim.advance(3600 * 2)
    client_of("Ferrow").get("/2/tweets", params=query)
    assert counted(sim, app) == {"post_read": 6, "user_read": 2}
    assert sim.money(app)["spent"] == pytest.approx(6 * 0.005 + 2 * 0.010)


def test_owner_of_the_app_reads_own_posts_cheaply(ferrow, sim, app):
    sim.set_money(app, owner="Ferrow_ZH")
    ours, other = made(ferrow, "Ours"), sim.publish("gear_atlas", "Other")
    ferrow.get("/2/tweets", params={"ids": f"{ours},{other}"})
    ferrow.get("/2/users/me")
    assert counted(sim, app) == {"post": 1, "own_post_read": 1, "post_read": 1, "own_user_read": 1}


def test_empty_pages_cost_nothing(ferrow, sim, app):
    ferrow.get(f"/2/users/{sim.user('Ferrow_ZH').id}/mentions")
    assert counted(sim, app) == {}


def test_credits_run_out_for_everything(ferrow, sim, app, alone):
    sim.set_money(app, credits=0.05)
    made(ferrow, "One")
    made(ferrow, "Two")
    refused = post(ferrow, "A dear one https://example.com")
    assert (refused.status_code, refused.json()) == (402, DEPLETED)
    made(ferrow, "Three")
    assert post(ferrow, "Four").status_code == 402
    assert ferrow.get("/2/users/me").status_code == 200
    assert ferrow.get("/2/users/me").status_code == 402
    assert len(sim.posts()) == 3
    assert alone.get("/2/usage/credits").json()["data"] == {
        "total_balance": 0.0,
        "prepaid_balance": -0.005,
        "free_balance": 0.0,
    }
    sim.set_money(app, credits=1)
    made(ferrow, "Four")


def test_spend_cap_holds_until_its_reset(client_of, sim, app):
    sim.set_clock("2026-03-01T12:00:00Z")
    sim.set_money(app, spend_cap=0.03, resets_at="2026-03-05T00:00:00Z")
    made(client_of("Ferrow"), "One")
    made(client_of("Ferrow"), "Two")
    refused = post(client_of("Ferrow"), "Three")
    assert refused.status_code == 403
    assert (refused.json()["title"], refused.json()["reset_date"]) == (
        "SpendCapReached",
        "2026-03-05",
    )
    sim.set_clock("2026-03-05T00:00:00Z")
    made(client_of("Ferrow"), "Three")
    assert sim.money(app)["resets_at"] == "2026-04-04T00:00:00.000Z"


def test_money_is_per_app_and_steered_over_the_wire(ferrow, sim, app, url):
    made(ferrow, "Paid by Tests")
    sim.add_app("Other")
    wish = {"app": "Other", "credits": 2.5, "spend_cap": 10, "owner": "Ferrow"}
    got = plain.post(f"{url}/_sim/money", json=wish).json()
    assert (got["credits"], got["spend_cap"], got["spent"]) == (2.5, 10, 0)
    got = plain.get(f"{url}/_sim/money", params={"app": "Tests"}).json()
    assert (got["credits"], got["spent"]) == (None, 0.015)
    assert got["last"][0]["kind"] == "post"
    for wrong in (
        {"app": "Nobody"},
        {"app": "Other", "colour": 1},
        {"app": "Other", "owner": "no"},
    ):
        assert plain.post(f"{url}/_sim/money", json=wrong).status_code == 400


def test_usage_counts_posts_read_by_day(ferrow, sim, alone):
    sim.set_clock("2026-03-01T12:00:00Z")
    post_id = sim.publish("gear_atlas", "Read me")
    alone.get(f"/2/tweets/{post_id}")
    data = alone.get("/2/usage/tweets", params={"days": 7}).json()["data"]
    assert data["project_usage"] == "1"
    assert data["daily_project_usage"]["usage"] == [
        {"date": "2026-03-01T00:00:00.000Z", "usage": "1"}
    ]
    assert alone.get("/2/usage/tweets", params={"days": 91}).status_code == 400


def test_usage_is_for_the_app_alone(client_of):
    assert client_of("Ferrow").get("/2/usage/credits").status_code == 403
