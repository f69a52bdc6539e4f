import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.discussion.actions.talking import open_thread, remove_comment
from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.tests.plan import timed
from yanzhen.review.actions.rounds import return_step
from yanzhen.review.models import Verdict
from yanzhen.review.tests.rounds import submitted, waiting_step
from yanzhen.tasks import queries
from yanzhen.tasks.actions.parts import add_item, add_need, link_post
from yanzhen.tasks.models import Column, Item, Task
from yanzhen.tasks.tests.board import column, fresh, make_task, on

pytestmark = pytest.mark.django_db
VIEWS = ("", "?lanes=assignee", "?lanes=label", "?lanes=account", "?view=list", "?view=mine")


def titles_in(answer):
    found = re.findall(r'class="item__link item__title"[^>]*>([^<]+)<', answer.content.decode())
    return sorted(found)


def full_task(cast, post, title="Ask"):
    task = make_task(
        cast.zhou, title, assignee=cast.zhou, labels=["Photo", "Copy"], due=on("2026-03-05")
    )
    add_item(task, by=cast.zhou, text="One", now=NOW)
    add_need(task, by=cast.zhou, on=make_task(cast.lena, f"Before {title}"), now=NOW)
    link_post(task, by=cast.zhou, post=post, now=NOW)
    return task


@pytest.mark.parametrize("view", VIEWS)
def test_tasks_page_asks_as_much_for_three_as_for_one(cast, post, enter, view):
    client = enter(cast.zhou)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(f"{reverse('tasks')}{view}").status_code == 200
        return len(seen)

    full_task(cast, post)
    asked()
    once = asked()
    full_task(cast, post, "Again")
    full_task(cast, post, "And again")
    assert asked() == once


def test_tasks_page_is_narrowed_by_what_the_address_says(cast, post, account, enter):
    client = enter(cast.zhou)
    make_task(cast.zhou, "Late", assignee=cast.zhou, due=on("2026-03-01"), labels=["Photo"])
    make_task(cast.zhou, "Today", assignee=cast.lena, due=on("2026-03-02", zone="Asia/Shanghai"))
    make_task(cast.zhou, "Someday 照片", post=post)
    make_task(cast.wu, "Elsewhere")
    label = Task.objects.get(title="Late").labels.get()
    for query, expected in (
        ("", ["Late", "Someday 照片", "Today"]),
        ("assignee=me", ["Late"]),
        ("assignee=none", ["Someday 照片"]),
        (f"assignee={cast.lena.pk}", ["Today"]),
        (f"label={label.pk}", ["Late"]),
        ("due=late", ["Late"]),
        ("due=today", ["Today"]),
        ("due=week", ["Today"]),
        ("due=none", ["Someday 照片"]),
        (f"account={account.pk}", ["Someday 照片"]),
        ("q=照片", ["Someday 照片"]),
        ("view=mine", ["Late"]),
        (f"view=list&column={column(cast.zhou, 'done').pk}", []),
    ):
        answer = client.get(f"{reverse('tasks')}?{query}")
        assert (answer.status_code, titles_in(answer)) == (200, expected), query
    for nonsense in ("assignee=x", "label=999999", "view=x", f"account={cast.wu.pk}9"):
        assert client.get(f"{reverse('tasks')}?{nonsense}").status_code == 422, nonsense


def test_board_shows_so_many_of_a_column_and_leads_to_the_rest(cast, enter, monkeypatch):
    monkeypatch.setattr(queries, "MOST_IN_COLUMN", 2)
    for title in ("a", "b", "c"):
        make_task(cast.zhou, title)
    answer = enter(cast.zhou).get(reverse("tasks"))
    assert titles_in(answer) == ["b", "c"]
    todo = column(cast.zhou, "todo").pk
    assert f'href="/tasks/?view=list&amp;column={todo}">1 more<' in answer.content.decode()
    lanes = enter(cast.zhou).get(reverse("tasks"), {"lanes": "assignee"})
    assert "1 task further down is not in the lanes." in lanes.content.decode()


def move(client, task, col, **more):
    sent = {"column": col.pk, "seen": fresh(task).state_version, **more}
    return client.post(reverse("task-move", args=[task.pk]), sent)


def undo_path(answer):
    page = answer.content.decode()
    found = re.search(r'action="([^"]+)"[^>]*hx-swap="none"', page)
    return found[1].replace("&amp;", "&")


def test_move_by_the_plain_form_can_be_undone_by_the_toast(cast, enter):
    client = enter(cast.zhou)
    first, second, third = (make_task(cast.zhou, title) for title in "abc")
    move(client, second, column(cast.zhou, "doing"))
    page = client.get(reverse("tasks"))
    assert "“b” is in “Doing”." in page.content.decode()
    client.post(undo_path(page))
    order = Task.objects.filter(column=column(cast.zhou, "todo")).order_by("rank")
    assert [task.title for task in order] == ["c", "b", "a"]
    assert (first.column_id, third.column_id) == (second.column_id, second.column_id)


