"""What is found in a text and what is not, and that places are those of the text itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.brand.folding import fold, fold_text
from yanzhen.brand.inflect import forms
from yanzhen.brand.matching import Part, Phrases, longest_first


def found(phrase, text, **options):
    phrases = Phrases()
    phrases.add(phrase, 0, Part.PHRASE, **options)
    return [text[hit.start : hit.end] for hit in longest_first(phrases.search(text))]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        (
            "leverage",
            "We leveraged, leverage and LEVERAGING it.",
            ["leveraged", "leverage", "LEVERAGING"],
        ),
        (
            "game changer",
            "Two game-changers, one game\nchanger.",
            ["game-changers", "game\nchanger"],
        ),
        ("cheap", "cheaper cheapest cheaply cheapskate", ["cheaper", "cheapest", "cheaply"]),
        ("buy", "bought a buyer’s bouy", ["bought"]),
        ("stop", "stopped stoping stops", ["stopped", "stops"]),
        ("new", "the news is new", ["new"]),
        ("art", "party art ART’s", ["art", "ART’s"]),
        ("don’t miss", "DON'T miss it", ["DON'T miss"]),
        ("100%", "100% of 1100%", ["100%"]),
        ("C++", "C++ and C+++", ["C++", "C++"]),
        ("unique", "用unique技术", ["unique"]),
        ("café", "cafe\u0301 CAFÉ cafe", ["cafe\u0301", "CAFÉ"]),
        ("sale", "ｓａｌｅ SA\u00adLE", ["ｓａｌｅ", "SA\u00adLE"]),
        ("strasse", "eine Straße", ["Straße"]),
        ("顶级", "頂級、顶级", ["頂級", "顶级"]),
        ("第一", "世界第一的", ["第一"]),
        ("5G手机", "５Ｇ手機 15G手机", ["５Ｇ手機"]),
    ],
)
def test_search_finds_what_reads_the_same_and_nothing_else(phrase, text, expected):
    assert found(phrase, text) == expected


def test_search_heeds_capitals_where_a_rule_asks_for_it():
    text = "SALE sale Sale SALES iPhones IPHONE"
    assert found("SALE", text, exact_case=True) == ["SALE", "SALES"]
    assert found("iPhone", text, exact_case=True) == ["iPhones"]


def test_search_takes_one_form_where_a_rule_asks_for_it():
    assert found("use", "use used using", inflect=False) == ["use"]


@pytest.mark.parametrize(
    ("word", "some", "none"),
    [
        ("happy", {"happier", "happily"}, {"happyer"}),
        ("make", {"made", "making"}, {"maked"}),
        ("box", {"boxes", "boxed"}, {"boxs"}),
        ("number", {"numbers", "numbered"}, set()),
        ("numb", {"numbs"}, {"number"}),
        ("even", {"even"}, {"evening"}),
        ("open", {"opened", "opening"}, set()),
        ("gentle", {"gently"}, set()),
        ("ai", {"ai", "ai's"}, {"ais"}),
    ],
)
def test_forms_are_made_by_rule_without_known_other_words(word, some, none):
    assert some <= forms(word)
    assert not none & forms(word)


@given(st.text(alphabet="aZé\u0301ßﬁ頂顶ＡA1 -'\u200b👍\ufe0f①", max_size=30))
def test_every_folded_place_leads_back_into_the_text(text):
    folded = fold_text(text)
    for start in range(len(folded.text)):
        first, after = folded.span(start, start + 1)
        assert 0 <= first < after <= len(text)
        assert folded.text[start] in fold(text[first:after])


@given(st.text(alphabet="最近好ab \u200bＡ", max_size=20))
def test_what_is_found_reads_as_the_phrase(text):
    for phrase in ("最近", "ab", "a"):
        for passage in found(phrase, text, inflect=False):
            assert fold(passage) == phrase
