import pytest

from yanzhen.web.templatetags.parts import lang_of


@pytest.mark.parametrize(
    ("words", "lang"),
    [("新年返乡", "zh-Hans"), ("Aero 2 上市", "zh-Hans"), ("Repair, don’t replace", ""), ("", "")],
)
def test_lang_of_typed_words_knows_chinese_and_guesses_nothing_else(words, lang):
    assert lang_of(words) == lang
