"""Whether two texts say the same. The examples are ours, measured with the shipped code."""

import pytest

from yanzhen.planning.likeness import (
    FAR,
    HINT,
    NEAR,
    SIGN_BYTES,
    distance,
    fingerprint,
    likeness,
    normalise,
    sign,
    signs_in,
)

SEAT = (
    "Seat 7A, part two. Window seat, engines at 84 dB, and the baby in row 8 has found her voice. "
    "We flew Shanghai to Munich with four pairs of Aero 2 and one decibel meter."
)
SITZ = (
    "座位7A，第二篇。靠窗，引擎84分贝，第8排的宝宝终于开嗓了。"
    "我们带着四副Aero 2从上海飞到慕尼黑，还有一只分贝计。"
)

SAME = [
    (SEAT, SEAT.upper()),
    (SEAT, f"{SEAT} https://t.co/abc 🎧🎧"),
    (SEAT, f"@ferrow_de {SEAT}"),
    (SEAT, SEAT.replace(" ", "\n\n")),
    ("Ｈｅｌｌｏ geese", "hello #geese!"),
    (SITZ, SITZ.replace("，", ",") + "✈️"),
    ("https://ferrow.com/a", "https://ferrow.com/a"),
]
NEARLY = [
    (SEAT, SEAT.replace("84 dB", "82 dB")),
    (SEAT, f"{SEAT} Read on below."),
    (SITZ, SITZ.replace("84", "82")),
    (SITZ, f"{SITZ}点开看。"),
]
ALIKE = [
    (SEAT, SEAT.replace("four pairs of Aero 2", "one pair of Aero 3").replace("Munich", "Rome")),
    (SITZ, SITZ.replace("靠窗", "过道").replace("慕尼黑", "柏林").replace("终于开嗓", "睡得很香")),
]
OTHER = [
    (SEAT, "New in the shop: a case with quiet wheels, in three colours, from Wednesday."),
    (SEAT, "Row 8 again. This time the window was closed and nobody cried for nine hours."),
    (SITZ, "新款行李箱周三开售，轮子安静，拉杆结实，颜色有三种。"),
    ("Good morning, Berlin", "Good evening, Shanghai"),
    ("https://ferrow.com/a", "https://ferrow.com/b"),
    (SEAT, SITZ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_likeness_of_the_same_words_is_whole_whatever_they_wear(one, other):
    assert likeness(one, other) == 1


@pytest.mark.parametrize(("one", "other"), NEARLY)
def test_likeness_of_nearly_the_same_is_near_but_never_whole(one, other):
    assert NEAR <= likeness(one, other) < 1


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_likeness_of_reworked_words_earns_a_hint(one, other):
    assert HINT <= likeness(one, other) < NEAR


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_likeness_of_other_words_is_low(one, other):
    assert likeness(one, other) < HINT


@pytest.mark.parametrize(("one", "other"), [("", ""), (" ", "x"), ("x", "\n")])
def test_likeness_of_nothing_is_nothing(one, other):
    assert likeness(one, other) == 0


@pytest.mark.parametrize(("one", "other"), SAME + NEARLY + ALIKE)
def test_distance_never_hides_what_is_alike(one, other):
    assert distance(signs_in(fingerprint([one])), signs_in(fingerprint([other]))) <= FAR


@pytest.mark.parametrize(("one", "other"), OTHER[:3])
def test_distance_leaves_other_words_out(one, other):
    assert distance(signs_in(fingerprint([one])), signs_in(fingerprint([other]))) > FAR


def test_fingerprint_holds_one_sign_for_each_text_with_words():
    kept = fingerprint([SEAT, "", SITZ])
    assert len(kept) == 2 * SIGN_BYTES
    assert signs_in(kept)[1] == int.from_bytes(sign(SITZ))
    assert signs_in(kept[:20]) == signs_in(kept)[:1]
    assert signs_in(b"") == []


def test_normalise_keeps_what_is_only_signs():
    assert normalise("🎉🎉") == "🎉🎉"
    assert normalise("Hi 🎉") == "hi"
