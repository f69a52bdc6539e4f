"""Reading X's answers: both dialects, missing parts, and what authors really wrote."""

import json
from datetime import UTC, datetime

import pytest

from yanzhen.adapters.platforms.x import answers, reading
from yanzhen.channels.ports import Metrics, RateWindow

ID = "1460323737035677698"
OLD = {
    "id": ID,
    "text": "See https://t.co/abcdefghij &amp; more &lt;3 https://t.co/mediamedia",
    "created_at": "2021-11-15T19:08:05.000Z",
    "author_id": "2244994945",
    "conversation_id": ID,
    "referenced_tweets": [{"type": "quoted", "id": "1"}, {"type": "replied_to", "id": "1459"}],
    "attachments": {"media_keys": ["3_1", "3_2"]},
    "public_metrics": {
        "retweet_count": 1,
        "reply_count": 2,
        "like_count": 3,
        "quote_count": 4,
        "bookmark_count": 5,
        "impression_count": 6,
    },
    "entities": {
        "urls": [
            {"url": "https://t.co/abcdefghij", "expanded_url": "https://example.com/a?b=1&c=2"},
            {
                "url": "https://t.co/mediamedia",
                "expanded_url": "https://x.com/Ferrow/status/1/photo/1",
                "media_key": "3_1",
            },
        ]
    },
    "edit_history_tweet_ids": [ID],
}
NEW = {
    **{k: v for k, v in OLD.items() if k not in ("referenced_tweets", "edit_history_tweet_ids")},
    "referenced_posts": OLD["referenced_tweets"],
    "edit_history_post_ids": [ID],
    "public_metrics": {**OLD["public_metrics"], "repost_count": 1},
}
NEW["public_metrics"].pop("retweet_count")


@pytest.mark.parametrize("data", [OLD, NEW], ids=["old", "new"])
def test_remote_post_reads_both_dialects_alike(data):
    post = reading.remote_post(data)
    assert (post.id, post.author_id, post.conversation_id) == (ID, "2244994945", ID)
    assert post.reply_to_id == "1459"
    assert post.media_count == 2
    assert post.text == "See https://example.com/a?b=1&c=2 & more <3"
    assert post.created_at == datetime(2021, 11, 15, 19, 8, 5, tzinfo=UTC)
    assert post.metrics == Metrics(6, 3, 1, 2, 4, 5)


@pytest.mark.parametrize("name", ["note_tweet", "note_post"])
def test_remote_post_long_text_wins_over_the_cut_one(name):
    long = "雁" * 1000 + " &lt;end&gt;"
    post = reading.remote_post({"id": ID, "text": "雁雁…", name: {"text": long}})
    assert post.text == "雁" * 1000 + " <end>"


def test_remote_post_takes_its_time_from_the_id_when_none_is_told():
    post = reading.remote_post({"id": ID, "text": "x"})
    # X itself says 19:08:05 for this one.
    assert post.created_at == datetime(2021, 11, 15, 19, 8, 5, 69000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "written"),
    [
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;amp;", "&amp;amp;"),
        ("&copy; &#39;", "&copy; '"),
        ("a & b < c", "a & b < c"),
        ("\\1 \\g<0>", "\\1 \\g<0>"),
    ],
)
def test_unescape_undoes_exactly_one_layer(shown, written):
    assert reading.unescape(shown) == written


def test_written_text_expands_only_whole_links_and_keeps_backslashes():
    post = {
        "text": "https://t.co/ab https://t.co/abc",
        "entities": {
            "urls": [
                {"url": "https://t.co/ab", "expanded_url": "http://a.example/\\1"},
                {"url": "https://t.co/abc", "expanded_url": "http://b.example/&lt;"},
            ]
        },
    }
    assert reading.written_text(post) == "http://a.example/\\1 http://b.example/&lt;"


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "x",
        {},
        {"id": None},
        {"id": ""},
        {"id": "abc"},
        {"id": True},
        {"id": -1},
        {"id": ["1"]},
        {"id": "１２"},
    ],
)
def test_remote_post_without_an_id_is_none(data):
    assert reading.remote_post(data) is None


@pytest.mark.parametrize(
    "extra",
    [
        {"text": None},
        {"text": 5, "entities": []},
        {"entities": {"urls": [1, {}, {"url": None}, {"url": "x", "expanded_url": 1}]}},
        {"public_metrics": {"like_count": "many", "reply_count": -1, "quote_count": True}},
        {"referenced_tweets": [1, {"type": "replied_to"}], "attachments": {"media_keys": "x"}},
        {"created_at": "soon", "note_tweet": {"text": 3}},
    ],
)
def test_remote_post_with_strange_parts_is_read_all_the_same(extra):
    post = reading.remote_post({"id": 548, **extra})
    assert post.id == "548"
    assert post.metrics == Metrics()


@pytest.mark.parametrize(
    ("more", "premium"),
    [
        ({}, False),
        ({"subscription_type": "None"}, False),
        ({"subscription_type": "Premium"}, True),
        ({"subscription_type": "PremiumPlus"}, True),
        ({"subscription_type": "None", "verified_type": "blue"}, False),
        ({"verified_type": "blue"}, True),
        ({"verified_type": "business"}, True),
        ({"verified_type": "none"}, False),
    ],
)
def test_profile_reads_premium(more, premium):
    found = reading.profile({"id": "1", "username": "F", "name": "", **more})
    assert (found.premium, found.name) == (premium, "F")


