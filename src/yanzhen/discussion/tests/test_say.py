"""Saying something about a post: who is named, who is told, and what can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from yanzhen.discussion.actions.settling import reopen_thread, resolve_thread
from yanzhen.discussion.actions.talking import (
    NothingSaid,
    PassageUnknown,
    TooLate,
    answer_thread,
    change_comment,
    open_thread,
    remove_comment,
    restore_comment,
)
from yanzhen.discussion.mentions import mentions_in
from yanzhen.discussion.models import Comment, Thread
from yanzhen.discussion.queries import mentionable, open_counts, talk_about
from yanzhen.discussion.tests.talk import fresh, kinds_about, said, told
from yanzhen.kernel.clock import set_to
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW, join, make_user
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.tests.plan import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with set_to(NOW):
        yield


def embargo(post, by, *readers):
    wall = datetime(2026, 3, 9, 10, tzinfo=UTC).replace(tzinfo=None)
    set_embargo(post, by=by, terms=Terms(wall=wall, zone="UTC", readers=readers), now=NOW)


def shown(post, reader, show="open"):
    """Return what each discussion shows: the words, or None where some were taken back."""
    talk = talk_about(post, reader, show=show, now=NOW)
    return [
        [None if each.comment.removed_at else each.comment.body for each in thread.comments]
        for thread in talk.threads
    ]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("@Lena Ott, look", ["Lena Ott"]),
        ("@lena look", ["Lena"]),
        ("@Lenard is somebody else", []),
        ("mail lena@lena.example", []),
        ("请@林晓看一下，还有＠Lin。", ["林晓", "Lin"]),
    ],
)
def test_mention_means_the_longest_name_that_stands_there(cast, body, names):
    more = [join(cast.workspace, make_user(name), "creator") for name in ("Lena Ott", "林晓")]
    team = [cast.lin, cast.lena, *more]
    found = [str(member) for each in mentions_in(body, team) for member in each.members]
    assert found == names


def test_comment_tells_the_author_and_whom_it_names_once_each(post, cast):
    said(post, cast.lin, "@Zhou and @Lena: shorter? @Lin")
    assert told(cast.zhou) == told(cast.lena) == ["mentioned"]
    assert told(cast.lin) == told(cast.maya) == told(cast.wu) == []
    assert kinds_about(post) == ["commented", "mentioned"]


def test_answer_tells_the_author_and_all_who_spoke_there(post, cast):
    first = said(post, cast.lin)
    said(post, cast.maya, "Another matter.")
    answer_thread(first.thread, by=cast.lena, body="No.", now=NOW)
    assert told(cast.zhou) == ["commented", "commented", "answered"]
    assert told(cast.lin) == ["answered"]
    assert told(cast.maya) == told(cast.lena) == []


def test_whom_the_post_is_kept_from_is_neither_named_nor_told_nor_heard(post, cast):
    before = said(post, cast.lena, "What is this?")
    embargo(post, cast.zhou, cast.lin)
    assert [str(each) for each in mentionable(post)] == ["Lin", "Zhou"]
    comment = said(post, cast.lin, "@Lena @Zhou quiet")
    answer_thread(before.thread, by=cast.lin, body="Later.", now=NOW)
    assert [str(each) for each in comment.mentioned.all()] == ["Zhou"]
    assert told(cast.lena) == []
    assert not Thread.objects.visible_to(cast.lena).exists()
    assert not Comment.objects.visible_to(cast.lena).exists()
    with pytest.raises(NotAllowed):
        said(post, cast.lena)
    with pytest.raises(NotAllowed):
        answer_thread(comment.thread, by=cast.lena, body="Hm.", now=NOW)


def test_passage_is_found_where_it_moved_until_it_has_changed(account, cast):
    post = make_post(account, cast.zhou, "Geese take turns.", "They fly\n far, they rest.")
    said(post, cast.lin, quote="They fly far", position=0)
    thread = Thread.objects.get()
    assert (thread.position, thread.quote) == (1, "They fly far")

    def place():
        return talk_about(post, cast.zhou, show="open", now=NOW).threads[0].place

    assert (place().number, place().count) == (2, 2)
    save_draft(post, by=cast.zhou, texts=["They fly far, they rest."], revision=1, now=NOW)
    assert place().number == 1
    save_draft(post, by=cast.zhou, texts=["They rest."], revision=2, now=NOW)
    assert place() is None
    with pytest.raises(PassageUnknown):
        open_thread(post, by=cast.lin, body="?", quote="They fly far", now=NOW)


def test_comment_taken_back_leaves_a_trace_only_where_others_answered(post, cast):
    first = said(post, cast.lin, "Wrong")
    remove_comment(first, by=cast.lin, now=NOW)
    assert shown(post, cast.zhou) == []
    assert open_counts([post.pk]) == {}
    restore_comment(first, by=cast.lin, now=NOW)
    answer_thread(first.thread, by=cast.zhou, body="Why?", now=NOW)
    remove_comment(first, by=cast.lin, now=NOW)
    assert shown(post, cast.zhou) == [[None, "Why?"]]
    with pytest.raises(NotAllowed):
        remove_comment(first.thread.comments.last(), by=cast.lin, now=NOW)
    assert kinds_about(post) == ["commented", "removed", "restored", "answered", "removed"]


def test_comment_is_changed_for_fifteen_minutes_and_tells_whom_it_names_now(post, cast):
    comment = said(post, cast.lin, "@Maya look")
    soon, late = NOW + timedelta(minutes=14), NOW + timedelta(minutes=16)
    change_comment(comment, by=cast.lin, body="@Maya @Lena look", now=soon)
    assert told(cast.maya) == told(cast.lena) == ["mentioned"]
    with pytest.raises(TooLate):
        change_comment(comment, by=cast.lin, body="Never mind", now=late)
    with pytest.raises(NotAllowed):
        change_comment(comment, by=cast.maya, body="Mine", now=soon)
    with pytest.raises(NothingSaid):
        change_comment(comment, by=cast.lin, body=" \n", now=soon)
    assert fresh(comment.thread).comments.get().body == "@Maya @Lena look"


def test_second_of_two_who_resolve_is_refused_and_it_opens_again(post, cast):
    thread = said(post, cast.lin).thread
    other = fresh(thread)
    resolve_thread(thread, by=cast.zhou, now=NOW)
    with pytest.raises(MoveRefused):
        resolve_thread(other, by=cast.lena, now=NOW)
    assert (fresh(thread).moved_by, shown(post, cast.lin)) == (cast.zhou, [])
    assert shown(post, cast.lin, "resolved") == [["Too long?"]]
    reopen_thread(fresh(thread), by=cast.lin, now=NOW)
    assert open_counts([post.pk]) == {post.pk: 1}
    assert kinds_about(post) == ["commented", "resolved", "reopened"]
    with pytest.raises(NotAllowed):
        resolve_thread(fresh(thread), by=cast.wu, now=NOW)
