"""What each kind of rule says of a text."""

import pytest

from yanzhen.activity.refs import Ref
from yanzhen.brand.checking import Rulebook
from yanzhen.brand.findings import Aside, Fault, Manuscript, Picture, Place
from yanzhen.brand.rules import Language
from yanzhen.brand.tests.frame import rule
from yanzhen.brand.words import title_of

EN, ZH = Language.ENGLISH, Language.CHINESE


def check(*rules, texts=("",), language="en", pictures=()):
    return Rulebook(rules).check(Manuscript(texts, language, pictures))


def told(*rules, **given):
    return [
        (each.fault, each.segment, [passage.text for passage in each.passages])
        for each in check(*rules, **given)
    ]


def test_never_flags_every_passage_with_its_place_and_offers_the_replacement():
    never = rule("never", "No", "unique", replacement="rare")
    (finding,) = check(never, texts=["Fine.", "👍 Unique, uniquely unique."])
    places = [(each.segment, each.start, each.end) for each in finding.passages]
    assert places == [(2, 2, 8), (2, 19, 25)]
    assert [fix.text for fix in finding.fixes] == ["Rare", "rare"]
    assert "“Unique”" in title_of(finding)


def test_exceptions_and_words_that_may_be_said_shield_what_lies_inside_them():
    never = rule("never", "极限", "最", "第一", unless=("最近",), language=ZH)
    may = rule("may", "Fine", "第一次")
    text = "最近第一次飞，最好，第一"
    assert told(never, may, texts=[text], language="zh-hans") == [(Fault.SAID, 1, ["最", "第一"])]


def test_words_in_links_and_names_are_no_words():
    never = rule("never", "No", "free")
    text = "ferrow.example/free @free https://free.com #Free"
    assert told(never, texts=[text]) == [(Fault.SAID, 1, ["Free"])]


@pytest.mark.parametrize(
    ("spoken", "language", "text", "flagged"),
    [
        (EN, "en", "a gift", True),
        (EN, "de", "ein Gift", False),
        (EN, "zh-hans", "我们的 gift", True),
        (ZH, "en", "Our 礼物 gift", True),
        (ZH, "ja", "礼物", False),
        (Language.ANY, "de", "Gift 礼物", True),
    ],
)
def test_rules_are_for_texts_in_their_language(spoken, language, text, flagged):
    found = told(
        rule("never", "No", "gift", "礼物", language=spoken), texts=[text], language=language
    )
    assert bool(found) is flagged


def test_must_wants_one_spelling_and_offers_it():
    (finding,) = check(rule("must", "Name", "Aero 2"), texts=["aero 2, Aero2, Aero 2’s, #Aero2"])
    assert [each.text for each in finding.passages] == ["aero 2", "Aero2"]
    assert {fix.text for fix in finding.fixes} == {"Aero 2"}


def test_tone_may_count_signs():
    tone = rule("tone", "Calm", "!", most=1)
    assert told(tone, texts=["Yes! No"]) == []
    assert told(tone, texts=["Yes! No！"]) == [(Fault.TOO_MANY, 1, ["!", "！"])]


def test_a_claim_is_proven_by_a_link_anywhere_in_the_thread():
    claim = rule("claim", "Proof", "quietest", needs=("ferrow.example",))
    assert told(claim, texts=["The quietest."]) == [(Fault.UNPROVEN, 1, ["quietest"])]
    assert told(claim, texts=["The quietest.", "See lab.ferrow.example/a"]) == []
    assert told(claim, texts=["The quietest.", "See https://notferrow.example/a"]) != []


def test_a_disclosure_must_stand_where_something_is_said_and_can_be_put_there():
    disclosure = rule("disclosure", "Ads", "gifted", needs=("#ad",))
    (finding,) = check(disclosure, texts=["Gifted by a friend. "])
    assert (finding.fixes[0].start, finding.fixes[0].text) == (19, " #ad")
    assert check(disclosure, texts=["Gifted.", "It is an #AD"]) == []
    assert check(disclosure, texts=["#adventure, gifted"]) != []
    everywhere = rule("disclosure", "Imprint", needs=("Ferrow GmbH",), language=EN)
    assert told(everywhere, texts=["Hello"]) == [(Fault.UNDISCLOSED, 0, [])]
    assert told(everywhere, texts=["Hallo"], language="de") == []


