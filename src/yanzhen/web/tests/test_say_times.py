"""Times in words, and the parts that show them."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.forms import BooleanField, CharField, Form
from django.utils import translation

from yanzhen.people.tests.cast import NOW
from yanzhen.web import spoken
from yanzhen.web.templatetags import parts

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("minutes", "en", "zh", "short"),
    [
        (0, "0 min", "0 分钟", "0m"),
        (59, "59 min", "59 分钟", "59m"),
        (60, "1 h", "1 小时", "1h"),
        (168, "2 h 48 min", "2 小时 48 分", "2h"),
        (630, "10 h", "10 小时", "10h"),
        (48 * 60, "2 days", "2 天", "2d"),
    ],
)
def test_say_span_in_both_languages(minutes: int, en: str, zh: str, short: str) -> None:
    span = timedelta(minutes=minutes)
    assert spoken.words_span(span) == en
    assert spoken.short_span(-span) == short
    with translation.override("zh-hans"):
        assert spoken.words_span(span) == zh


@pytest.mark.parametrize(
    ("after", "state", "share", "short"),
    [
        (0, "ok", 1.0, "30m"),
        (18, "soon", 0.4, "12m"),
        (30, "soon", 0.0, "0m"),
        (56, "late", 1.0, "+26"),
    ],
)
def test_say_left_grows_from_ok_to_late(after: int, state: str, share: float, short: str) -> None:
    left = spoken.left_of(NOW, NOW + timedelta(minutes=30), now=NOW + timedelta(minutes=after))
    assert (left.state, left.share, left.short) == (state, share, short)


def test_say_moment_is_as_short_as_is_clear() -> None:
    words = [
        spoken.moment_words(NOW + timedelta(days=days), BERLIN, now=NOW) for days in (0, 2, 99, 400)
    ]
    assert words == ["10:00", "Wed 10:00", "Tue 9 June 11:00", "Tue 6 April 2027 11:00"]


@pytest.mark.parametrize(
    ("name", "sign"), [("林悦", "林"), ("Lena Hoffmann", "LH"), ("Ana", "A"), ("", "?")]
)
def test_draw_avatar_shows_the_sign_of_a_name(name: str, sign: str) -> None:
    assert parts.initials(name) == sign


def test_draw_stage_of_a_post_in_review_counts_levels_in_chevrons() -> None:
    post = SimpleNamespace(state="review", levels_done=2)
    html = parts.stage(post, "Final review")
    assert 'data-stage="review"><span class="chev" data-done="2"' in html
    assert html.endswith("Final review</span>")


@pytest.mark.parametrize("state", list(parts.PostState))
def test_draw_stage_knows_every_state_of_a_post(state: parts.PostState) -> None:
    assert str(state.label) in parts.stage(state.value)


def test_draw_stage_escapes_what_a_workspace_wrote() -> None:
    assert "<b>" not in parts.stage("draft", "<b>")


class Sample(Form):
    title = CharField(help_text="Short is good.")
    ready = BooleanField()


def test_lay_out_field_with_an_error_ties_it_to_the_input() -> None:
    form = Sample({})
    shown = parts.field(form["title"])
    assert shown["attrs"]["aria-invalid"] == "true"
    assert shown["attrs"]["aria-describedby"] == "id_title_helptext id_title_error"
    assert parts.field(form["ready"])["kind"] == "tick"


def test_sentences_stand_apart_by_a_space_but_not_in_chinese() -> None:
    assert parts.gap() == " "
    with translation.override("zh-hans"):
        assert parts.gap() == ""


def test_names_are_listed_as_the_language_does():
    names = ["Lin", "周一然"]
    assert parts.listed(names) == "Lin, 周一然"
    with translation.override("zh-hans"):
        assert parts.listed(names) == "Lin、周一然"
