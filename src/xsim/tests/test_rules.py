"""Polls, who may answer, and how much an account may post in a day."""

from __future__ import annotations

import pytest

from xsim.problems import Refused
from xsim.tests import plain
from xsim.tests.test_posts import made, post, reply_to

CAP = "User is over daily status update limit."


def test_poll_counts_votes_until_it_closes(ferrow, sim, url):
    sim.set_clock("2026-03-01T12:00:00Z")
    poll = {"options": ["Red", "蓝"], "duration_minutes": 5}
    post_id = made(ferrow, "Which?", poll=poll)
    assert sim.vote(post_id, 2, 3)["options"][1]["votes"] == 3
    vote = {"post": post_id, "option": 1}
    assert plain.post(f"{url}/_sim/votes", json=vote).json()["options"][0]["votes"] == 1
    page = plain.get(f"{url}/Ferrow_ZH").text
    assert "4 votes · open" in page
    sim.advance(300)
    refused = plain.post(f"{url}/_sim/votes", json=vote)
    assert (refused.status_code, refused.json()["error"]) == (400, "the poll is closed")
    query = {"expansions": "attachments.poll_ids"}
    (shown,) = ferrow.get(f"/2/tweets/{post_id}", params=query).json()["includes"]["polls"]
    assert shown["voting_status"] == "closed"
    assert [option["votes"] for option in shown["options"]] == [1, 3]


@pytest.mark.parametrize(("option", "votes"), [(0, 1), (3, 1), (1, 0)])
def test_votes_for_nothing_are_refused(ferrow, sim, url, option, votes):
    poll = {"options": ["a", "b"], "duration_minutes": 5}
    post_id = made(ferrow, "Which?", poll=poll)
    wish = {"post": post_id, "option": option, "votes": votes}
    assert plain.post(f"{url}/_sim/votes", json=wish).status_code == 400
    wish = {"post": made(ferrow, "No poll"), "option": 1}
    assert plain.post(f"{url}/_sim/votes", json=wish).status_code == 400


def test_flags_are_kept_and_shown(ferrow, sim, url):
    post_id = made(ferrow, "Ad", made_with_ai=True, paid_partnership=True, community_id="12")
    query = {"tweet.fields": "made_with_ai,paid_partnership"}
    data = ferrow.get(f"/2/tweets/{post_id}", params=query).json()["data"]
    assert (data["made_with_ai"], data["paid_partnership"]) == (True, True)
    assert (sim.posts()[0]["made_with_ai"], sim.posts()[0]["paid_partnership"]) == (True, True)
    page = plain.get(f"{url}/Ferrow_ZH").text
    assert "Made with AI" in page
    assert "Paid partnership" in page


def test_reply_settings_decide_who_answers(ferrow, sim):
    sim.add_user("tessa_vdk", verified_type="blue")
    closed = {
        setting: made(ferrow, f"Only {setting} @siyuan_li", reply_settings=setting)
        for setting in ("following", "mentionedUsers", "subscribers", "verified")
    }
    for post_id in closed.values():
        sim.publish("siyuan_li", f"Named in {post_id}", in_reply_to=post_id)
        with pytest.raises(Refused):
            sim.publish("gear_atlas", "A stranger", in_reply_to=post_id)
        made(ferrow, f"Ourselves in {post_id}", reply=reply_to(post_id))
    sim.publish("tessa_vdk", "Verified", in_reply_to=closed["verified"])
    with pytest.raises(Refused):
        sim.publish("tessa_vdk", "Verified", in_reply_to=closed["mentionedUsers"])
    sim.follow("Ferrow_ZH", "gear_atlas")
    sim.publish("gear_atlas", "Followed now", in_reply_to=closed["following"])


def test_reply_settings_hold_for_the_whole_conversation(ferrow, sim, client_of):
    root = made(ferrow, "Closed @siyuan_li", reply_settings="mentionedUsers")
    below = sim.publish("siyuan_li", "@FerrowDE look", in_reply_to=root)
    assert post(client_of("FerrowDE"), "May I?", reply=reply_to(below)).status_code == 403
    data = ferrow.get(f"/2/tweets/{root}", params={"tweet.fields": "reply_settings"}).json()["data"]
    assert data["reply_settings"] == "mentionedUsers"


@pytest.fixture
def unverified(sim, client_of):
    sim.add_user("small_brand")
    sim.set_limits(routes={"POST /2/tweets": {"user": 10_000}})
    return client_of("small_brand")


def test_unverified_account_has_fifty_originals_a_day(unverified, sim, client_of):
    sim.set_clock("2026-03-01T12:00:00Z")
    root = made(unverified, "0")
    for number in range(1, 50):
        made(unverified, str(number))
    refused = post(unverified, "50")
    assert (refused.status_code, refused.json()["detail"]) == (403, CAP)
    made(unverified, "A reply counts elsewhere", reply=reply_to(root))
    sim.publish("small_brand", "By hand")
    sim.set_limits(daily_caps=False)
    made(unverified, "Unbound")
    sim.set_limits(daily_caps=True)
    sim.advance(24 * 3600 + 1)
    made(client_of("small_brand"), "A new day")


def test_unverified_account_has_two_hundred_replies_a_day(unverified, sim):
    root = made(unverified, "root")
    for number in range(200):
        sim.publish("small_brand", str(number), in_reply_to=root)
    assert post(unverified, "one more", reply=reply_to(root)).json()["detail"] == CAP
    made(unverified, "an original")


def test_verified_account_has_2400_posts_a_day(ferrow, sim):
    for number in range(2_400):
        sim.publish("Ferrow_ZH", str(number))
    assert post(ferrow, "one more").json()["detail"] == CAP
    sim.set_limits(enabled=False)
    made(ferrow, "one more")


def test_daily_caps_are_switched_over_the_wire(unverified, url):
    answer = plain.post(f"{url}/_sim/limits", json={"daily_caps": False}).json()
    assert (answer["enabled"], answer["daily_caps"]) == (True, False)
    for number in range(60):
        made(unverified, str(number))
