"""Differences between texts, by words and by Chinese characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.planning.diffing import Pair, RunKind, diff_text, pair_segments, tokens


def shown(before, after):
    signs = {RunKind.SAME: "", RunKind.ADDED: "+", RunKind.REMOVED: "-"}
    return [signs[run.kind] + run.text for run in diff_text(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("Cut the long adjectives", "Cut the adjectives", ["Cut the ", "-long ", "adjectives"]),
        ("the baby's voice", "the babies' voice", ["the ", "-baby's", "+babies'", " voice"]),
        ("今天你值班", "明天他值班吗", ["-今", "+明", "天", "-你", "+他", "值班", "+吗"]),
        ("卖 3 只 now", "卖 5 只 now", ["卖 ", "-3", "+5", " 只 now"]),
        (
            "go 👩🏽‍💻 #Fly",
            "go 👩🏻‍💻 #Flight",
            ["go ", "-👩🏽‍💻", "+👩🏻‍💻", " ", "-#Fly", "+#Flight"],
        ),
        ("", "new", ["+new"]),
        ("same", "same", ["same"]),
    ],
)
def test_diff_text_goes_by_words_and_characters(before, after, runs):
    assert shown(before, after) == runs


@given(st.text(max_size=60), st.text(max_size=60))
def test_diff_text_reads_as_either_side(before, after):
    runs = diff_text(before, after)
    assert "".join(run.text for run in runs if run.kind is not RunKind.ADDED) == before
    assert "".join(run.text for run in runs if run.kind is not RunKind.REMOVED) == after


@given(st.text(max_size=80))
def test_tokens_joined_are_the_text(text):
    assert "".join(tokens(text)) == text


def test_pair_segments_sees_an_insertion_as_one():
    assert pair_segments(["a", "b"], ["new", "a", "b"]) == [
        Pair(None, "new"),
        Pair("a", "a"),
        Pair("b", "b"),
    ]


def test_pair_segments_pairs_what_is_alike():
    pairs = pair_segments(
        ["The first is here", "The second stands there", "end"],
        ["The second stands here", "end"],
    )
    assert pairs == [
        Pair("The first is here", None),
        Pair("The second stands there", "The second stands here"),
        Pair("end", "end"),
    ]


@given(st.lists(st.text(max_size=8), max_size=5), st.lists(st.text(max_size=8), max_size=5))
def test_pair_segments_loses_nothing_and_keeps_order(before, after):
    pairs = pair_segments(before, after)
    assert [pair.before for pair in pairs if pair.before is not None] == before
    assert [pair.after for pair in pairs if pair.after is not None] == after
