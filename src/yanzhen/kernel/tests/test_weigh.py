import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.kernel.links import link_spans
from yanzhen.kernel.tests.conformance import counted, golden, linked
from yanzhen.kernel.text import LONGEST_TEXT, TextRefused, weigh


@pytest.mark.parametrize("case", golden(), ids=lambda case: case["name"])
def test_weigh_agrees_with_the_golden_file(case):
    counted_as = weigh(case["text"], case["limit"])
    assert (counted_as.weight, counted_as.valid, counted_as.cut_at) == (
        case["weight"],
        case["valid"],
        case["cut_at"],
    )
    assert counted_as.remaining == case["limit"] - case["weight"]


def test_weigh_agrees_with_every_case_of_x():
    cases = counted()
    assert len(cases) >= 24
    for case in cases:
        expected, got = case["expected"], weigh(case["text"])
        assert got.weight == expected["weightedLength"], case["description"]
        assert got.valid is expected["valid"], case["description"]
        if case["text"]:
            cut_in_utf16 = len(case["text"][: got.cut_at].encode("utf-16-le")) // 2
            assert cut_in_utf16 == expected["validRangeEnd"] + 1, case["description"]


def test_link_spans_agrees_with_every_case_of_x():
    cases = linked()
    assert len(cases) >= 100
    for case in cases:
        text, expected = case["text"], case["expected"]
        wanted = [each["url"] if isinstance(each, dict) else each for each in expected]
        assert [text[start:end] for start, end in link_spans(text)] == wanted, case["description"]


_WORDS = st.sampled_from(
    [
        "a",
        "Z",
        ".",
        " ",
        "\n",
        "ferrow.com",
        "https://",
        "t.co/a",
        "中",
        "国",
        "é",
        "?",
        "/",
        "#",
        "@",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.integers(min_value=10, max_value=60))
def test_weigh_cuts_where_the_rest_no_longer_fits(text, limit):
    got = weigh(text, limit)
    assert 0 <= got.cut_at <= len(text)
    assert got.valid is (0 < got.weight <= limit and not set(text) & set("\ufeff\ufffe\uffff"))
    if got.valid:
        assert got.cut_at == len(text)


def test_weigh_refuses_more_than_x_takes_from_anybody():
    weigh("a" * LONGEST_TEXT, LONGEST_TEXT)
    with pytest.raises(TextRefused, match="has 25001 characters"):
        weigh("a" * (LONGEST_TEXT + 1))
