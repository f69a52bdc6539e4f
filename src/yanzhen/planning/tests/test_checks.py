"""What the desk checks by itself: words, attachments, terms, neighbours, money."""

import pytest

from yanzhen.library.facts import MediaFacts, MediaKind
from yanzhen.planning.checks import CheckKind, Circumstances, Kin, Twin, find
from yanzhen.planning.content import (
    Content,
    MediaUse,
    Poll,
    PostKind,
    SegmentContent,
    Terms,
    plain,
)
from yanzhen.planning.counting import count_segments
from yanzhen.planning.ports import Standing
from yanzhen.planning.recurrence import Rule
from yanzhen.planning.templatetags.on_x import on_x

IMAGE = MediaFacts(MediaKind.IMAGE, "image/jpeg", 900_000, 1200, 800)
VIDEO = MediaFacts(
    MediaKind.VIDEO, "video/mp4", 9_000_000, 1280, 720, 30_000, 900, 30.0, "h264", "aac"
)


def use(media=1, alt="Geese", kind="image", **more):
    return MediaUse(media=media, sha256="a", kind=kind, alt=alt, **more)


def around(**given):
    return Circumstances(**{"handle": "@ferrow", "files": {1: IMAGE, 2: VIDEO}, **given})


def found(content, kind, **given):
    checks = find(content, around(**given)).checks
    return [check.title for check in checks if check.kind is kind]


def stops(content, **given):
    return found(content, CheckKind.STOP, **given)


def looks(content, **given):
    return found(content, CheckKind.LOOK, **given)


def one(text="Words", *media, poll=None, **terms):
    return Content((SegmentContent(text, tuple(media), poll),), Terms(**terms))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["fine"], []),
        (["x" * 281], ["The post is too long"]),
        (["fine", "雁" * 141], ["Post 2 is too long"]),
        (["fine", " \n"], ["Post 2 is empty"]),
        (["", ""], ["Nothing is written yet"]),
        (["x" * 25_001], ["The post is too long"]),
        (["$AAPL and $TSLA"], ["Post 1 has more than one cashtag"]),
        (["$AAPL for $5"], []),
    ],
)
def test_find_stops_what_x_would_refuse(texts, expected):
    assert stops(plain(texts)) == expected
    assert bool(find(plain(texts), around()).blocked) == bool(expected)


def test_find_knows_and_says_the_limit_of_the_account():
    long = plain(["x" * 281])
    assert stops(long, limit=25_000, premium=True) == []
    (check,) = find(long, around()).stops
    assert "280 from this account" in check.text
    assert "Premium" in check.text
    fits = find(plain(["fine"]), around(limit=25_000)).checks
    assert "@ferrow may write 25,000 a post." in [check.text for check in fits]


def test_find_knows_an_empty_post_from_one_with_only_a_picture():
    assert stops(one("", use())) == []
    assert find(plain([""]), around()).nothing
    assert not find(plain(["x", ""]), around()).nothing


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (one("x", use(), poll=Poll(("a", "b"), 60)), "Post 1: too much on one post"),
        (one("x", use(), quote="7"), "Post 1: too much on one post"),
        (one("x", use(), use(2, kind="video")), "Post 1: X would not take the media"),
        (one("x", *[use()] * 5), "Post 1: X would not take the media"),
        (one("x", use(9)), "Post 1: X would not take the media"),
        (one("x", use(alt="")), "Post 1: 1 picture has no alt text"),
        (one("x", poll=Poll(("a",), 60)), "Post 1: the poll is not whole"),
        (one("x", poll=Poll(("a", "b"), 4)), "Post 1: the poll is not whole"),
        (one("", poll=Poll(("a", "b"), 60)), "The poll asks nothing"),
    ],
)
def test_find_stops_attachments_x_would_refuse(content, expected):
    assert expected in stops(content)


def test_find_asks_for_alt_text_only_where_the_workspace_does():
    bare = one("x", use(alt=""))
    assert stops(bare, alt_required=False) == []
    assert looks(bare, alt_required=False) == ["Post 1: 1 picture has no alt text"]


def test_find_hints_at_missing_subtitles():
    assert looks(one("x", use(2, kind="video"))) == ["Post 1: the video has no subtitles"]
    assert looks(one("x", use(2, kind="video", subtitles={"en": "b"}))) == []


def test_find_stops_a_poll_in_an_edit():
    poll = one("x", poll=Poll(("a", "b"), 60))
    edit = Content(poll.segments, kind=PostKind.EDIT, target="5")
    assert stops(edit) == ["Post 1: a poll in an edit"]
    answer = Content(plain(["x"]).segments, Terms(reply_to="4"), PostKind.EDIT, "5")
    assert stops(answer) == ["An edit that replies"]


