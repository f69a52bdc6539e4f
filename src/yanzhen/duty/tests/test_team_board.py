"""The team's page: two weeks of duty by city, who is at work each hour, and who meets whom."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from yanzhen.duty.actions.leaving import take_leave
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.team import team_board
from yanzhen.duty.tests.duties import make_layer, utc
from yanzhen.duty.tests.pages import queries_of, text_of
from yanzhen.duty.tests.sites import follow
from yanzhen.people.models import User
from yanzhen.people.tests.cast import NOW, join, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("then")]


def told(board):
    """Give the fortnight as names by zone: a list of lists of names, one for each day."""
    return {
        line.zone: [[m.name for m in cell.members] for cell in line.cells]
        for line in board.fortnight.lines
    }


def week_of(**hours):
    User.objects.filter(memberships__isnull=False).update(**hours)


def counts(board, day):
    """Give how many are at work in each hour of one day of the week."""
    return [hour.people for hour in board.heat[day][1]]


def test_fortnight_tells_each_city_by_the_readers_days_from_east_to_west(rota, cast):
    follow(rota, cast)
    board = team_board(cast.lena, now=NOW)
    days = board.fortnight.days
    assert (days[0], len(days)) == ((date(2026, 3, 2), True), 14)
    found = told(board)
    assert list(found) == ["Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles"]
    assert found["Asia/Shanghai"][:3] == [["Zhou"], ["Lin"], ["Zhou"]]
    # Nine in the evening in Los Angeles is the next morning in Shanghai.
    there = told(team_board(cast.zhou, now=NOW))
    assert there["America/Los_Angeles"][:2] == [[], ["Maya"]]
    berlin = board.fortnight.lines[1]
    assert [cell.mine for cell in berlin.cells][:3] == [True, False, True]


def test_a_turn_of_a_week_is_told_on_all_its_days_and_one_over_night_on_its_first(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    cast.admin.user.zone = "UTC"
    found = told(team_board(cast.admin, now=NOW))
    assert found["Asia/Shanghai"] == [["Zhou"]] * 7 + [[]] * 7
    assert found["America/Los_Angeles"] == [[]] * 7 + [["Maya"]] * 7
    # In Berlin the week begins and ends at one in the morning.
    assert told(team_board(cast.lena, now=NOW)) == found


def test_uncovered_hours_stand_under_the_day_they_begin_on_for_who_reads(rota, cast, ask):
    make_layer(rota, cast.lin, [cast.lena])
    absent = Span(utc(3, 4), utc(3, 6))
    take_leave(cast.lena, span=absent, by=cast.lena, now=NOW)
    for reader, day in ((cast.lena, date(2026, 3, 4)), (cast.maya, date(2026, 3, 3))):
        board = team_board(reader, now=NOW)
        ((found, gap),) = [each for each in board.fortnight.gaps if each[1]]
        assert (found, gap, board.fortnight.uncovered) == (day, absent, 1)
    page = ask(cast.lin, "team")
    assert "/duty/?view=day&amp;day=2026-03-04" in page.text
    assert ("Cover<" in page.text, "See<" in page.text) == (True, False)
    page = ask(cast.zhou, "team")
    assert ("Cover<" in page.text, "See<" in page.text) == (False, True)


def test_hours_count_who_is_at_work_by_the_readers_clock(cast):
    week_of(day_start=time(9), day_end=time(18), workdays=[1, 2, 3, 4, 5])
    board = team_board(cast.lena, now=NOW)
    monday = counts(board, 0)
    # In Berlin: Shanghai's two from two to eleven, Berlin's two from nine to six, and Los Angeles
    # from six to three in the morning of Tuesday.
    assert monday == [0] * 2 + [2] * 7 + [4] * 2 + [2] * 7 + [1] * 6
    assert counts(board, 1) == [1, 1, 3, *monday[3:]]
    assert counts(board, 5) == [1] * 3 + [0] * 21
    assert counts(board, 6) == [0] * 24
    marked = [
        (n, at) for n, (_, day) in enumerate(board.heat) for at, hour in enumerate(day) if hour.now
    ]
    assert marked == [(0, 10)]
    shades = {hour.people: hour.shade for _day, hours in board.heat for hour in hours}
    assert (shades[0], shades[1], shades[4]) == (0, 2, 5)


def test_who_is_away_is_not_at_work_and_a_night_belongs_to_the_day_it_begins_on(cast):
    week_of(day_start=time(22), day_end=time(6), workdays=[1], zone="Europe/Berlin")
    take_leave(cast.zhou, span=Span(utc(3, 3), utc(3, 4)), by=cast.zhou, now=NOW)
    board = team_board(cast.lena, now=NOW)
    assert counts(board, 0) == [0] * 22 + [5] * 2
    # Away from one in the morning in Berlin.
    assert counts(board, 1) == [5] + [4] * 5 + [0] * 18


def test_two_places_that_meet_least_come_first(rota, cast):
    follow(rota, cast, until="17:00")
    meetings = {each.names: each for each in team_board(cast.lena, now=NOW).meetings}
    assert list(meetings)[-1] == ("Berlin", "Shanghai")
    there = meetings["Berlin", "Shanghai"]
    # Nine to ten in Berlin is the last hour in Shanghai.
    assert (there.least, there.enough) == (timedelta(hours=1), False)
    assert there.first == Span(utc(3, 2, 8), utc(3, 2, 9))
    never = meetings["Los Angeles", "Shanghai"]
    assert (never.least, never.first) == (timedelta(0), None)


def test_team_page_shows_it_all_and_asks_as_much_for_more(rota, cast, ask):
    follow(rota, cast)
    few = queries_of(ask, cast.lena, "team")
    for name in ("Ada", "Ole", "Kim"):
        join(cast.workspace, make_user(name), "creator")
    make_layer(rota, cast.lin, [cast.zhou], name="Nights")
    take_leave(cast.zhou, span=Span(utc(3, 4), utc(3, 5)), by=cast.zhou, now=NOW)
    assert queries_of(ask, cast.lena, "team") == few
    page = text_of(ask(cast.lena, "team"))
    for said in ("Who is on duty when", "At work", "Time together", "Never at work together"):
        assert said in page


def test_team_of_one_without_a_rota_is_shown_none_of_it(cast, ask):
    page = text_of(ask(cast.wu, "team"))
    for said in ("Who is on duty when", "At work</h2>", "Time together"):
        assert said not in page