@pytest.mark.parametrize(
    ("kind", "more", "text", "expected"),
    [
        ("emoji", {"phrases": ("🔥",)}, "🔥🏽 ©", [(Fault.FORBIDDEN, ["🔥"])]),
        ("emoji", {"most": 1}, "👨‍👩‍👧 👍🏽", [(Fault.TOO_MANY, ["👨‍👩‍👧", "👍🏽"])]),
        ("hashtag", {"needs": ("Travel",)}, "#travel #Other #1", [(Fault.NOT_ALLOWED, ["#Other"])]),
        ("mention", {"most": 0}, "a@b.de @ferrow", [(Fault.TOO_MANY, ["@ferrow"])]),
        (
            "link",
            {"phrases": ("bit.ly",)},
            "https://www.bit.ly/x",
            [(Fault.FORBIDDEN, ["https://www.bit.ly/x"])],
        ),
        ("link", {"needs": ("a.com",)}, "x.a.com ba.com", [(Fault.NOT_ALLOWED, ["ba.com"])]),
        ("link", {"most": 1}, "a.com b.com", [(Fault.TOO_MANY, ["a.com", "b.com"])]),
    ],
)
def test_counted_things_are_held_against_both_lists_and_the_number(kind, more, text, expected):
    given = dict(more)
    found = told(rule(kind, "Count", *given.pop("phrases", ()), **given), texts=[text])
    assert [(fault, passages) for fault, _segment, passages in found] == expected


def test_pictures_are_large_enough_and_have_a_shape_of_ours():
    visual = rule("visual", "Size", least_width=1000, ratios=((16, 9), (1, 1)))
    pictures = [Picture(1, 1920, 1080), Picture(2, 900, 900), Picture(3, 1000, 700)]
    found = told(visual, texts=["", "", ""], pictures=pictures)
    assert [(fault, segment) for fault, segment, _p in found] == [
        (Fault.TOO_SMALL, 2),
        (Fault.SHAPE, 3),
    ]


def test_poll_choices_and_alt_texts_are_words_of_the_brand_too():
    never = rule("never", "No", "unique", replacement="rare")
    tags = rule("hashtag", "No tags", most=0)
    claim = rule("claim", "Proof", "fastest", needs=("proof.example",))
    advert = rule("disclosure", "Say so", "gift", needs=("#ad",))
    asides = [
        Aside(Place.POLL, 1, 2, "Unique #wow"),
        Aside(Place.ALT, 2, 1, "The fastest train, a gift #ad"),
    ]
    rules = [never, tags, claim, advert]
    manuscript = Manuscript(["Vote.", "Look."], "en", asides=asides)
    found = Rulebook(rules).check(manuscript)
    assert [(each.rule.title, each.aside) for each in found] == [
        ("No", asides[0]),
        ("No tags", asides[0]),
        ("No tags", asides[1]),
        ("Proof", asides[1]),
        ("Say so", asides[1]),
    ]
    assert title_of(found[0]) == "Poll choice 2: “Unique”: the brand never says this"
    assert title_of(found[3]).startswith("Alt text 1: “fastest”: needs a link to the proof")
    # What is missing goes to the end of the text that the picture hangs on.
    assert [(fix.segment, fix.start, fix.text) for fix in found[4].fixes] == [(2, 5, " #ad")]
    proven = Manuscript(["Vote. https://proof.example/1 #ad", "Look."], "en", asides=asides)
    assert [each.rule.title for each in Rulebook(rules[2:]).check(proven)] == []


def test_an_override_is_for_the_poll_and_the_alt_texts_too():
    ref = Ref("planning.post", "1", "A post")
    bare = Manuscript(["Vote."])
    asked = Manuscript(["Vote."], asides=[Aside(Place.POLL, 1, 1, "Yes")])
    other = Manuscript(["Vote."], asides=[Aside(Place.POLL, 1, 1, "No")])
    assert len({each.digest(ref) for each in (bare, asked, other)}) == 3
    assert bare.digest(ref) == Manuscript(["Vote.", " "]).digest(ref)
