import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.kernel.text import TextRefused, clean_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("", ""),
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("\r\n\r\n", "\n\n"),
        (" kept \t as typed  ", " kept \t as typed  "),
        ("cafe\u0301 \u200d \u202e \u00a0", "cafe\u0301 \u200d \u202e \u00a0"),
    ],
)
def test_clean_text_turns_line_ends_into_lf_and_nothing_else(raw, text):
    assert clean_text(raw) == text


@pytest.mark.parametrize(
    "bad", ["\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x1f", "\ud83d", "\ufeff", "\uffff"]
)
def test_clean_text_refuses_what_no_post_may_hold(bad):
    with pytest.raises(TextRefused) as refused:
        clean_text(f"ab{bad}c")
    assert "Character 3" in str(refused.value)
    assert "Delete it" in str(refused.value)


def test_clean_text_says_which_control_character_it_found():
    with pytest.raises(TextRefused, match=r"U\+0000"):
        clean_text("\x00")


def test_text_refused_speaks_the_language_of_its_reader():
    with pytest.raises(TextRefused) as refused:
        clean_text("\x00")
    with override("zh-hans"):
        chinese = str(refused.value)
    with override("en"):
        assert str(refused.value).startswith("Character 1 ")
    assert "%(" not in chinese


@given(
    st.text(
        alphabet=st.characters(
            exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"
        )
    )
)
def test_clean_text_keeps_every_other_text_to_the_byte(text):
    assert clean_text(text) == text
