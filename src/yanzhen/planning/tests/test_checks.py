"""What the desk checks by itself."""

from decimal import Decimal

import pytest

from yanzhen.planning.checks import CheckKind, find, has_link, price_of
from yanzhen.planning.counting import count_segments
from yanzhen.planning.queries import twin_of
from yanzhen.planning.templatetags.on_x import on_x
from yanzhen.planning.tests.plan import WALL, make_post, timed


def titles(texts, kind, limit=280):
    return [
        check.title for check in find(texts, limit=limit, twin=None).checks if check.kind is kind
    ]


@pytest.mark.parametrize(
    ("texts", "stops"),
    [
        (["fine"], []),
        (["x" * 281], ["The post is too long"]),
        (["fine", "雁" * 141], ["Post 2 is too long"]),
        (["fine", " \n"], ["Post 2 is empty"]),
        (["", ""], ["Nothing is written yet"]),
        (["x" * 25_001], ["The post is too long"]),
    ],
)
def test_find_stops_what_x_would_refuse(texts, stops):
    assert titles(texts, CheckKind.STOP) == stops
    assert bool(find(texts, limit=280, twin=None).blocked) == bool(stops)


def test_find_knows_the_limit_of_the_account():
    assert titles(["x" * 281], CheckKind.STOP, limit=25_000) == []


def test_price_of_counts_links():
    assert price_of(["no link", "see ferrow.com", "雁。"]) == Decimal("0.23")
    assert has_link("https://ferrow.com/a")
    assert "about $0.20" in titles(["see ferrow.com"], CheckKind.LOOK)[0]


@pytest.mark.parametrize(("text", "looks"), [("$AAPL and $TSLA", 1), ("$AAPL for $5", 0)])
def test_find_looks_at_a_second_cashtag(text, looks):
    assert len(titles([text], CheckKind.LOOK)) == looks


def test_twin_of_finds_the_same_words_within_a_day_on_the_account(account, cast):
    post = timed(make_post(account, cast.zhou, "One", "Same"), cast.zhou)
    far = timed(make_post(account, cast.zhou, "Same"), cast.zhou, WALL.replace(day=12))
    assert twin_of(post, post.draft.texts) is None
    near = timed(make_post(account, cast.zhou, "Same"), cast.zhou, WALL.replace(hour=20))
    assert twin_of(post, post.draft.texts) == near
    assert twin_of(far, ["Other"]) is None
    assert find(["Same"], limit=280, twin=near).looks


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
