"""The public client libraries against the fake: others wrote them for the real service."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from xsim.tests import plain
from xsim.tests.clients import Rewriting
from xsim.tests.conftest import CALLBACK

tweepy = pytest.importorskip("tweepy", reason="tweepy is not installed: make setup")
xdk = pytest.importorskip("xdk", reason="xdk is not installed: make setup")
xdk_models = pytest.importorskip("xdk.posts.models")
SCOPES = ["tweet.read", "tweet.write", "users.read", "offline.access"]


def test_tweepy_writes_reads_and_deletes(tweepy_client, sim):
    root = tweepy_client.create_tweet(text="From tweepy & co: https://example.com 雁").data
    reply = tweepy_client.create_tweet(text="Second", in_reply_to_tweet_id=root["id"]).data
    assert [one["text"] for one in sim.posts("Ferrow")] == [
        "From tweepy & co: https://example.com 雁",
        "Second",
    ]
    found = tweepy_client.get_tweet(
        reply["id"],
        tweet_fields=["conversation_id", "created_at", "public_metrics", "referenced_tweets"],
        expansions=["author_id"],
        user_auth=True,
    )
    assert str(found.data.conversation_id) == root["id"]
    assert str(found.data.referenced_tweets[0].id) == root["id"]
    assert found.includes["users"][0].username == "Ferrow"
    both = tweepy_client.get_tweets([root["id"], reply["id"], "1"])
    assert (len(both.data), len(both.errors)) == (2, 1)
    assert tweepy_client.delete_tweet(reply["id"]).data == {"deleted": True}
    with pytest.raises(tweepy.NotFound):
        tweepy_client.delete_tweet(reply["id"])


def test_tweepy_reads_me_timeline_and_mentions(tweepy_client, sim):
    me = tweepy_client.get_me().data
    assert me.username == "Ferrow"
    ids = [tweepy_client.create_tweet(text=f"t{n}").data["id"] for n in range(7)]
    pages = tweepy.Paginator(tweepy_client.get_users_tweets, me.id, max_results=5)
    assert [str(tweet.id) for page in pages for tweet in page.data] == ids[::-1]
    since = tweepy_client.get_users_tweets(me.id, since_id=ids[4], user_auth=True)
    assert [str(tweet.id) for tweet in since.data] == [ids[6], ids[5]]
    mention = sim.mention("Ferrow", by="tessa_vdk", text="Where is my bag?")
    assert [str(tweet.id) for tweet in tweepy_client.get_users_mentions(me.id).data] == [mention]
    assert tweepy_client.get_user(username="ferrowde").data.name == "Ferrow Deutschland"


def test_tweepy_understands_the_refusals(tweepy_client, sim):
    tweepy_client.create_tweet(text="Once")
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        tweepy_client.create_tweet(text="Once")
    sim.add_user("Ferrow", premium=False)
    with pytest.raises(tweepy.BadRequest, match="weighs"):
        tweepy_client.create_tweet(text="雁" * 141)
    sim.fault("429")
    with pytest.raises(tweepy.TooManyRequests) as refused:
        tweepy_client.create_tweet(text="Twice")
    assert refused.value.reset_time > 0
    sim.fault("reject_503")
    with pytest.raises(tweepy.TwitterServerError):
        tweepy_client.create_tweet(text="Twice")
    tweepy_client.access_token_secret = "wrong"
    with pytest.raises(tweepy.Unauthorized):
        tweepy_client.get_me()


def test_tweepy_signs_in_by_pkce_and_refreshes(url, app):
    handler = tweepy.OAuth2UserHandler(
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=CALLBACK,
        scope=SCOPES,
    )
    handler.trust_env = False
    query = parse_qs(urlsplit(handler.get_authorization_url()).query)
    form = {name: values[0] for name, values in query.items()}
    form |= {"user": "FerrowDE", "decision": "approve"}
    back = plain.post(f"{url}/i/oauth2/authorize", data=form).headers["location"]
    # Its own fetch_token names the real host; this is the same call with another address.
    token = super(tweepy.OAuth2UserHandler, handler).fetch_token(
        f"{url}/2/oauth2/token",
        authorization_response=back,
        auth=handler.auth,
        include_client_id=True,
        code_verifier=handler._client.code_verifier,
    )
    client = tweepy.Client(token["access_token"])
    client.session = Rewriting(url)
    assert client.get_me(user_auth=False).data.username == "FerrowDE"
    renewed = handler.refresh_token(f"{url}/2/oauth2/token", auth=handler.auth)
    assert renewed["refresh_token"] != token["refresh_token"]
    client.session.close()
    handler.close()


def test_xdk_writes_reads_and_deletes(xdk_client, sim):
    root = xdk_client.posts.create(xdk_models.CreateRequest(text="From xdk 雁阵")).data.id
    reply = xdk_client.posts.create(
        xdk_models.CreateRequest(text="Second", reply={"in_reply_to_tweet_id": root})
    ).data.id
    assert [one["text"] for one in sim.posts("Ferrow")] == ["From xdk 雁阵", "Second"]
    found = xdk_client.posts.get_by_id(
        reply,
        post_fields=["conversation_id", "public_metrics", "created_at"],
        expansions=["author_id", "referenced_posts"],
    )
    assert found.data.conversation_id == root
    assert found.data.referenced_posts[0].id == root
    assert found.includes.users[0].username == "Ferrow"
    assert found.includes.posts[0].id == root
    assert found.data.public_metrics.repost_count == 0
    both = xdk_client.posts.get_by_ids(ids=[root, reply, "1"])
    assert (len(both.data), len(both.errors)) == (2, 1)
    assert xdk_client.posts.delete(reply).data.deleted is True
    with pytest.raises(requests.HTTPError) as refused:
        xdk_client.posts.delete(reply)
    assert refused.value.response.status_code == 404


def test_xdk_reads_me_timeline_and_mentions(xdk_client, sim):
    me = xdk_client.users.get_me(user_fields=["public_metrics"]).data
    assert me.username == "Ferrow"
    ids = [
        xdk_client.posts.create(xdk_models.CreateRequest(text=f"x{n}")).data.id for n in range(7)
    ]
    pages = xdk_client.users.get_posts(me.id, max_results=5)
    assert [post.id for page in pages for post in page.data] == ids[::-1]
    mention = sim.mention("Ferrow", by="tessa_vdk", text="Where is my bag?")
    page = next(iter(xdk_client.users.get_mentions(me.id)))
    assert [post.id for post in page.data] == [mention]
    assert xdk_client.users.get_by_username("ferrowde").data.name == "Ferrow Deutschland"


def test_xdk_meets_duplicate_and_429(xdk_client, sim):
    xdk_client.posts.create(xdk_models.CreateRequest(text="Once"))
    with pytest.raises(requests.HTTPError) as refused:
        xdk_client.posts.create(xdk_models.CreateRequest(text="Once"))
    assert "duplicate content" in refused.value.response.text
    sim.fault("429")
    with pytest.raises(requests.HTTPError) as refused:
        xdk_client.posts.create(xdk_models.CreateRequest(text="Twice"))
    assert refused.value.response.status_code == 429


def test_xdk_signs_in_by_pkce_and_refreshes(url, app):
    client = xdk.Client(
        base_url=url,
        authorization_base_url=f"{url}/i",
        client_id=app.client_id,
        client_secret=app.client_secret,
        redirect_uri=CALLBACK,
        scope=SCOPES,
    )
    client.session.trust_env = False
    address = urlsplit(client.get_authorization_url(state="s"))
    form = {name: values[0] for name, values in parse_qs(address.query).items()}
    form |= {"user": "Ferrow_ZH", "decision": "approve"}
    back = plain.post(f"{url}{address.path}", data=form).headers["location"]
    first = dict(client.fetch_token(back))
    assert client.users.get_me().data.username == "Ferrow_ZH"
    second = client.refresh_token()
    assert second["refresh_token"] != first["refresh_token"]
    assert client.users.get_me().data.username == "Ferrow_ZH"
    client.session.close()
    client.oauth2_auth.oauth2_session.close()