def test_move_says_what_waits_and_what_is_full(cast, enter):
    client = enter(cast.zhou)
    doing = column(cast.zhou, "doing")
    task = make_task(cast.zhou, "Film")
    add_need(task, by=cast.zhou, on=make_task(cast.zhou, "Brief"), now=NOW)
    move(client, task, doing)
    said = client.get(reverse("tasks")).content.decode()
    assert "It still waits for 1 other task." in said
    Column.objects.filter(pk=doing.pk).update(most=1, strict=True)
    answer = move(client, make_task(cast.zhou, "Cut"), doing)
    assert answer.status_code == 409
    assert "“Doing” is full, so “Cut” stays." in answer.content.decode()
    stale = client.post(reverse("task-move", args=[task.pk]), {"column": doing.pk, "seen": 0})
    assert stale.status_code == 409
    assert client.post(reverse("task-move", args=[task.pk]), {"column": "x"}).status_code == 422


def test_delete_can_be_undone_by_the_toast(cast, enter):
    client = enter(cast.zhou)
    task = make_task(cast.zhou)
    page = client.post(reverse("task-archive", args=[task.pk]), follow=True)
    assert "is deleted." in page.content.decode()
    client.post(undo_path(page))
    assert fresh(task).state == "todo"


def test_new_task_from_a_comment_is_prefilled_and_about_its_post(cast, post, enter):
    client = enter(cast.maya)
    comment = open_thread(post, by=cast.lena, body="Crop the wing tighter.", now=NOW)
    talk = reverse("post-discussion", args=[post.pk])
    link = reverse("task-new") + f"?comment={comment.pk}"
    assert link in client.get(talk).content.decode()
    assert 'value="Crop the wing tighter."' in client.get(link).content.decode()
    sent = {"title": "Crop", "comment": comment.pk, "zone": "Asia/Shanghai"}
    assert client.post(reverse("task-new"), sent).status_code == 302
    task = Task.objects.get(title="Crop")
    assert (task.comment_id, task.links.get().post_id) == (comment.pk, post.pk)
    # Each leads to the other.
    assert reverse("task", args=[task.pk]) in client.get(talk).content.decode()
    back = f"{talk}?show=open#comment-{comment.pk}"
    page = client.get(reverse("task", args=[task.pk])).content.decode()
    assert f'href="{back}"' in page
    assert "<p>Crop the wing tighter.</p>" in page
    pane = client.get(reverse("post-tasks", args=[post.pk])).content.decode()
    assert "Crop" in pane
    foreign = enter(cast.wu)
    assert foreign.get(link).status_code == 404
    # What was taken back is not shown, and no task is made of it.
    remove_comment(comment, by=cast.lena, now=NOW)
    client = enter(cast.maya)
    assert client.get(link).status_code == 404
    page = client.get(reverse("task", args=[task.pk])).content.decode()
    assert "Crop the wing tighter." not in page


def test_new_task_from_a_return_is_what_the_reviewer_asked_for(cast, account, enter):
    round_ = submitted(account, cast.zhou)
    step = waiting_step(round_)
    return_step(step, by=cast.lin, reason="fact", comment="Show the test report.", now=NOW)
    verdict = Verdict.objects.get(kind="return")
    signed = Verdict.objects.exclude(pk=verdict.pk).get()
    client = enter(cast.zhou)
    link = reverse("task-new") + f"?verdict={verdict.pk}"
    assert link in client.get(reverse("review-trail", args=[round_.post_id])).content.decode()
    assert 'value="Show the test report."' in client.get(link).content.decode()
    sent = {"title": "Report", "verdict": verdict.pk, "zone": "Asia/Shanghai"}
    assert client.post(reverse("task-new"), sent).status_code == 302
    task = Task.objects.get(title="Report")
    assert task.links.get().post_id == round_.post_id
    made = events().objects.about("tasks.task", str(task.pk)).get(kind="tasks.created")
    assert made.data["source"] == "review"
    # A signature without words is nothing to do, and another brand's return is nobody's here.
    assert client.get(reverse("task-new"), {"verdict": signed.pk}).status_code == 404
    assert enter(cast.wu).get(link).status_code == 404


def test_task_form_says_what_to_do_about_bad_input(cast, enter):
    client = enter(cast.lena)
    sent = {"title": "Film", "zone": "Europe/Berlin"}
    for more, words in (
        ({"title": ""}, "This field is required."),
        ({"time": "10:00"}, "Choose the day as well."),
        ({"repeat_step": "week"}, "Choose the day it is due first"),
        ({"date": "1888-01-01"}, "Choose a year from 2000 to 2100."),
        ({"date": "2026-03-29", "time": "02:30"}, "does not exist on that day"),
        ({"date": "2026-10-25", "time": "02:30"}, "happens twice on that day"),
        ({"labels": "x" * 41}, "A label has 40 characters at most."),
        ({"title": "a\x07b"}, "control character"),
    ):
        answer = client.post(reverse("task-new"), {**sent, **more})
        page = answer.content.decode()
        assert answer.status_code == 422, more
        assert words in page, more
    assert not Task.objects.exists()
    second = {"date": "2026-10-25", "time": "02:30", "fold": "1"}
    assert client.post(reverse("task-new"), {**sent, **second}).status_code == 302
    assert f"{Task.objects.get().due_at:%H:%M}" == "01:30"


