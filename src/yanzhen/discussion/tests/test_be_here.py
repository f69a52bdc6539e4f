"""Who is at a post, and who holds the pen of its draft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.discussion.actions.being_here import leave_post, show_presence, take_pen
from yanzhen.discussion.loops import forget_who_left
from yanzhen.discussion.models import Pen, Presence
from yanzhen.discussion.queries import here_at
from yanzhen.discussion.tests.talk import kinds_about
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.tests.plan import in_review

pytestmark = pytest.mark.django_db


def later(seconds):
    return NOW + timedelta(seconds=seconds)


def beat(post, member, at=0, *, page="", writes=False, unsaved=False):
    show_presence(post, by=member, page=page, writes=writes, unsaved=unsaved, now=later(at))


def lock(post, member, at=0):
    return here_at(post, member, now=later(at)).lock


def test_those_here_are_shown_to_each_other_until_gone(post, cast):
    beat(post, cast.lin, unsaved=True)
    beat(post, cast.lena, 30)
    seen = here_at(post, cast.zhou, now=later(40))
    assert [str(each) for each in seen.names] == ["Lena", "Lin"]
    assert [str(each) for each in seen.writing] == ["Lin"]
    assert here_at(post, cast.lena, now=later(90)).names == []
    # The loop of the worker clears away, no page does.
    beat(post, cast.maya, 90)
    assert forget_who_left(later(90)) == 1
    assert set(Presence.objects.values_list("member", flat=True)) == {cast.lena.pk, cast.maya.pk}


def test_beats_that_say_nothing_new_only_read(post, cast):
    beat(post, cast.zhou, page="a", writes=True)
    with CaptureQueriesContext(connection) as queries:
        beat(post, cast.zhou, 20, page="a", writes=True)
        beat(post, cast.zhou, 29, page="a", writes=True)
    assert {each["sql"].split()[0] for each in queries} == {"SELECT"}
    # What is new is written at once, and that one is here every SEEN_STEP.
    beat(post, cast.zhou, 29, page="a", unsaved=True)
    assert [str(each) for each in here_at(post, cast.lin, now=later(29)).writing] == ["Zhou"]
    beat(post, cast.zhou, 59, page="a", unsaved=True)
    assert (Presence.objects.get().seen_at, Pen.objects.get().seen_at) == (later(59), later(59))


def test_first_who_writes_holds_the_pen_until_gone(post, cast):
    beat(post, cast.maya)
    assert lock(post, cast.maya) == "free"
    beat(post, cast.zhou, writes=True)
    beat(post, cast.lin, 1, writes=True)
    assert [lock(post, each, 1) for each in (cast.zhou, cast.lin)] == ["mine", "theirs"]
    # Being here is enough to keep it, and to hold it does not begin anew.
    beat(post, cast.zhou, 50)
    assert lock(post, cast.lin, 139) == "theirs"
    assert Pen.objects.get().since == NOW
    assert lock(post, cast.lin, 140) == "free"
    beat(post, cast.lin, 141, writes=True)
    assert [lock(post, each, 141) for each in (cast.zhou, cast.lin)] == ["theirs", "mine"]


def test_leaving_the_page_lays_down_the_pen_but_loading_it_again_does_not(post, cast):
    beat(post, cast.zhou, writes=True)
    leave_post(post, by=cast.zhou, now=later(10))
    assert here_at(post, cast.lin, now=later(10)).names == []
    # The same page again, with what was saved on it.
    beat(post, cast.zhou, 13)
    assert lock(post, cast.lin, 40) == "theirs"
    leave_post(post, by=cast.zhou, now=later(41))
    assert [lock(post, cast.lin, at) for at in (45, 46)] == ["theirs", "free"]
    # Who was not here, or never held it, lays nothing down.
    beat(post, cast.lin, 47, writes=True)
    leave_post(post, by=cast.zhou, now=later(48))
    leave_post(post, by=cast.maya, now=later(48))
    assert lock(post, cast.lin, 60) == "mine"


def test_pen_stays_with_who_has_a_second_page_of_the_post_open(post, cast):
    beat(post, cast.zhou, page="a", writes=True, unsaved=True)
    beat(post, cast.zhou, 1, page="b")
    assert [str(each) for each in here_at(post, cast.lin, now=later(2)).names] == ["Zhou"]
    assert [str(each) for each in here_at(post, cast.lin, now=later(2)).writing] == ["Zhou"]
    leave_post(post, by=cast.zhou, page="a", now=later(3))
    assert here_at(post, cast.lin, now=later(3)).writing == []
    assert lock(post, cast.lin, 30) == "theirs"
    leave_post(post, by=cast.zhou, page="b", now=later(31))
    assert lock(post, cast.lin, 36) == "free"


def test_taking_over_is_recorded_and_told_at_the_next_beat(post, cast):
    beat(post, cast.zhou, writes=True)
    take_pen(post, by=cast.lin, now=later(5))
    beat(post, cast.zhou, 20, writes=True, unsaved=True)
    assert [lock(post, each, 20) for each in (cast.zhou, cast.lin)] == ["lost", "mine"]
    take_pen(post, by=cast.lin, now=later(21))
    assert kinds_about(post) == ["pen_taken"]
    take_pen(post, by=cast.zhou, now=later(22))
    assert lock(post, cast.lin, 22) == "lost"
    assert kinds_about(post) == ["pen_taken", "pen_taken"]


def test_only_who_may_write_a_writable_post_holds_its_pen(post, cast):
    beat(post, cast.lena, writes=True)
    assert lock(post, cast.zhou) == "free"
    for member in (cast.lena, cast.wu):
        with pytest.raises(NotAllowed):
            take_pen(post, by=member, now=NOW)
    in_review(post, cast.zhou)
    beat(post, cast.zhou, writes=True)
    assert lock(post, cast.lin) == "free"
    with pytest.raises(MoveRefused):
        take_pen(post, by=cast.lin, now=NOW)


def test_heartbeat_says_who_writes_and_one_press_takes_over(post, cast, enter):
    beat(post, cast.zhou, writes=True, unsaved=True)
    client = enter(cast.lin)
    said = client.post(reverse("post-here", args=[post.pk])).content.decode()
    assert "Zhou is writing" in said
    assert 'data-lock="theirs"' in said
    # Nine in UTC is five in the afternoon where Lin reads.
    assert "Zhou has been writing here since 17:00." in said
    answer = client.post(reverse("post-take-over", args=[post.pk]))
    assert answer["Location"] == reverse("post", args=[post.pk])
    said = client.post(reverse("post-here", args=[post.pk])).content.decode()
    assert 'data-lock="mine"' in said
    assert "notice" not in said
    said = enter(cast.zhou).post(reverse("post-here", args=[post.pk])).content.decode()
    assert "Lin took over writing at 17:00." in said


def test_last_word_of_a_page_is_taken_in_silence(post, cast, enter):
    client = enter(cast.zhou)
    here = reverse("post-here", args=[post.pk])
    client.post(here, {"page": "x" * 99, "writes": "1"})
    answer = client.post(here, {"page": "x" * 99, "leaves": "1"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert not Presence.objects.exists()
    assert lock(post, cast.lin, 4) == "theirs"
    assert lock(post, cast.lin, 5) == "free"
