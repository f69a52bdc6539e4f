"""Subscriptions to what happens on an account, and the stream that tells of it."""

from __future__ import annotations

from xsim.tests import plain
from xsim.tests.listening import (
    ACTIVITY,
    SUBSCRIPTIONS,
    listening,
)
from xsim.tests.test_posts import made, post, reply_to


def subscribe(client, event, user_id, **more):
    body = {"event_type": event, "filter": {"user_id": user_id}, **more}
    return client.post(SUBSCRIPTIONS, json=body)


def test_subscriptions_come_and_go(alone, sim):
    me = sim.user("Ferrow_ZH").id
    made_ = subscribe(alone, "post.mention.create", me, tag="inbox").json()
    shown = made_["data"]["subscription"]
    assert (shown["event_type"], shown["filter"], shown["tag"]) == (
        "post.mention.create",
        {"user_id": me},
        "inbox",
    )
    assert alone.get(SUBSCRIPTIONS).json() == {
        "data": [shown],
        "meta": {"total_subscriptions": 1},
    }
    path = f"{SUBSCRIPTIONS}/{shown['subscription_id']}"
    assert alone.delete(path).json() == {
        "data": {"deleted": True},
        "meta": {"total_subscriptions": 0},
    }
    assert alone.delete(path).status_code == 404
    assert alone.delete(f"{SUBSCRIPTIONS}/x").status_code == 404


def test_subscriptions_are_refused_with_reason(alone, sim, ferrow):
    me = sim.user("Ferrow_ZH").id
    assert subscribe(alone, "post.create", me).status_code == 200
    assert subscribe(alone, "post.create", me).status_code == 400
    assert subscribe(alone, "dm.received", me).status_code == 400
    assert subscribe(alone, "post.create", "1").status_code == 400
    assert subscribe(alone, "post.delete", me, tag=5).status_code == 400
    assert alone.post(SUBSCRIPTIONS, json={"event_type": "post.create"}).status_code == 400
    assert subscribe(alone, "oauth.revoke", sim.user("gear_atlas").id).status_code == 403
    assert ferrow.get(SUBSCRIPTIONS).status_code == 403


def test_activity_tells_each_event_once(alone, sim, ferrow, app, url):
    me = sim.user("Ferrow_ZH").id
    events = ("mention.create", "reply.create", "quote.create", "repost.create", "delete", "create")
    for event in events:
        assert subscribe(alone, f"post.{event}", me).status_code == 200
    token = sim.oauth2_token(app, "Ferrow_ZH")
    assert subscribe(alone, "oauth.revoke", me).status_code == 200
    with listening(alone, sim, ACTIVITY) as stream:
        ours = made(ferrow, "Ours")
        mention = sim.mention("Ferrow_ZH", by="tessa_vdk")
        reply = sim.publish("gear_atlas", "Answering", in_reply_to=ours)
        quote = sim.publish("gear_atlas", "Quoting", quoted=ours)
        sim.repost("siyuan_li", ours)
        ferrow.delete(f"/2/tweets/{ours}")
        plain.post(
            f"{url}/2/oauth2/revoke",
            data={"token": token["access_token"]},
            auth=(app.client_id, app.client_secret),
        )
        got = [stream.item()["data"] for _ in range(7)]
    assert [(one["event_type"], one["payload"].get("id")) for one in got[:4]] == [
        ("post.create", ours),
        ("post.mention.create", mention),
        ("post.reply.create", reply),
        ("post.quote.create", quote),
    ]
    assert [one["event_type"] for one in got[4:]] == [
        "post.repost.create",
        "post.delete",
        "oauth.revoke",
    ]
    assert got[5]["payload"] == {"id": ours, "author_id": me}
    assert len({one["event_uuid"] for one in got}) == 7
    assert {one["filter"]["user_id"] for one in got} == {me}


def test_two_activity_streams_hear_the_same(alone, sim):
    subscribe(alone, "post.create", sim.user("Ferrow").id)
    with listening(alone, sim, ACTIVITY) as one, listening(alone, sim, ACTIVITY) as two:
        assert alone.get(ACTIVITY).status_code == 429
        post_id = sim.publish("Ferrow", "Heard twice")
        assert one.item()["data"]["payload"]["id"] == post_id
        assert two.item()["data"]["payload"]["id"] == post_id
    assert sim.money(sim.add_app("Tests"))["charges"] == {"post_event": {"count": 1, "usd": 0.005}}


def test_apps_hear_of_their_own_subscriptions_alone(alone, sim, url):
    other = sim.add_app("Other")
    headers = {"Authorization": f"Bearer {other.bearer_token}"}
    with plain.Client(base_url=url, headers=headers, timeout=5) as second:
        subscribe(second, "post.create", sim.user("FerrowDE").id)
        subscribe(alone, "post.create", sim.user("Ferrow").id)
        with listening(alone, sim, ACTIVITY) as stream:
            sim.publish("FerrowDE", "Not for this app")
            heard = sim.publish("Ferrow", "For this one")
            assert stream.item()["data"]["payload"]["id"] == heard


def test_revoked_token_is_told_and_refused(alone, sim, ferrow):
    subscribe(alone, "oauth.revoke", sim.user("Ferrow_ZH").id)
    with listening(alone, sim, ACTIVITY) as stream:
        root = made(ferrow, "One")
        sim.fault("401_revoked", match={"text": "Two"})
        assert post(ferrow, "Two", reply=reply_to(root)).status_code == 401
        assert stream.item()["data"]["event_type"] == "oauth.revoke"
    assert post(ferrow, "Two", reply=reply_to(root)).status_code == 401
