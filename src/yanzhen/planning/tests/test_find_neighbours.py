"""Posts that say the same: on the same account within a day, on others within a month."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import drop_post
from yanzhen.planning.actions.writing import create_post, save_draft
from yanzhen.planning.content import PostKind, plain
from yanzhen.planning.likeness import fingerprint
from yanzhen.planning.models import Post
from yanzhen.planning.queries_checks import circumstances_of, kin_of, twin_of
from yanzhen.planning.tests.pictures import hung, picture
from yanzhen.planning.tests.plan import WALL, copy_of, in_review, make_post, timed

TEXT = (
    "Seat 7A, part two. Window seat, engines at 84 dB, and the baby in row 8 has found her voice."
)


@pytest.fixture
def other(cast):
    return make_account(cast.workspace, "Two")


def twin(post, *texts):
    return twin_of(
        copy_of(post), plain(texts or post.draft.texts).segments, viewer=post.author, now=NOW
    )


def kin(post, *texts):
    return kin_of(copy_of(post), texts or post.draft.texts, viewer=post.author, now=NOW)


def test_twin_of_finds_the_same_words_within_a_day_on_the_account(account, cast):
    post = timed(make_post(account, cast.zhou, "One", "Same  words"), cast.zhou)
    far = timed(make_post(account, cast.zhou, "Same words"), cast.zhou, WALL.replace(day=12))
    assert twin(post) is None
    near = timed(make_post(account, cast.zhou, "Same words"), cast.zhou, WALL.replace(hour=20))
    found = twin(post)
    assert (found.post_id, found.segment, found.going, found.plain) == (near.pk, 2, False, True)
    assert twin(far, "Other") is None
    in_review(near, cast.zhou)
    assert twin(post).going


def test_twin_of_a_post_without_a_time_is_looked_for_around_now(account, cast):
    soon = datetime.fromisoformat("2026-03-02T20:00")
    near = timed(make_post(account, cast.zhou, "Same words"), cast.zhou, soon)
    assert twin(make_post(account, cast.zhou, "Same words")).post_id == near.pk


@pytest.mark.usefixtures("store")
def test_twin_of_words_with_another_picture_is_not_plain(account, cast):
    post = timed(make_post(account, cast.zhou, "Same words"), cast.zhou)
    other = create_post(
        account=account,
        by=cast.zhou,
        texts=["Same words"],
        extras=[hung(picture(cast.zhou))],
        now=NOW,
    )
    timed(other, cast.zhou)
    assert not twin(post).plain


def test_kin_of_finds_the_same_and_nearly_the_same_on_other_accounts(account, other, cast):
    post = make_post(account, cast.zhou, "Hello there", TEXT)
    assert kin(post) == []
    same = make_post(other, cast.zhou, TEXT.upper())
    near = make_post(other, cast.zhou, TEXT.replace("84 dB", "82 dB"), title="Near")
    make_post(other, cast.zhou, "A case with quiet wheels, in three colours.")
    found = kin(post)
    assert [(each.post_id, each.segment, each.going) for each in found] == [
        (same.pk, 2, False),
        (near.pk, 2, False),
    ]
    assert found[0].likeness == 1
    assert 0.8 < found[1].likeness < 1
    assert found[1].account == "@Two"


def test_kin_of_leaves_out_the_own_account_dropped_and_far_posts(account, other, cast):
    post = timed(make_post(account, cast.zhou, TEXT), cast.zhou)
    make_post(account, cast.zhou, TEXT)
    drop_post(make_post(other, cast.zhou, TEXT), by=cast.lin, now=NOW)
    timed(make_post(other, cast.zhou, TEXT), cast.zhou, WALL + timedelta(days=31))
    old = make_post(other, cast.zhou, TEXT)
    Post.objects.filter(pk=old.pk).update(updated_at=NOW - timedelta(days=31))
    create_post(account=other, by=cast.zhou, texts=[], kind=PostKind.REPOST, target_id="5", now=NOW)
    elsewhere = make_account(cast.wu.workspace, "Foreign")
    create_post(account=elsewhere, by=cast.wu, texts=[TEXT], now=NOW)
    assert kin(post) == []
    edge = timed(make_post(other, cast.zhou, TEXT), cast.zhou, WALL + timedelta(days=29))
    assert [each.post_id for each in kin(post)] == [edge.pk]


def test_kin_of_knows_words_as_soon_as_they_are_saved(account, other, cast):
    post = make_post(account, cast.zhou, TEXT)
    typed = make_post(other, cast.zhou, "")
    save_draft(typed, by=cast.zhou, texts=[TEXT], revision=1, now=NOW)
    assert bytes(copy_of(typed).fingerprint) == fingerprint([TEXT])
    assert [each.post_id for each in kin(post)] == [typed.pk]


@pytest.mark.parametrize("count", [1, 40])
def test_kin_of_costs_two_queries_however_many_there_are(account, other, cast, count):
    for _each in range(count):
        make_post(other, cast.zhou, TEXT)
    post = copy_of(make_post(account, cast.zhou, TEXT))
    with CaptureQueriesContext(connection) as queries:
        assert kin_of(post, [TEXT], viewer=cast.zhou, now=NOW)
    assert len(queries) == 2


def test_circumstances_count_what_goes_out_within_the_day(account, cast):
    post = timed(make_post(account, cast.zhou, "a", "b", "c"), cast.zhou)
    timed(make_post(account, cast.zhou, "d", "e"), cast.zhou, WALL.replace(hour=9))
    timed(make_post(account, cast.zhou, "f"), cast.zhou, WALL.replace(day=9, hour=9))
    found = circumstances_of(copy_of(post), plain(["a"]), viewer=cast.zhou, now=NOW)
    assert (found.planned, found.planned_answers) == (2, 3)
