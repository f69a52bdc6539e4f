import pytest
from django.utils.translation import override

from yanzhen.people.tests.cast import make_cast
from yanzhen.planning.actions.writing import MOST_SEGMENTS as SENT_AT_ONCE
from yanzhen.planning.importing.dates import DateOrder
from yanzhen.planning.importing.formats import MOST_SEGMENTS
from yanzhen.planning.importing.plan import Source, check_plan
from yanzhen.planning.importing.readers import FileRefused
from yanzhen.planning.models import Campaign
from yanzhen.planning.tests.plans import NOW, file_of, make_account, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    cast = make_cast()
    make_account(cast.workspace)
    make_account(cast.workspace, "ferrow_cn", zone="Asia/Shanghai")
    make_account(cast.wu.workspace, "other")
    Campaign.objects.create(workspace=cast.workspace, name="Quiet June", code="quiet")
    return cast.workspace


@pytest.fixture
def check(workspace):
    viewer = workspace.members.get(user__name="Zhou")

    def check(*rows, **options):
        source = rows[0] if isinstance(rows[0], Source) else file_of(*rows, **options)
        return check_plan(source, viewer=viewer, now=NOW)

    return check


def one_error(plan):
    [planned] = plan.refused
    [error] = planned.errors
    return error


def test_check_plan_reads_our_own_columns(check):
    plan = check(row("One", "Two", title="Trip", campaign="QUIET", date="2026/6/10", zone="UTC"))
    [planned] = plan.posts
    assert plan.is_clean
    assert plan.table.format == "Yanzhen"
    assert (planned.account.handle, planned.texts, planned.title) == (
        "ferrow",
        ["One", "Two"],
        "Trip",
    )
    assert planned.campaign.code == "quiet"
    assert f"{planned.when.at:%Y-%m-%d %H:%M}" == "2026-06-10 17:00"
    assert planned.row.line == 2


def test_check_plan_reads_chinese_columns_and_dates(check):
    source = file_of(
        ["@Ferrow_CN", "2026年6月10日", "17:00", "你好"], header=["账号", "日期", "时间", "正文"]
    )
    [planned] = check(source).posts
    assert (planned.when.zone, planned.when.at.hour) == ("Asia/Shanghai", 9)


def test_check_plan_uses_the_accounts_zone_when_none_is_written(check):
    [planned] = check(row()).posts
    assert (planned.when.zone, planned.when.at.hour) == ("Europe/Berlin", 15)


def test_check_plan_keeps_the_text_to_the_byte(check):
    text = "  Seat 7A\r\n\r\ncafe\u0301 🪿 \t"
    [planned] = check(row(text)).posts
    assert planned.texts == ["  Seat 7A\n\ncafe\u0301 🪿 \t"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"account": "@nobody"}, "no account @nobody here. Use one of @ferrow, @ferrow_cn"),
        ({"account": "@other"}, "no account @other here"),
        ({"account": ""}, "No account is named"),
        ({"text": ""}, "The text is empty"),
        ({"text": "a" * 297}, "297 of 280: 17 over"),
        ({"text": "雁" * 141}, "282 of 280: 2 over"),
        ({"text": "a\x00b"}, r"Character 2 .*U\+0000"),
        ({"date": "soon"}, "“soon” is no date"),
        ({"date": "2026-02-30"}, "no day of the calendar"),
        ({"date": "03/04/2026"}, "may be either of two days"),
        ({"date": ""}, "A post with a date needs a time"),
        ({"time": "25:00"}, "“25:00” is no time"),
        ({"time": "13:00 PM"}, "is no time"),
        ({"time": ""}, "A post with a date needs a time"),
        ({"zone": "Berlin"}, "No time zone is called “Berlin”"),
        ({"date": "2026-03-29", "time": "02:30"}, "does not exist .* Write 01:30 or 03:30"),
        ({"date": "2026-10-25", "time": "02:30"}, "happens twice .*“02:30 CEST” or “02:30 CET”"),
        ({"date": "2026-03-01"}, "has passed"),
        ({"campaign": "loud"}, "no campaign “loud”"),
        ({"title": "a\x07"}, "Title: Character 2"),
    ],
)
def test_check_plan_says_what_is_wrong_with_a_row(check, cells, words):
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(one_error(check(row(**cells))))


def test_check_plan_names_the_segment_of_a_thread(check):
    assert one_error(check(row("One", "b" * 281))) == "Segment 2: 281 of 280: 1 over."
    assert one_error(check(row("One", "", "Three"))) == "Segment 2: The text is empty."


def test_check_plan_refuses_columns_beyond_the_header(check):
    assert "The row has 10 columns" in one_error(check([*row(), "more, text"]))


