"""Calendars written and read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.duty.rules.ical import Entry, NotACalendar, read, written
from yanzhen.duty.rules.spans import Span

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def calendar(*lines):
    event = ["BEGIN:VEVENT", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", *event, "END:VCALENDAR"])


def spans(*lines, zone="Europe/Berlin"):
    return [busy.span for busy in read(calendar(*lines), zone=zone)]


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(' aZ,;:\\"é中🦢', max_size=120),
    hours=st.integers(1, 500),
)
def test_what_is_written_is_read_again_and_no_line_is_too_long(title, hours):
    span = Span(START, START + timedelta(hours=hours))
    text = written("Ferrow", [Entry("turn-1@x", span, title, START)])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    [busy] = read(text, zone="UTC")
    assert (busy.span, busy.title) == (span, title.strip())


def test_read_takes_days_in_the_given_zone_and_times_in_theirs():
    day = spans("DTSTART;VALUE=DATE:20260329", "DTEND;VALUE=DATE:20260330")
    assert day == [
        Span(datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))
    ]
    there = spans("DTSTART;TZID=Asia/Shanghai:20260302T090000", "DURATION:PT8H")
    assert there == [Span(datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC))]
    assert spans("DTSTART;VALUE=DATE:20260302")[0].length == timedelta(days=1)


def test_read_leaves_out_what_is_cancelled_and_ignores_alarms():
    assert spans("STATUS:CANCELLED", "DTSTART:20260302T080000Z", "DTEND:20260302T090000Z") == []
    alarm = ("BEGIN:VALARM", "TRIGGER:-PT15M", "DURATION:PT1H", "END:VALARM")
    assert len(spans("DTSTART:20260302T080000Z", "DTEND:20260302T090000Z", *alarm)) == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("name;date", 0),
        (calendar("DTSTART:soon"), 2),
        (calendar("DTSTART;TZID=China Standard Time:20260302T090000"), 2),
        (calendar("DTSTART:20260302T090000Z", "DTEND:20260302T080000Z"), 2),
        (calendar("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY"), 2),
        (calendar("SUMMARY:no start"), 2),
        (calendar("DTSTART:20260302T090000Z", "DURATION:a while"), 2),
        (calendar("DTSTART:20260302T090000Z", "DURATION:P999999999W"), 2),
        (calendar("DTSTART:20260302T090000Z", f"DURATION:P{'9' * 5000}D"), 2),
        (calendar("DTSTART:20260302T090000Z", "DTEND:99991231T235959Z"), 2),
        (calendar("DTSTART:00010101T000000Z", "DTEND:20260302T080000Z"), 2),
        (calendar("DTSTART:99991231"), 2),
        ("BEGIN:VCALENDAR\nnonsense", 2),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260302T090000Z", 2),
    ],
)
def test_read_says_on_which_line_a_calendar_cannot_be_read(text, line):
    with pytest.raises(NotACalendar) as caught:
        read(text, zone="UTC")
    assert caught.value.line == line
