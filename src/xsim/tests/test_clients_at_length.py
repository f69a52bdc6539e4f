"""The public client libraries against the fake, for all that is more than writing and reading."""

from __future__ import annotations

import base64
import hashlib
import threading

import pytest
import requests

from xsim.tests import samples
from xsim.tests.clients import Rewriting
from xsim.tests.test_streams import wait_for

tweepy = pytest.importorskip("tweepy", reason="tweepy is not installed: make setup")
xdk_models = pytest.importorskip("xdk.posts.models")
media_models = pytest.importorskip("xdk.media.models")
user_models = pytest.importorskip("xdk.users.models")
stream_models = pytest.importorskip("xdk.stream.models")
activity_models = pytest.importorskip("xdk.activity.models")
streaming = pytest.importorskip("xdk.streaming")


def upload(client, data, mime, category, step):
    wish = {"media_type": mime, "media_category": category, "total_bytes": len(data)}
    begun = client.media.initialize_upload(media_models.InitializeUploadRequest(**wish)).data
    for number, at in enumerate(range(0, len(data), step)):
        piece = base64.b64encode(data[at : at + step]).decode()
        sent = client.media.append_upload(
            begun.id, media_models.AppendUploadRequest(media=piece, segment_index=number)
        )
        assert sent.data.expires_at
    return client.media.finalize_upload(begun.id).data


def test_xdk_uploads_describes_and_posts_media(xdk_client, sim):
    sim.set_media_seconds(0)
    picture, film = samples.png(64, 48), samples.mp4(padding=4000)
    first = upload(xdk_client, picture, "image/png", "tweet_image", step=50)
    assert (first.image.w, first.image.h, first.size) == (64, 48, len(picture))
    wish = {"id": first.id, "metadata": {"alt_text": {"text": "一个背包"}}}
    xdk_client.media.create_metadata(media_models.CreateMetadataRequest(**wish))
    moving = upload(xdk_client, film, "video/mp4", "tweet_video", step=1000)
    assert moving.processing_info.state == "succeeded"
    assert xdk_client.media.get_upload_status(moving.id).data.processing_info.state == "succeeded"
    words = upload(xdk_client, samples.SRT, "text/srt", "subtitles", step=20)
    subtitle = {"id": words.id, "language_code": "EN", "display_name": "English"}
    wish = {"id": moving.id, "media_category": "TweetVideo", "subtitles": subtitle}
    tied = xdk_client.media.create_subtitles(media_models.CreateSubtitlesRequest(**wish))
    assert tied.data.associated_subtitles["language_code"] == "EN"
    for one, kind in ((first, "photo"), (moving, "video")):
        made = xdk_client.posts.create(
            xdk_models.CreateRequest(text=f"A {kind}", media={"media_ids": [one.id]})
        ).data
        found = xdk_client.posts.get_by_id(
            made.id,
            expansions=["attachments.media_keys"],
            media_fields=["type", "url", "alt_text", "duration_ms", "width"],
        )
        (shown,) = found.includes.media
        assert (shown.media_key, shown.type) == (one.media_key, kind)
        assert found.data.attachments.media_keys == [one.media_key]
    assert [one["sha256"] for post in sim.posts("Ferrow") for one in post["media"]] == [
        hashlib.sha256(data).hexdigest() for data in (picture, film)
    ]


def test_xdk_uploads_at_once_and_meets_a_refusal(xdk_client):
    encoded = base64.b64encode(samples.jpeg()).decode()
    done = xdk_client.media.upload(
        media_models.UploadRequest(media=encoded, media_category="tweet_image")
    )
    assert done.data.media_key.startswith("3_")
    with pytest.raises(requests.HTTPError) as refused:
        xdk_client.posts.create(xdk_models.CreateRequest(text="No", media={"media_ids": ["1"]}))
    assert "Your media IDs are invalid." in refused.value.response.text


def test_xdk_asks_edits_and_counts(xdk_client, sim):
    poll = {"options": ["Red", "蓝"], "duration_minutes": 60}
    asked = xdk_client.posts.create(xdk_models.CreateRequest(text="Which?", poll=poll)).data.id
    sim.vote(asked, 2, 5)
    found = xdk_client.posts.get_by_id(asked, expansions=["attachments.poll_ids"])
    assert [one.votes for one in found.includes.polls[0].options] == [0, 5]
    first = xdk_client.posts.create(xdk_models.CreateRequest(text="Frist")).data.id
    second = xdk_client.posts.create(
        xdk_models.CreateRequest(text="First", edit_options={"previous_post_id": first})
    ).data.id
    found = xdk_client.posts.get_by_id(
        second, post_fields=["edit_controls", "edit_history_post_ids"]
    ).data
    assert found.edit_history_post_ids == [first, second]
    assert found.edit_controls.edits_remaining == 4


def test_xdk_reposts_hides_and_searches(xdk_client, sim):
    me = sim.user("Ferrow").id
    review = sim.publish("gear_atlas", "The bag, reviewed at length")
    done = xdk_client.users.repost_post(me, user_models.RepostPostRequest(tweet_id=review)).data
    assert done.retweeted is True
    assert sim.posts("Ferrow")[0]["repost_of"] == review
    assert xdk_client.users.unrepost_post(me, review).data.retweeted is False
    root = xdk_client.posts.create(xdk_models.CreateRequest(text="Ask us")).data.id
    rude = sim.publish("gear_atlas", "Rude", in_reply_to=root)
    hidden = xdk_client.posts.hide_reply(rude, xdk_models.HideReplyRequest(hidden=True))
    assert hidden.data.hidden is True
    query = "from:gear_atlas (bag OR rude)"
    pages = xdk_client.posts.search_recent(query, max_results=10)
    assert [post.id for page in pages for post in page.data] == [rude, review]
    quote = sim.publish("tessa_vdk", "Look", quoted=root)
    page = next(iter(xdk_client.posts.get_quoted(root, max_results=10)))
    assert [post.id for post in page.data] == [quote]