def test_check_plan_takes_either_reading_of_a_repeated_hour(check):
    plan = check(
        row("a", date="2026-10-25", time="02:30 CEST"),
        row("b", date="2026-10-25", time="02:30 CET"),
        row("c", date="2026-10-25", time="02:30 +01:00"),
    )
    assert [planned.when.fold for planned in plan.posts] == [0, 1, 1]
    assert [planned.when.at.hour for planned in plan.posts] == [0, 1, 1]


def test_check_plan_lets_a_premium_account_write_more(check, workspace):
    make_account(workspace, "long", premium=True)
    assert check(row("a" * 20_000, account="@long")).is_clean


def test_check_plan_finds_doubles_within_a_day_of_the_file(check):
    plan = check(
        row("Same"),
        row("Same", date="2026-06-11", time="16:59"),
        row("Same", date="2026-06-13"),
        row("Same", account="@ferrow_cn"),
    )
    assert [len(planned.errors) for planned in plan.posts] == [0, 1, 0, 0]
    assert "as line 2" in one_error(plan)


def test_check_plan_takes_the_date_order_the_file_shows(check):
    plan = check(row("a", date="03/04/2026"), row("b", date="25/04/2026"))
    assert plan.order is DateOrder.DAY_FIRST
    assert [f"{p.when.wall:%m-%d}" for p in plan.posts] == ["04-03", "04-25"]
    assert [
        f"{p.when.wall:%m-%d}"
        for p in check(row("a", date="03/04/2026"), row("b", date="04/25/2026")).posts
    ] == ["03-04", "04-25"]


def test_check_plan_takes_the_date_order_that_was_chosen(check):
    [planned] = check(row(date="05/04/2026"), order=DateOrder.MONTH_FIRST).posts
    assert f"{planned.when.wall:%m-%d}" == "05-04"


@pytest.mark.parametrize(
    ("header", "cells", "format_", "text_and_wall"),
    [
        (
            ["Date", "Message", "Link"],
            ["10/06/2026 17:00", "Hi", "https://a.com"],
            "Hootsuite",
            ("Hi https://a.com", "2026-06-10 17:00"),
        ),
        (
            ["13/06/2026 17:05", "First", ""],
            ["14/06/2026 9:05", "Hi", "https://a.com"],
            "Hootsuite",
            ("First", "2026-06-13 17:05"),
        ),
        (
            ["date", "time_24hr", "message_text", "public_image_url"],
            ["06/30/2026", "17:00", "Hi", "x.jpg"],
            "Sprout Social",
            ("Hi", "2026-06-30 17:00"),
        ),
        (
            ["Text", "Image URL", "Tags", "Posting Time"],
            ["Hi", "", "", "2026-06-10 17:00"],
            "Buffer",
            ("Hi", "2026-06-10 17:00"),
        ),
    ],
)
def test_check_plan_recognises_the_files_of_other_tools(
    check, header, cells, format_, text_and_wall
):
    order = DateOrder.DAY_FIRST if format_ == "Hootsuite" else DateOrder.FILE
    plan = check(file_of(cells, header=header, account="@ferrow", order=order))
    assert plan.is_clean
    assert plan.table.format == format_
    planned = plan.posts[0]
    assert (planned.texts[0], f"{planned.when.wall:%Y-%m-%d %H:%M}") == text_and_wall
    assert planned.when.zone == "Europe/Berlin"


def test_check_plan_says_which_columns_it_leaves_out(check):
    header = ["Text", "Image URL", "Tags", "Posting Time"]
    plan = check(file_of(["Hi", "a.jpg", "b", ""], header=header, account="ferrow"))
    assert plan.table.ignored == ("image url", "tags")
    assert "No date" in plan.doubtful[0].warnings[0]


@pytest.mark.parametrize("header", [["foo", "bar"], ["text"], ["account", "text", "text"]])
def test_check_plan_refuses_columns_it_does_not_know(check, header):
    with pytest.raises(FileRefused):
        check(file_of(["a"] * len(header), header=header))


def test_check_plan_speaks_the_readers_language(check):
    with override("zh-hans"):
        assert one_error(check(row(text=""))) != ""


def test_check_plan_takes_as_long_threads_as_we_send():
    assert MOST_SEGMENTS == SENT_AT_ONCE


def test_check_plan_asks_as_much_of_the_database_for_many_rows(check, django_assert_num_queries):
    few, many = [[row(f"Post {n}") for n in range(count)] for count in (1, 40)]
    with django_assert_num_queries(3):
        check(*few)
    with django_assert_num_queries(3):
        check(*many)


def test_check_plan_leaves_the_time_alone_when_nobody_knows_the_zone(check):
    plan = check(row(account="@nobody", date="soon"))
    assert "no account" in one_error(plan)
