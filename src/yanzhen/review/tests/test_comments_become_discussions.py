"""What was said in review before there were discussions, taken through the real migrations."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yanzhen.channels.tests.accounts import make_account
from yanzhen.discussion.models import Comment, Thread
from yanzhen.discussion.queries import talk_about
from yanzhen.people.tests.cast import NOW, make_cast
from yanzhen.planning.actions.timing import drop_post
from yanzhen.planning.actions.writing import cut_version
from yanzhen.planning.tests.plan import make_post
from yanzhen.tasks.models import Task
from yanzhen.tasks.tests.board import make_task

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("review", "0004_where_a_comment_went"), ("tasks", "0002_first_columns")]
EARLIER = [("review", "0003_seed_fast_lane"), ("tasks", "0002_first_columns")]


def go(targets):
    """Migrate there, and return the models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def back_and_forth():
    yield go
    go(MigrationExecutor(connection).loader.graph.leaf_nodes())


def bodies(thread):
    return list(thread.comments.order_by("at").values_list("body", flat=True))


def test_old_comments_become_discussions_and_can_go_back(back_and_forth):
    cast = make_cast()
    account = make_account(cast.workspace)
    post, dropped = make_post(account, cast.zhou), make_post(account, cast.zhou)
    version = cut_version(post, by=cast.zhou, now=NOW)
    drop_post(dropped, by=cast.lin, now=NOW)
    task, other = make_task(cast.lin), make_task(cast.lin)

    def at(minutes):
        return NOW + timedelta(minutes=minutes)

    then = back_and_forth(BEFORE)
    said = then.get_model("review", "Comment").objects.create
    said(post_id=post.pk, author_id=cast.lin.pk, body="Shorter?", at=at(1))
    second = said(post_id=post.pk, author_id=cast.zhou.pk, body="Yes.", at=at(2))
    said(post_id=post.pk, version_id=version.pk, author_id=cast.lena.pk, body="好。", at=at(3))
    said(post_id=dropped.pk, author_id=cast.lin.pk, body="Never mind.", at=at(4))
    then.get_model("tasks", "Task").objects.filter(pk=task.pk).update(comment=second)

    back_and_forth(MigrationExecutor(connection).loader.graph.leaf_nodes())

    seen = talk_about(post, cast.maya, show="open", now=NOW).threads
    assert [bodies(each.thread) for each in seen] == [["Shorter?", "Yes."], ["好。"]]
    assert [each.thread.version for each in seen] == [None, version.number]
    assert seen[0].thread.comments.first().at == at(1)
    gone = Thread.objects.get(post=dropped)
    assert (gone.state, gone.moved_by, bodies(gone)) == ("resolved", None, ["Never mind."])
    assert Task.objects.get(pk=task.pk).comment.body == "Yes."
    # Said and made a task of since: it goes back with its task, and stays where it is discussed.
    since = Comment.objects.create(thread=gone, author=cast.maya, body="Too bad.", at=at(5))
    Task.objects.filter(pk=other.pk).update(comment=since)

    then = back_and_forth(EARLIER)

    # The table was gone in between, so the words stay in the discussions but for those of tasks.
    old = then.get_model("review", "Comment").objects.order_by("at")
    assert [each.body for each in old] == ["Yes.", "Too bad."]
    assert [each.body for each in Comment.objects.order_by("at")] == [
        "Shorter?",
        "好。",
        "Never mind.",
    ]
    tasks = then.get_model("tasks", "Task").objects
    assert tasks.get(pk=task.pk).comment.body == "Yes."
    assert tasks.get(pk=other.pk).comment.body == "Too bad."
    assert not Thread.objects.filter(comments=None).exists()