@pytest.mark.parametrize(
    "data", [None, {}, {"id": "1"}, {"username": "F"}, {"id": "1", "username": 1}]
)
def test_profile_without_id_or_handle_is_none(data):
    assert reading.profile(data) is None


def test_profile_takes_no_foreign_kind_of_address():
    found = reading.profile(
        {"id": "1", "username": "F", "profile_image_url": "javascript:alert(1)"}
    )
    assert found.avatar_url == ""


INVALID = "One or more parameters to your request was invalid."
REPLY_GATE = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise"
    " engaged by the author of the post you are replying to."
)
REPLY_GATE_LATER = "You can only reply to or quote posts where you are mentioned or are the author."
QUOTE_GATE = "Quoting this post is not allowed because you have not been mentioned or are not part"
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_PERMITTED = "You are not permitted to perform this action."
PROBLEMS = "https://api.twitter.com/2/problems"
BODIES = [
    (400, {"detail": INVALID, "errors": [{"message": "long"}]}, "refused", f"{INVALID} long"),
    (401, {"title": "Unauthorized", "detail": "Unauthorized"}, "unauthorised", "Unauthorized"),
    (402, {"detail": "credits depleted"}, "no_credits", "credits depleted"),
    (403, {"detail": DUPLICATE, "title": "Forbidden"}, "duplicate", DUPLICATE),
    (403, {"detail": REPLY_GATE}, "reply_gate", REPLY_GATE),
    (403, {"detail": REPLY_GATE_LATER}, "reply_gate", REPLY_GATE_LATER),
    (403, {"detail": QUOTE_GATE}, "quote_gate", QUOTE_GATE),
    (403, {"detail": NOT_PERMITTED}, "forbidden", NOT_PERMITTED),
    (403, {"title": "SpendCapReached"}, "spend_cap", "SpendCapReached"),
    (403, {"type": f"{PROBLEMS}/credits"}, "no_credits", ""),
    (403, {"type": f"{PROBLEMS}/client-forbidden"}, "forbidden", ""),
    (404, {"type": f"{PROBLEMS}/resource-not-found"}, "not_found", ""),
    (409, {}, "refused", ""),
    (413, "<html>too large</html>", "refused", ""),
    (422, "", "refused", ""),
    (429, {"title": "Too Many Requests"}, "rate_limited", "Too Many Requests"),
    (400, {"errors": [{"code": 88, "message": "Slow"}]}, "rate_limited", "Slow"),
    (500, "<html>", "server_error", ""),
    (503, {"detail": "Service Unavailable"}, "server_error", "Service Unavailable"),
    (302, "", "unreadable", ""),
    (403, "[" * 100_000, "forbidden", ""),
    (403, [1], "forbidden", ""),
]


@pytest.mark.parametrize(("status", "body", "code", "detail"), BODIES)
def test_meaning_of_every_answer_seen_in_the_wild(status, body, code, detail):
    raw = body if isinstance(body, str) else json.dumps(body)
    found = answers.meaning(status, raw.encode(), {})
    assert (found.code, found.detail) == (code, detail)


def test_meaning_keeps_when_to_come_back():
    reset = {"x-rate-limit-reset": "1700000000", "x-rate-limit-limit": "100"}
    found = answers.meaning(429, b"", reset)
    assert found.retry_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    cap = b'{"title":"SpendCapReached","reset_date":"2026-12-01T00:00:00Z"}'
    assert answers.meaning(403, cap, {}).retry_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert answers.meaning(403, b'{"title":"SpendCapReached","reset_date":7}', {}).retry_at is None


def test_meaning_never_repeats_a_secret():
    body = b'{"detail":"token canary-1 is bad\\u0000, canary-1!"}'
    found = answers.meaning(400, body, {}, secrets=("canary-1", ""))
    assert found.detail == "token … is bad, …!"
    assert len(answers.meaning(400, b'{"detail":"%s"}' % (b"a" * 9000), {}).detail) == 500


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, []),
        (
            {"x-rate-limit-remaining": "7", "x-rate-limit-limit": "100"},
            [("window", 100, 7)],
        ),
        (
            {
                "x-rate-limit-remaining": "7",
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-limit": "1440",
            },
            [("window", None, 7), ("user_day", 1440, 0)],
        ),
        ({"x-rate-limit-remaining": "-1", "x-rate-limit-reset": "9" * 30}, []),
    ],
)
def test_rate_windows_tells_every_limit_that_is_mentioned(headers, told):
    windows = answers.rate_windows(headers)
    assert [(w.bucket, w.limit, w.remaining) for w in windows] == told


def test_ends_at_waits_for_the_limit_that_is_used_up():
    soon, late = (datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in (10, 20))
    day = RateWindow("user_day", 1440, 0, late)
    assert answers.ends_at([RateWindow("window", 100, 7, soon), day]) == late
    assert answers.ends_at([RateWindow("window", 100, 7, soon)]) == soon
    assert answers.ends_at([]) is None
