"""Letting a post go out again, as an action and on the page."""

from datetime import datetime

import pytest
from django.urls import reverse

from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.recurring import (
    BadRule,
    NoTimeYet,
    clear_recurrence,
    rule_of,
    set_recurrence,
)
from yanzhen.planning.actions.timing import untime_post
from yanzhen.planning.recurrence import Rule
from yanzhen.planning.tests.plan import in_review, kinds_about, timed

WEEKLY = Rule("week", 1, 3)


def walls(post):
    return list(post.occurrences.order_by("number").values_list("due_wall", flat=True))


def test_set_writes_a_row_for_each_time_and_records(cast, post):
    timed(post, cast.zhou)
    made = set_recurrence(post, by=cast.zhou, rule=WEEKLY, now=NOW)
    assert [row.number for row in made] == [0, 1, 2]
    assert walls(post) == ["2026-03-10T10:00", "2026-03-17T10:00", "2026-03-24T10:00"]
    assert kinds_about(post)[-1] == "planning.recurrence_set"


def test_set_marks_a_time_that_had_to_move(cast, post):
    timed(post, cast.zhou, datetime.fromisoformat("2026-03-28T02:30"))
    set_recurrence(post, by=cast.zhou, rule=Rule("day", 1, 2), now=NOW)
    last = post.occurrences.get(number=1)
    assert (last.due_wall, last.moved) == ("2026-03-29T03:00", True)


def test_set_again_keeps_rows_by_number_and_drops_the_rest(cast, post):
    timed(post, cast.zhou)
    set_recurrence(post, by=cast.zhou, rule=WEEKLY, now=NOW)
    before = post.occurrences.get(number=1).pk
    set_recurrence(post, by=cast.zhou, rule=Rule("day", 2, 2), now=NOW)
    assert walls(post) == ["2026-03-10T10:00", "2026-03-12T10:00"]
    assert post.occurrences.get(number=1).pk == before


def test_another_time_moves_all_of_them_and_no_time_leaves_none(cast, post):
    timed(post, cast.zhou)
    set_recurrence(post, by=cast.zhou, rule=WEEKLY, now=NOW)
    timed(post, cast.zhou, datetime.fromisoformat("2026-03-11T18:00"))
    assert walls(post) == ["2026-03-11T18:00", "2026-03-18T18:00", "2026-03-25T18:00"]
    untime_post(post, by=cast.zhou, now=NOW)
    assert walls(post) == []
    assert rule_of(post) == WEEKLY


def test_clear_leaves_one_time_and_records_once(cast, post):
    timed(post, cast.zhou)
    set_recurrence(post, by=cast.zhou, rule=WEEKLY, now=NOW)
    clear_recurrence(post, by=cast.zhou, now=NOW)
    clear_recurrence(post, by=cast.zhou, now=NOW)
    assert walls(post) == []
    assert rule_of(post) is None
    assert kinds_about(post).count("planning.recurrence_cleared") == 1


def test_set_refuses_without_right_time_or_sense(cast, post):
    with pytest.raises(NoTimeYet):
        set_recurrence(post, by=cast.zhou, rule=WEEKLY, now=NOW)
    timed(post, cast.zhou)
    with pytest.raises(NotAllowed):
        set_recurrence(post, by=cast.admin, rule=WEEKLY, now=NOW)
    with pytest.raises(NotAllowed):
        set_recurrence(post, by=cast.wu, rule=WEEKLY, now=NOW)
    with pytest.raises(BadRule) as refused:
        set_recurrence(post, by=cast.zhou, rule=Rule("day", 0, 61), now=NOW)
    assert refused.value.parts == ["every", "times"]
    assert rule_of(post) is None


def test_rule_is_fixed_once_reviewers_have_it(cast, post):
    timed(post, cast.zhou)
    set_recurrence(post, by=cast.zhou, rule=WEEKLY, now=NOW)
    in_review(post, cast.zhou)
    for change in (
        lambda: set_recurrence(post, by=cast.zhou, rule=Rule("day", 1, 60), now=NOW),
        lambda: clear_recurrence(post, by=cast.zhou, now=NOW),
    ):
        with pytest.raises(MoveRefused):
            change()
    assert rule_of(post) == WEEKLY


def url(name, post):
    return reverse(name, args=[post.pk])


SENT = {"every": "1", "step": "week", "times": "3", "weekdays": ["1", "3"]}


def test_page_sets_shows_and_clears_the_times(enter, cast, post):
    timed(post, cast.zhou)
    client = enter(cast.zhou)
    assert client.post(url("post-recur", post), SENT).status_code == 302
    page = client.get(url("post", post)).text
    assert "Every week on Tuesday, Thursday, 3 times in all" in page
    assert "Tue 17 March 2026 10:00" in page
    assert client.post(url("post-recur-clear", post)).status_code == 302
    assert "Goes out again" in client.get(url("post", post)).text


def test_page_notes_what_is_odd_about_a_time(enter, cast, post):
    timed(post, cast.zhou, datetime.fromisoformat("2026-03-28T02:30"))
    client = enter(cast.zhou)
    client.post(url("post-recur", post), {**SENT, "step": "day", "times": "2"})
    page = client.get(url("post", post)).text
    assert "02:30 does not exist on that day" in page
    assert "Sun 29 March 2026 03:00" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"every": "13"},
        {"every": "x"},
        {"step": "year"},
        {"times": "61"},
        {"times": ""},
        {"weekdays": ["7"]},
    ],
)
def test_page_refuses_what_is_out_of_bounds(enter, cast, post, wrong):
    timed(post, cast.zhou)
    answer = enter(cast.zhou).post(url("post-recur", post), {**SENT, **wrong})
    assert answer.status_code == 422
    assert rule_of(post) is None


def test_page_says_what_is_missing_or_in_the_way(enter, cast, post):
    client = enter(cast.zhou)
    answer = client.post(url("post-recur", post), SENT)
    assert (answer.status_code, "Set the first time" in answer.text) == (422, True)
    timed(post, cast.zhou)
    in_review(post, cast.zhou)
    for name in ("post-recur", "post-recur-clear"):
        answer = client.post(url(name, post), SENT)
        assert (answer.status_code, "Open it for changes first" in answer.text) == (409, True)


def test_page_beyond_the_calendar_is_refused_and_not_an_error(enter, cast, post):
    timed(post, cast.zhou, datetime.fromisoformat("2100-12-31T10:00"))
    answer = enter(cast.zhou).post(
        url("post-recur", post), {**SENT, "step": "month", "every": "12", "times": "60"}
    )
    assert answer.status_code == 302