def test_find_stops_a_quote_and_offers_to_do_it_by_hand():
    (check,) = find(
        one("Look", quote="77"), around(target_urls={"quote": "https://x.com/i/status/77"})
    ).stops
    assert check.title == "X refuses quotes by app"
    assert [(way.url, way.copy, way.away) for way in check.ways] == [
        ("https://x.com/i/status/77", "Look", True)
    ]


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing.UNKNOWN, ["X will refuse this reply"]),
        (Standing.OURS, []),
        (Standing.CALLED, []),
    ],
)
def test_find_lets_answers_through_only_where_x_does(standing, expected):
    assert stops(one("Hi", reply_to="5"), reply_standing=standing) == expected


def test_find_offers_to_answer_by_hand_with_the_text_copied():
    urls = {"reply_to": "https://x.com/i/status/5"}
    (check,) = find(one("Hi", reply_to="5"), around(target_urls=urls)).stops
    assert [(way.url, way.copy) for way in check.ways] == [(urls["reply_to"], "Hi")]
    assert "@ferrow" in check.text


@pytest.mark.parametrize(
    ("going", "bare", "kind"),
    [(True, True, CheckKind.STOP), (True, False, CheckKind.LOOK), (False, True, CheckKind.LOOK)],
)
def test_find_stops_a_duplicate_only_when_x_is_sure_to_refuse_it(going, bare, kind):
    twin = Twin(3, "Other", 1, going, bare)
    assert found(one(), kind, twin=twin) == ["Same words as “Other”"]


@pytest.mark.parametrize(
    ("likeness", "going", "kind", "title"),
    [
        (1.0, True, CheckKind.STOP, "The same post as “Other” of @two"),
        (0.9, True, CheckKind.STOP, "Nearly the same as “Other” of @two (90%)"),
        (0.9, False, CheckKind.LOOK, "Nearly the same as “Other” of @two (90%)"),
        (0.7, True, CheckKind.LOOK, "Much like “Other” of @two (70%)"),
    ],
)
def test_find_stops_what_another_account_says_already(likeness, going, kind, title):
    kin = Kin(3, "Other", "@two", 1, likeness, going, "/posts/3/", "/posts/3/repost/")
    check = next(c for c in find(one(), around(kin=[kin])).checks if c.title == title)
    assert check.kind is kind
    urls = [way.url for way in check.ways]
    offered = ["/posts/3/", "/posts/3/repost/"] if kind is CheckKind.STOP else ["/posts/3/"]
    assert urls == offered


def test_find_says_the_rule_plainly_where_no_repost_can_be_made_yet():
    kin = Kin(3, "Other", "@two", 1, 1.0, going=True)
    (check,) = find(one(), around(kin=[kin])).stops
    assert "repost the other one" in check.text
    assert check.ways == ()


def test_find_hints_at_the_caps_of_unverified_accounts():
    assert looks(one(), planned=41) == ["Near X’s limit for the day"]
    assert looks(one(), planned_answers=161) == ["Near X’s limit for the day"]
    assert looks(one(), planned=40) == []
    assert looks(one(), planned=50, premium=True) == []


def test_find_hints_at_the_same_words_every_day():
    assert looks(one(), rule=Rule("day", 1, 5)) == ["Goes out every day with the same words"]
    assert looks(one(), rule=Rule("day", 2, 5)) == []


def test_find_says_the_price_of_one_time_of_all_times_and_of_the_month():
    content = one("see ferrow.com", use())
    checks = find(content, around(rule=Rule("week", 1, 4), spent_micros=12_400_000)).checks
    price = next(check for check in checks if "costs about" in check.title)
    assert price.title == "Publishing costs about $0.205"
    assert "4 times: $0.82 in all" in price.text
    assert "@ferrow has cost $12.40 this month so far." in price.text
    assert price.kind is CheckKind.LOOK


def test_find_leaves_reposts_alone():
    repost = Content((), kind=PostKind.REPOST, target="9")
    assert [check.title for check in find(repost, around()).checks] == [
        "Publishing costs about $0.015"
    ]


def test_count_segments_shows_where_x_would_cut():
    fits, over = count_segments(["short", "y" * 275 + " and more"], 280)
    assert (fits.state, fits.used, fits.cut) == ("ok", "0.018", "")
    assert (over.state, over.over, over.cut) == ("over", 4, "more")
    assert over.kept.endswith("y and ")


def test_on_x_marks_what_x_colours_and_escapes_the_rest():
    html = on_x("<b> @ferrow #轻装 $AAPL https://www.ferrow.com/a/very/long/path/indeed")
    assert html.startswith(
        '&lt;b&gt; <span class="tag">@ferrow</span> <span class="tag">#轻装</span>'
    )
    assert '<span class="tag">ferrow.com/a/very/long/path…</span>' in html