def add_rule(client, value):
    wish = stream_models.UpdateRulesRequest(add=[{"value": value, "tag": "t"}])
    return client.stream.update_rules(wish)


def once():
    """Let xdk's reader come back from its first stream instead of storming on."""
    return streaming.StreamConfig(max_retries=0, timeout=5, chunk_size=1)


def first_of(items, sim, act):
    """Read the first item of a stream that is opened here and fed by ``act``."""
    feeder = threading.Thread(target=lambda: (wait_for(sim.streams), act()), daemon=True)
    feeder.start()
    item = next(items)
    feeder.join(3)
    items.close()
    return item


def test_xdk_reads_filtered_and_activity_streams(xdk_app, sim):
    done = add_rule(xdk_app, "bag lang:en")
    assert done.meta.summary["created"] == 1
    assert [rule.value for rule in next(iter(xdk_app.stream.get_rules())).data] == ["bag lang:en"]
    item = first_of(
        xdk_app.stream.posts(stream_config=once()),
        sim,
        lambda: sim.publish("gear_atlas", "A bag — “quoted”"),
    )
    assert item.data.text == "A bag — “quoted”"
    assert item.matching_rules[0].tag == "t"
    wait_for(lambda: not sim.streams())
    user = sim.user("Ferrow").id
    wish = {"event_type": "post.mention.create", "filter": {"user_id": user}, "tag": "inbox"}
    made = xdk_app.activity.create_subscription(activity_models.CreateSubscriptionRequest(**wish))
    number = made.data.subscription.subscription_id
    event = first_of(
        xdk_app.stream.activity(stream_config=once()),
        sim,
        lambda: sim.mention("Ferrow", by="tessa_vdk", text="Where is my bag?"),
    )
    assert event.data.event_type == "post.mention.create"
    assert event.data.tag == "inbox"
    page = next(iter(xdk_app.activity.get_subscriptions()))
    assert [one.subscription_id for one in page.data] == [number]
    assert xdk_app.activity.delete_subscription(number).data.deleted is True


def test_xdk_reads_counts_and_usage(xdk_app, sim):
    sim.publish("gear_atlas", "A bag")
    page = next(iter(xdk_app.posts.get_counts_recent("bag", granularity="day")))
    assert sum(one.post_count for one in page.data) == 1
    post_id = sim.publish("gear_atlas", "Another")
    xdk_app.posts.get_by_id(post_id)
    assert xdk_app.usage.get(usage_fields=["daily_project_usage"]).data.project_usage == "1"


def test_tweepy_asks_answers_and_reposts(tweepy_client, sim):
    asked = tweepy_client.create_tweet(
        text="Which?", poll_options=["Red", "蓝"], poll_duration_minutes=60
    ).data["id"]
    sim.vote(asked, 1, 2)
    found = tweepy_client.get_tweet(asked, expansions=["attachments.poll_ids"], user_auth=True)
    assert [option["votes"] for option in found.includes["polls"][0].options] == [2, 0]
    closed = tweepy_client.create_tweet(text="Closed", reply_settings="mentionedUsers").data["id"]
    found = tweepy_client.get_tweet(closed, tweet_fields=["reply_settings"])
    assert found.data.reply_settings == "mentionedUsers"
    review = sim.publish("gear_atlas", "The bag, reviewed")
    assert tweepy_client.retweet(review).data["retweeted"] is True
    assert tweepy_client.unretweet(review).data == {"retweeted": False}
    rude = sim.publish("gear_atlas", "Rude", in_reply_to=asked)
    assert tweepy_client.hide_reply(rude).data == {"hidden": True}
    assert tweepy_client.unhide_reply(rude).data == {"hidden": False}
    quote = sim.publish("tessa_vdk", "Look", quoted=asked)
    assert [str(one.id) for one in tweepy_client.get_quote_tweets(asked).data] == [quote]


def test_tweepy_searches_and_counts(tweepy_client, sim):
    ids = [sim.publish("gear_atlas", f"bag {n}") for n in range(12)]
    pages = tweepy.Paginator(tweepy_client.search_recent_tweets, "bag -is:retweet", max_results=10)
    assert [str(one.id) for page in pages for one in page.data] == ids[::-1]
    counted = tweepy_client.get_recent_tweets_count("bag", granularity="day")
    assert counted.meta["total_tweet_count"] == 12
    with pytest.raises(tweepy.BadRequest, match="no operator colour:"):
        tweepy_client.search_recent_tweets("colour:red")


def test_tweepy_reads_the_filtered_stream(app, url, sim):
    seen: list[str] = []

    class Reader(tweepy.StreamingClient):
        def on_response(self, response):
            seen.append(response.data.text)
            assert response.matching_rules[0].tag == "bags"
            self.disconnect()

    reader = Reader(app.bearer_token, max_retries=0, chunk_size=1)
    reader.session = Rewriting(url)
    reader.add_rules(tweepy.StreamRule("bag", tag="bags"))
    assert [rule.value for rule in reader.get_rules().data] == ["bag"]
    thread = reader.filter(threaded=True, tweet_fields=["author_id"])
    wait_for(sim.streams)
    sim.publish("gear_atlas", "A bag 背包")
    thread.join(5)
    assert seen == ["A bag 背包"]
    (rule,) = reader.get_rules().data
    reader.delete_rules(rule.id)
    assert reader.get_rules().data is None
    reader.session.close()
