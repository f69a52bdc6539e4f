"""What a post costs at X."""

import pytest

from yanzhen.planning.content import Content, MediaUse, Poll, SegmentContent, Terms, plain
from yanzhen.planning.pricing import price_of

ALT = MediaUse(1, "a", alt="Geese")
BARE = MediaUse(2, "b")


@pytest.mark.parametrize(
    ("segment", "micros"),
    [
        (SegmentContent("no link"), 15_000),
        (SegmentContent("see ferrow.com"), 200_000),
        (SegmentContent("雁。"), 15_000),
        (SegmentContent("x", (ALT, BARE)), 20_000),
        (SegmentContent("", (ALT,)), 20_000),
        (SegmentContent("x", poll=Poll(("a", "b"), 60)), 15_000),
        (SegmentContent("  "), 0),
    ],
)
def test_price_of_a_segment_follows_the_list(segment, micros):
    assert price_of(Content((segment,))).micros == micros


def test_price_of_a_thread_is_the_sum_of_its_posts():
    price = price_of(plain(["one", "two ferrow.com", "three"]))
    assert price.segments == (15_000, 200_000, 15_000)
    assert (price.micros, price.links) == (230_000, 1)


def test_price_of_an_answer_is_lower_for_those_who_called_us_and_only_for_the_first():
    answer = Content(plain(["a", "b"]).segments, Terms(reply_to="5"))
    assert price_of(answer).segments == (10_000, 15_000)
    assert price_of(answer, own_target=True).segments == (15_000, 15_000)
