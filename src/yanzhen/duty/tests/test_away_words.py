"""How the time somebody is away is said."""

from __future__ import annotations

import pytest
from django.utils import translation

from yanzhen.duty.actions.leaving import take_leave
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.tests.duties import utc
from yanzhen.duty.words import away_words
from yanzhen.people.tests.cast import NOW

SHANGHAI = "Asia/Shanghai"


def test_whole_days_are_named_without_hours_and_to_the_last_one_away():
    week, day = Span(utc(3, 15, 16), utc(3, 20, 16)), Span(utc(3, 15, 16), utc(3, 16, 16))
    assert away_words(week, SHANGHAI) == "Mon 16 March – Fri 20 March"
    assert away_words(day, SHANGHAI) == "Mon 16 March"
    with translation.override("zh-hans"):
        assert away_words(week, SHANGHAI) == "3 月 16 日 星期一 – 3 月 20 日 星期五"
    # Midnights there are no midnights elsewhere.
    assert away_words(day, "Europe/Berlin") == "Sun 15 March 17:00 – Mon 16 March 17:00"
    assert away_words(Span(utc(3, 16, 1), utc(3, 16, 5)), SHANGHAI) == "Mon 16 March 09:00–13:00"


@pytest.mark.django_db
@pytest.mark.usefixtures("then")
def test_the_page_of_leave_names_the_days(weeks, cast, ask):
    away = Span(utc(3, 15, 16), utc(3, 20, 16))
    take_leave(cast.zhou, span=away, note="", by=cast.zhou, now=NOW)
    assert "<span>Mon 16 March – Fri 20 March</span>" in ask(cast.lena, "duty-leave").text