@pytest.mark.parametrize("sent", ["x", "9" * 5000, "-1", "٣", ""])
def test_numbers_that_are_none_are_no_breakdown(cast, enter, sent):
    client = enter(cast.lena)
    task = make_task(cast.lena)
    assert client.get(reverse("task-new"), {"post": sent}).status_code in (200, 404)
    assert client.get(reverse("task-new"), {"column": sent, "day": sent}).status_code == 200
    edit = {"title": "Film", "zone": "Europe/Berlin", "revision": sent}
    assert client.post(reverse("task-edit", args=[task.pk]), edit).status_code == 409
    moved = {"column": column(cast.lena, "done").pk, "seen": sent, "before": sent}
    assert client.post(reverse("task-move", args=[task.pk]), moved).status_code in (409, 422)
    for name, field in (("task-need-add", "on"), ("task-link-add", "post")):
        answer = client.post(reverse(name, args=[task.pk]), {field: sent})
        assert answer.status_code == 422


def test_edit_of_an_older_copy_overwrites_nothing(cast, enter):
    client = enter(cast.lena)
    task = make_task(cast.lena, "Film")
    sent = {"title": "Long film", "zone": "Europe/Berlin", "revision": 1}
    assert client.post(reverse("task-edit", args=[task.pk]), sent).status_code == 302
    sent["title"] = "Short film"
    answer = client.post(reverse("task-edit", args=[task.pk]), sent)
    assert answer.status_code == 409
    assert 'value="Short film"' in answer.content.decode()
    assert fresh(task).title == "Long film"


def test_parts_of_a_task_come_and_go_by_plain_forms(cast, post, enter):
    client = enter(cast.zhou)
    task, other = make_task(cast.zhou, "Film"), make_task(cast.zhou, "Brief")
    client.post(reverse("task-item-add", args=[task.pk]), {"text": "Cut it"})
    item = Item.objects.get()
    client.post(reverse("task-item", args=[item.pk]), {"ticked": "1"})
    client.post(reverse("task-need-add", args=[task.pk]), {"on": f"#{other.pk} Brief"})
    address = f"http://testserver{reverse('post', args=[post.pk])}"
    client.post(reverse("task-link-add", args=[task.pk]), {"post": address})
    found = Task.objects.with_names().get(pk=task.pk)
    assert (found.item_count, found.ticked_count, found.blocker_count) == (1, 1, 1)
    assert found.links.get().post_id == post.pk
    circle = client.post(reverse("task-need-add", args=[other.pk]), {"on": task.pk})
    assert circle.status_code == 422
    assert "so neither could begin." in circle.content.decode()
    need, link = task.needs.get(), task.links.get()
    client.post(reverse("task-need-remove", args=[need.pk]))
    client.post(reverse("task-link", args=[link.pk]), {"do": "remove"})
    client.post(reverse("task-item", args=[item.pk]), {"do": "remove"})
    found = Task.objects.with_names().get(pk=task.pk)
    assert (found.item_count, found.blocker_count, found.links.count()) == (0, 0, 0)


def test_due_tasks_stand_on_the_calendar_by_the_viewers_day(cast, post, enter):
    timed(post, cast.zhou)
    make_task(cast.lena, "Whole day", due=on("2026-03-10"))
    make_task(cast.lena, "At night", due=on("2026-03-10", "23:00"))
    client = enter(cast.zhou)

    def dated(**query):
        page = client.get(reverse("calendar"), {"month": "2026-03", "view": "list", **query})
        days = re.split(r'id="day-(\d{4}-\d\d-\d\d)"', page.content.decode())
        pairs = zip(days[1::2], days[2::2], strict=True)
        return {day: re.findall(r'<span class="clip">([^<]+)', part) for day, part in pairs}

    found = dated()
    assert found["2026-03-10"] == ["Whole day"]
    assert found["2026-03-11"] == ["At night"]
    assert "2026-03-11" not in dated(stage="draft")
    assert "2026-03-11" not in dated(author=cast.zhou.pk)


def test_my_tasks_are_grouped_by_when_they_are_due(cast, enter):
    for title, day in (("a", "2026-03-01"), ("b", "2026-03-02"), ("c", "2026-03-06"), ("d", "")):
        due = on(day, zone="Asia/Shanghai") if day else None
        make_task(cast.zhou, title, assignee=cast.zhou, due=due)
    make_task(cast.zhou, "e", assignee=cast.zhou, due=on("2026-05-06"))
    with set_to(NOW + timedelta(hours=1)):
        page = enter(cast.zhou).get(reverse("tasks"), {"view": "mine"}).content.decode()
    heads = re.findall(r'id="mine-(\w+)"', page)
    assert heads == ["late", "today", "week", "later", "none"]
