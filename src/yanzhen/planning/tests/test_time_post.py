"""Giving posts a time, taking it away, and what becomes of them otherwise."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.wall_time import FoldTime, GapTime, UnknownZone
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.framing import add_campaign, set_focus, set_theme
from yanzhen.planning.actions.starting import copy_post, start_post
from yanzhen.planning.actions.timing import (
    InThePast,
    drop_post,
    mark,
    revise_post,
    time_post,
    untime_post,
)
from yanzhen.planning.models import Focus, Post, Theme
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.plan import (
    BERLIN,
    WALL,
    copy_of,
    in_review,
    kinds_about,
    make_post,
    passed,
    timed,
)

GAP = datetime.fromisoformat("2026-03-29T02:30")
FOLD = datetime.fromisoformat("2026-10-25T02:30")


def test_time_post_keeps_the_wall_and_resolves_it(post, cast):
    timed(post, cast.zhou)
    row = copy_of(post)
    assert (row.due_wall, row.due_zone, row.due_fold) == ("2026-03-10T10:00", BERLIN, 0)
    assert row.due_at == datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    assert row.due_tzdata
    assert kinds_about(post)[-1] == "planning.post_timed"


def test_time_post_in_a_gap_offers_the_neighbours(post, cast):
    with pytest.raises(GapTime) as refused:
        time_post(post, by=cast.zhou, wall=GAP, zone=BERLIN, now=NOW)
    assert [f"{t:%H:%M}" for t in (refused.value.before, refused.value.after)] == ["01:30", "03:30"]
    assert copy_of(post).due_at is None


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
def test_time_post_of_a_repeated_hour_needs_to_know_which(post, cast, fold, hour):
    with pytest.raises(FoldTime):
        time_post(post, by=cast.zhou, wall=FOLD, zone=BERLIN, now=NOW)
    time_post(post, by=cast.zhou, wall=FOLD, zone=BERLIN, fold=fold, now=NOW)
    assert copy_of(post).due_at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    assert copy_of(post).due_fold == fold


def test_time_post_refuses_the_past_and_unknown_places(post, cast):
    with pytest.raises(InThePast):
        time_post(post, by=cast.zhou, wall=WALL.replace(year=2025), zone=BERLIN, now=NOW)
    with pytest.raises(UnknownZone):
        time_post(post, by=cast.zhou, wall=WALL, zone="Mars/Base", now=NOW)
    assert copy_of(post).due_wall == ""


def test_time_post_refuses_the_second_of_two_stale_copies(post, cast):
    other = copy_of(post)
    timed(post, cast.zhou)
    with pytest.raises(MoveRefused):
        timed(other, cast.lin, WALL.replace(hour=15))
    assert copy_of(post).due_wall == "2026-03-10T10:00"


def test_time_post_of_a_passed_one_keeps_what_was_passed(post, cast):
    passed(post, cast.zhou)
    timed(post, cast.lena)
    row = copy_of(post)
    assert (row.state, row.levels_done, row.version_id) == (PostState.PASSED, 3, post.version_id)


def test_time_post_of_a_dropped_one_is_refused(post, cast):
    drop_post(post, by=cast.lin, now=NOW)
    with pytest.raises(MoveRefused):
        timed(post, cast.zhou)


def test_time_post_needs_the_right(post, cast):
    for stranger in (cast.admin, cast.wu):
        with pytest.raises(NotAllowed):
            timed(post, stranger)


def test_untime_post_takes_it_off_and_back_to_passed(post, cast):
    timed(passed(post, cast.zhou), cast.zhou)
    mark(post, "schedule", now=NOW)
    untime_post(post, by=cast.lena, now=NOW)
    row = copy_of(post)
    assert (row.state, row.due_at, row.due_wall) == (PostState.PASSED, None, "")
    assert kinds_about(post)[-1] == "planning.post_untimed"


def test_untime_post_without_a_time_records_nothing(post, cast):
    untime_post(post, by=cast.zhou, now=NOW)
    assert kinds_about(post) == ["planning.post_created"]


def test_untime_post_refuses_a_copy_that_knows_an_older_time(post, cast):
    timed(post, cast.zhou)
    stale = copy_of(post)
    timed(post, cast.lin, WALL.replace(hour=15))
    for copy in (stale, Post(pk=post.pk, workspace_id=post.workspace_id, state=post.state)):
        with pytest.raises(MoveRefused):
            untime_post(copy, by=cast.zhou, now=NOW)
    assert copy_of(post).due_wall == "2026-03-10T15:00"


def test_untime_post_needs_the_right(post, cast):
    timed(post, cast.zhou)
    with pytest.raises(NotAllowed):
        untime_post(post, by=cast.admin, now=NOW)


def test_revise_post_opens_it_and_forgets_the_levels(post, cast):
    passed(post, cast.zhou)
    revise_post(post, by=cast.zhou, now=NOW)
    assert (copy_of(post).state, copy_of(post).levels_done) == (PostState.DRAFT, 0)
    assert kinds_about(post)[-1] == "planning.post_revised"


def test_revise_post_refuses_a_draft_a_stale_copy_and_a_stranger(post, cast):
    with pytest.raises(MoveRefused):
        revise_post(post, by=cast.zhou, now=NOW)
    passed(post, cast.zhou)
    stale = copy_of(post)
    with pytest.raises(NotAllowed):
        revise_post(post, by=cast.lena, now=NOW)
    revise_post(post, by=cast.zhou, now=NOW)
    with pytest.raises(MoveRefused):
        revise_post(stale, by=cast.lin, now=NOW)


def test_drop_post_ends_it_once(post, cast):
    stale = copy_of(post)
    drop_post(post, by=cast.lin, now=NOW)
    assert copy_of(post).state == PostState.DROPPED
    with pytest.raises(MoveRefused):
        drop_post(stale, by=cast.lena, now=NOW)
    assert kinds_about(post).count("planning.post_dropped") == 1


def test_drop_post_refuses_one_in_review_and_a_creator(post, cast):
    with pytest.raises(NotAllowed):
        drop_post(post, by=cast.zhou, now=NOW)
    in_review(post, cast.zhou)
    with pytest.raises(MoveRefused):
        drop_post(post, by=cast.lin, now=NOW)


def test_start_post_with_a_refused_time_creates_nothing(account, cast):
    with pytest.raises(GapTime):
        start_post(account=account, by=cast.zhou, texts=["x"], wall=GAP, zone=BERLIN, now=NOW)
    assert not Post.objects.exists()


def test_start_post_with_a_time_is_on_the_calendar(account, cast):
    post = start_post(account=account, by=cast.zhou, texts=["x"], wall=WALL, zone=BERLIN, now=NOW)
    assert kinds_about(post) == ["planning.post_created", "planning.post_timed"]


def test_copy_post_starts_a_new_draft_of_ones_own(account, cast):
    post = timed(make_post(account, cast.zhou, "One", "Two", title="T"), cast.zhou)
    drop_post(post, by=cast.lin, now=NOW)
    copied = copy_post(post, by=cast.maya, now=NOW)
    assert (copied.title, copied.author, copied.due_at) == ("T", cast.maya, None)
    assert copied.draft.texts == ["One", "Two"]
    with pytest.raises(NotAllowed):
        copy_post(post, by=cast.wu, now=NOW)


def test_set_theme_and_focus_replace_what_was_said(cast):
    for name in ("First", "Second"):
        set_theme(month=date(2026, 6, 17), name=name, by=cast.maya, now=NOW)
        set_focus(week=date(2026, 6, 10), name=name, by=cast.maya, now=NOW)
    assert Theme.objects.values_list("month_date", "name").get() == (date(2026, 6, 1), "Second")
    assert Focus.objects.values_list("week_date", "name").get() == (date(2026, 6, 8), "Second")


def test_framing_needs_the_right_and_campaign_codes_are_unique(cast):
    with pytest.raises(NotAllowed):
        set_theme(month=date(2026, 6, 1), name="x", by=cast.zhou, now=NOW)
    with pytest.raises(NotAllowed):
        set_focus(week=date(2026, 6, 1), name="x", by=cast.zhou, now=NOW)
    with pytest.raises(NotAllowed):
        add_campaign(name="x", code="x", by=cast.zhou, now=NOW)
    add_campaign(name="x", code="x", by=cast.maya, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        add_campaign(name="y", code="x", by=cast.maya, now=NOW)
