from datetime import UTC, date, datetime, timedelta

import pytest

from yanzhen.notify.models import Notice
from yanzhen.people.tests.cast import NOW
from yanzhen.tasks.actions.making import Wish, change_task
from yanzhen.tasks.actions.moving import move_task
from yanzhen.tasks.due import next_day
from yanzhen.tasks.loops import remind_assignees
from yanzhen.tasks.tests.board import column, fresh, make_task, on


def told(member):
    rows = Notice.objects.visible_to(member).order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("tasks.") for kind in rows]


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.django_db
def test_assignee_is_reminded_the_day_before_at_due_and_when_overdue_once_each(cast):
    # 17:00 in Berlin is 16:00 UTC in March.
    task = make_task(cast.zhou, due=on("2026-03-05", "17:00"), assignee=cast.maya)
    assert told(cast.maya) == ["assigned"]
    for at, expected in (
        ("2026-03-04T15:59", []),
        ("2026-03-04T16:00", ["soon"]),
        ("2026-03-04T16:01", ["soon"]),
        ("2026-03-05T16:00", ["soon", "due"]),
        ("2026-03-05T17:00", ["soon", "due", "overdue"]),
        ("2026-03-09T17:00", ["soon", "due", "overdue"]),
    ):
        remind_assignees(moment(at))
        remind_assignees(moment(at))
        assert told(cast.maya)[1:] == expected, at
    assert fresh(task).remind_at is None


@pytest.mark.django_db
def test_whole_day_reminds_in_the_morning_and_is_overdue_when_the_day_ends(cast):
    make_task(cast.zhou, due=on("2026-03-05"), assignee=cast.maya)
    seen = []
    for at in ("2026-03-04T08:00", "2026-03-05T08:00", "2026-03-05T22:59", "2026-03-05T23:00"):
        remind_assignees(moment(at))
        seen.append(told(cast.maya)[1:])
    assert seen == [["soon"], ["soon", "due"], ["soon", "due"], ["soon", "due", "overdue"]]


@pytest.mark.django_db
def test_after_a_pause_of_the_worker_only_the_latest_is_told(cast):
    make_task(cast.zhou, due=on("2026-03-05"), assignee=cast.maya)
    remind_assignees(moment("2026-03-08T00:00"))
    assert told(cast.maya) == ["assigned", "overdue"]


@pytest.mark.django_db
def test_what_is_done_or_nobodys_reminds_nobody_and_a_new_day_reminds_anew(cast):
    done = make_task(cast.zhou, due=on("2026-03-05"), assignee=cast.maya)
    move_task(done, by=cast.zhou, column=column(cast.zhou, "done"), now=NOW)
    make_task(cast.zhou, due=on("2026-03-05"))
    moved = make_task(cast.zhou, due=on("2026-03-05"), assignee=cast.lena)
    remind_assignees(moment("2026-03-05T09:00"))
    assert (told(cast.maya), told(cast.lena)) == (["assigned"], ["assigned", "due"])
    wish = Wish(title="Later", due=on("2026-03-20"), assignee=cast.lena)
    change_task(fresh(moved), by=cast.zhou, wish=wish, revision=1, now=moment("2026-03-05T10:00"))
    remind_assignees(moment("2026-03-19T10:00"))
    assert told(cast.lena) == ["assigned", "due", "soon"]


@pytest.mark.django_db
def test_who_takes_a_task_is_not_told_of_it(cast):
    make_task(cast.zhou, assignee=cast.zhou)
    assert told(cast.zhou) == []


@pytest.mark.parametrize(
    ("day", "step", "every", "after", "expected"),
    [
        ("2026-01-31", "month", 1, "2026-01-31", "2026-02-28"),
        ("2026-02-28", "month", 1, "2026-02-28", "2026-03-31"),
        ("2026-12-31", "month", 2, "2026-12-31", "2027-02-28"),
        ("2026-03-28", "day", 1, "2026-03-28", "2026-03-29"),
        ("2026-03-02", "week", 2, "2026-04-01", "2026-04-13"),
    ],
)
def test_next_day_steps_by_wall_date_and_skips_what_has_passed(day, step, every, after, expected):
    start = date.fromisoformat(day)
    found = next_day(start, step=step, every=every, month_day=31, after=date.fromisoformat(after))
    assert found == date.fromisoformat(expected)
    assert found - start > timedelta(0)
