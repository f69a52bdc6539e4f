from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from yanzhen.activity.feed import events
from yanzhen.activity.spine import SYSTEM, record
from yanzhen.activity.veils import veiled_from
from yanzhen.discussion.tests.talk import said
from yanzhen.kernel.clock import set_to
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.models import Post
from yanzhen.publishing.events import PUBLISHED, Published
from yanzhen.review.actions.rounds import pass_step
from yanzhen.review.tests.rounds import submitted, waiting_step
from yanzhen.tasks.actions.making import NoDayToRepeat
from yanzhen.tasks.actions.moving import archive_task, move_task
from yanzhen.tasks.actions.parts import (
    Circle,
    add_item,
    add_need,
    link_post,
    set_rule,
    tick_item,
    unlink_post,
)
from yanzhen.tasks.models import Task
from yanzhen.tasks.states import TaskState
from yanzhen.tasks.tests.board import column, fresh, kinds_about, make_task, on, pay

pytestmark = pytest.mark.django_db


def finish(task, by):
    return move_task(fresh(task), by=by, column=column(by, "done"), now=NOW)


def test_add_need_refuses_a_circle_of_any_length(cast):
    a, b, c = (make_task(cast.zhou, title) for title in "abc")
    add_need(a, by=cast.zhou, on=b, now=NOW)
    add_need(b, by=cast.zhou, on=c, now=NOW)
    for task, on_ in ((c, a), (b, a), (a, a)):
        with pytest.raises(Circle):
            add_need(task, by=cast.zhou, on=on_, now=NOW)
    with pytest.raises(NotAllowed):
        add_need(a, by=cast.zhou, on=make_task(cast.wu), now=NOW)


def test_task_is_unblocked_when_the_last_it_waits_for_is_done_or_deleted(cast):
    a, b, c = (make_task(cast.zhou, title) for title in "abc")
    add_need(a, by=cast.zhou, on=b, now=NOW)
    add_need(a, by=cast.zhou, on=c, now=NOW)
    assert Task.objects.with_names().get(pk=a.pk).blocker_count == 2
    finish(b, cast.zhou)
    assert "unblocked" not in kinds_about(a)
    archive_task(fresh(c), by=cast.zhou, now=NOW)
    assert kinds_about(a)[-1] == "unblocked"
    assert Task.objects.with_names().get(pk=a.pk).blocker_count == 0


def test_repeating_task_comes_back_once_when_it_is_done(cast):
    task = make_task(
        cast.zhou,
        due=on("2026-02-27"),
        repeat_step="week",
        labels=["Report"],
        assignee=cast.maya,
    )
    add_item(task, by=cast.zhou, text="Numbers", now=NOW)
    tick_item(task.items.get(), by=cast.zhou, ticked=True, now=NOW)
    following = finish(task, cast.zhou).next
    # 6 March is the first Friday after today, Monday 2 March.
    assert (following.due_wall, following.assignee_id) == ("2026-03-06", cast.maya.pk)
    assert [label.name for label in following.labels.all()] == ["Report"]
    assert following.items.get().ticked is False
    move_task(fresh(task), by=cast.zhou, column=column(cast.zhou, "doing"), now=NOW)
    assert fresh(following).state == TaskState.ARCHIVED
    assert finish(task, cast.zhou).next.pk == following.pk
    assert Task.objects.live().count() == 2


def test_repeating_task_comes_back_when_its_post_passes_though_its_people_have_left(cast, account):
    round_ = submitted(account, cast.zhou, "Geese take turns.")
    post = Post.objects.get(pk=round_.post_id)
    task = make_task(
        cast.maya, assignee=cast.maya, post=post, due=on("2026-03-05"), repeat_step="month"
    )
    deactivate_member(cast.maya, seen=0, by=cast.admin, now=NOW)
    pass_step(waiting_step(round_), by=cast.lin, now=NOW)
    pass_step(waiting_step(round_), by=cast.lena, now=NOW)
    pay()
    following = Task.objects.get(made_from=task)
    assert (following.due_wall, following.assignee_id) == ("2026-04-05", None)


def test_repeating_task_needs_a_day(cast):
    with pytest.raises(NoDayToRepeat):
        make_task(cast.zhou, repeat_step="day")


def test_linked_post_moves_the_task_and_the_log_says_who_caused_it(cast, account):
    round_ = submitted(account, cast.zhou, "Geese take turns.")
    post = Post.objects.get(pk=round_.post_id)
    task = make_task(cast.maya, "Proofread", assignee=cast.maya, post=post)
    quiet = make_task(cast.maya, "Thank the team", assignee=cast.maya)
    link = link_post(quiet, by=cast.maya, post=post, now=NOW)
    set_rule(link, by=cast.maya, when_submitted="", when_passed="", when_published="done", now=NOW)
    other = make_task(cast.maya, "Other")
    pay()
    assert [fresh(each).state for each in (task, quiet, other)] == ["doing", "todo", "todo"]
    pass_step(waiting_step(round_), by=cast.lin, now=NOW)
    pass_step(waiting_step(round_), by=cast.lena, now=NOW)
    pay()
    assert [fresh(each).state for each in (task, quiet)] == ["done", "todo"]
    said = events().objects.about("tasks.task", str(task.pk))
    assert [(e.kind, e.actor_label) for e in said][2:] == [
        ("tasks.followed_submit", "Zhou"),
        ("tasks.followed_pass", "Lena"),
    ]
    with transaction.atomic():
        record(
            PUBLISHED,
            Published(
                post=post.pk, delivery=1, segment=1, handle="ferrow", remote_id="1", found=False
            ),
            actor=SYSTEM,
            subject=post.ref,
            workspace_id=post.workspace_id,
            at=NOW,
        )
    pay(NOW + timedelta(minutes=1))
    assert fresh(quiet).state == "done"
    assert kinds_about(task).count("followed_publish") == 0


def test_task_of_a_comment_stays_veiled_without_its_link(cast, account):
    post = submitted(account, cast.zhou).post
    comment = said(post, cast.zhou, "Ask about the launch.")
    task = make_task(cast.zhou, "Ask about the launch", post=post, comment=comment)
    other = make_task(cast.zhou, "Water the plants")
    for link in task.links.all():
        unlink_post(link, by=cast.zhou, now=NOW)
    wall = datetime(2026, 3, 9, 10, tzinfo=UTC).replace(tzinfo=None)
    with set_to(NOW):
        set_embargo(
            post, by=cast.zhou, terms=Terms(wall=wall, zone="UTC", readers=[cast.lin]), now=NOW
        )
        assert set(Task.objects.visible_to(cast.zhou)) == {task, other}
        assert set(Task.objects.visible_to(cast.lena)) == {other}
        about = events().objects.filter(subject_type="tasks.task")
        kept = about.filter(veiled_from(cast.lena)).values_list("subject_id", flat=True)
        assert set(kept) == {str(task.pk)}
        assert not about.filter(veiled_from(cast.zhou)).exists()
