import pytest

from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.tasks.actions.columns import BadColumns, ColumnWish, set_columns
from yanzhen.tasks.actions.moving import ColumnFull, archive_task, move_task, restore_task
from yanzhen.tasks.models import Column, Task
from yanzhen.tasks.states import TaskState
from yanzhen.tasks.tests.board import column, fresh, kinds_about, make_task

pytestmark = pytest.mark.django_db


def titles(col):
    rows = Task.objects.live().filter(column=col).order_by("rank", "pk")
    return list(rows.values_list("title", flat=True))


def limit(col, most, *, strict):
    Column.objects.filter(pk=col.pk).update(most=most, strict=strict)
    return Column.objects.get(pk=col.pk)


def test_move_task_puts_it_on_top_above_another_or_at_the_end(cast):
    doing = column(cast.zhou, "doing")
    a, b, c, d = (make_task(cast.zhou, title) for title in "abcd")
    move_task(a, by=cast.zhou, column=doing, now=NOW)
    move_task(b, by=cast.zhou, column=doing, now=NOW)
    move_task(c, by=cast.zhou, column=doing, on_top=False, now=NOW)
    move_task(d, by=cast.zhou, column=doing, before=fresh(a), now=NOW)
    assert titles(doing) == ["b", "d", "a", "c"]
    assert fresh(d).state == TaskState.DOING
    assert kinds_about(d) == ["created", "moved"]


def test_move_task_between_neighbours_without_room_deals_places_anew(cast):
    todo = column(cast.zhou, "todo")
    a, b, c = (make_task(cast.zhou, title) for title in "abc")
    Task.objects.filter(pk__in=[a.pk, b.pk]).update(rank=1.0)
    move_task(fresh(c), by=cast.zhou, column=todo, before=fresh(b), now=NOW)
    assert titles(todo) == ["a", "c", "b"]


def test_move_task_refuses_the_second_of_two_stale_copies(cast):
    task = make_task(cast.zhou)
    stale = fresh(task)
    move_task(task, by=cast.zhou, column=column(cast.zhou, "doing"), now=NOW)
    with pytest.raises(MoveRefused):
        move_task(stale, by=cast.zhou, column=column(cast.zhou, "done"), now=NOW)


def test_move_task_of_another_member_asks_for_the_right_to_direct(cast):
    task = make_task(cast.maya, assignee=cast.maya)
    with pytest.raises(NotAllowed):
        move_task(fresh(task), by=cast.zhou, column=column(cast.zhou, "done"), now=NOW)
    with pytest.raises(NotAllowed):
        move_task(fresh(task), by=cast.wu, column=column(cast.zhou, "done"), now=NOW)
    moved = move_task(fresh(task), by=cast.lin, column=column(cast.lin, "done"), now=NOW)
    assert moved.task.state == TaskState.DONE


def test_move_task_that_nobody_has_is_open_to_everybody(cast):
    task = make_task(cast.maya)
    move_task(fresh(task), by=cast.zhou, column=column(cast.zhou, "doing"), now=NOW)
    assert fresh(task).state == TaskState.DOING


def test_move_task_into_a_full_column_warns_or_is_refused_as_the_column_says(cast):
    doing = limit(column(cast.zhou, "doing"), 1, strict=False)
    first, second, third = (make_task(cast.zhou, title) for title in "abc")
    assert move_task(first, by=cast.zhou, column=doing, now=NOW).over == 0
    assert move_task(second, by=cast.zhou, column=doing, now=NOW).over == 1
    limit(doing, 2, strict=True)
    with pytest.raises(ColumnFull):
        move_task(third, by=cast.zhou, column=Column.objects.get(pk=doing.pk), now=NOW)
    assert fresh(third).state == TaskState.TODO
    # Sorting inside a full column is no further task.
    move_task(fresh(first), by=cast.zhou, column=doing, now=NOW)
    assert titles(doing) == ["a", "b"]


def test_archive_task_leaves_every_list_and_restore_brings_it_back(cast):
    doing = column(cast.zhou, "doing")
    task = make_task(cast.zhou, column=doing)
    archive_task(task, by=cast.zhou, now=NOW)
    assert titles(doing) == []
    with pytest.raises(MoveRefused):
        move_task(fresh(task), by=cast.zhou, column=doing, now=NOW)
    restore_task(fresh(task), by=cast.zhou, now=NOW)
    assert (titles(doing), fresh(task).state) == (["Ask the photographer"], TaskState.DOING)
    with pytest.raises(MoveRefused):
        restore_task(fresh(task), by=cast.zhou, now=NOW)


def wishes(member):
    return [
        ColumnWish(each.pk, each.title, each.state, each.most, each.strict)
        for each in Column.objects.visible_to(member).in_order()
    ]


def test_set_columns_adds_renames_and_removes_what_is_empty(cast):
    make_task(cast.zhou, column=column(cast.zhou, "waiting"))
    asked = wishes(cast.lin)
    with pytest.raises(BadColumns, match="not_empty"):
        set_columns(cast.lin, wishes=[asked[0], asked[1], asked[3]], now=NOW)
    with pytest.raises(BadColumns, match="needs_done"):
        set_columns(cast.lin, wishes=asked[:3], now=NOW)
    with pytest.raises(NotAllowed):
        set_columns(cast.zhou, wishes=asked, now=NOW)
    asked[1:2] = [ColumnWish(None, "At the printer", "waiting", 3, True)]
    set_columns(cast.lin, wishes=asked, now=NOW)
    shown = [str(each) for each in Column.objects.visible_to(cast.lin).in_order()]
    assert shown == ["To do", "At the printer", "Waiting", "Done"]
    # A column of another workspace, or one that is gone, is no column of this board.
    foreign = ColumnWish(column(cast.wu, "todo").pk, "", "todo", None, False)
    with pytest.raises(BadColumns, match="changed"):
        set_columns(cast.lin, wishes=[*asked, foreign], now=NOW)


def test_remove_column_rehomes_deleted_tasks(cast):
    waiting = column(cast.zhou, "waiting")
    task = make_task(cast.zhou, column=waiting)
    archive_task(task, by=cast.zhou, now=NOW)
    kept = [wish for wish in wishes(cast.lin) if wish.state != "waiting"]
    set_columns(cast.lin, wishes=kept, now=NOW)
    restore_task(fresh(task), by=cast.zhou, now=NOW)
    assert fresh(task).state == TaskState.TODO
