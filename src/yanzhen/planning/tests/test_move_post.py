"""Moving a post in the calendar, taking the move back, and every no."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import set_to
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import mark, untime_post
from yanzhen.planning.calendar_days import seen_time, wall_for
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.plan import copy_of, kinds_about, make_post, passed, timed
from yanzhen.planning.views import calendar_moves

HTMX = {"HX-Request": "true", "HX-Target": "calendar"}
BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"


def at(words):
    return datetime.fromisoformat(words)


def move(client, post, day, *, seen=None, month="2026-03"):
    sent = {"day": day, "seen": seen_time(copy_of(post).due_at) if seen is None else seen}
    return client.post(f"{reverse('post-move', args=[post.pk])}?month={month}", sent, headers=HTMX)


def toast_of(answer):
    (toast,) = json.loads(answer.headers["HX-Trigger"])["toast"]
    return toast


def undo(client, answer):
    return client.post(toast_of(answer)["undo"], headers=HTMX)


def when(post):
    fresh = copy_of(post)
    return fresh.due_wall, fresh.due_zone, fresh.due_fold, fresh.due_at


def test_move_keeps_hour_and_zone_and_answers_with_the_board(enter, cast, account, post):
    timed(post, cast.zhou)
    answer = move(enter(cast.lena), post, "2026-03-12")
    assert answer.status_code == 200
    assert when(post) == ("2026-03-12T10:00", BERLIN, 0, at("2026-03-12T09:00+00:00"))
    board = answer.content.decode()
    assert board.lstrip().startswith('<div id="calendar"')
    assert f'id="on-{post.pk}"' in board
    assert toast_of(answer)["text"] == f"“{post.shown_title}” goes out Thu 12 March 10:00."


def test_move_is_undone_to_the_very_time(enter, cast, account, post):
    timed(post, cast.zhou)
    before, client = when(post), enter(cast.lena)
    answer = undo(client, move(client, post, "2026-03-12"))
    assert answer.status_code == 200
    assert when(post) == before
    assert "activity:planning" in json.loads(answer.headers["HX-Trigger"])
    assert kinds_about(post).count("planning.post_timed") == 3


def test_move_is_undone_to_the_second_of_a_repeated_hour(enter, cast, account, post):
    Post.objects.filter(pk=post.pk).update(
        due_wall="2026-10-25T02:30",
        due_zone=BERLIN,
        due_fold=1,
        due_tzdata="2026a",
        due_at=at("2026-10-25T01:30+00:00"),
    )
    before, client = when(post), enter(cast.lena)
    moved = move(client, post, "2026-10-27", month="2026-10")
    assert when(post)[:3] == ("2026-10-27T02:30", BERLIN, 0)
    undo(client, moved)
    assert when(post) == before


def test_move_without_a_time_takes_ten_in_the_accounts_zone_and_is_undone(enter, cast):
    post = make_post(make_account(cast.workspace, "Ferrow_ZH", zone=SHANGHAI), cast.zhou)
    client = enter(cast.lena)
    answer = move(client, post, "2026-03-12")
    assert when(post)[:3] == ("2026-03-12T10:00", SHANGHAI, 0)
    assert "Thu 12 March 03:00" in toast_of(answer)["text"]
    undone = undo(client, answer)
    assert when(post) == ("", "", 0, None)
    assert "has no time again" in toast_of(undone)["text"]


def test_move_lands_on_the_day_the_viewer_dropped_it_on(enter, cast):
    post = make_post(make_account(cast.workspace, "Ferrow_ZH", zone=SHANGHAI), cast.zhou)
    timed(post, cast.zhou, at("2026-04-01T00:30"), SHANGHAI)
    move(enter(cast.lena), post, "2026-03-10")
    assert when(post)[:2] == ("2026-03-11T00:30", SHANGHAI)
    assert copy_of(post).due_at.astimezone(ZoneInfo(BERLIN)).date() == date(2026, 3, 10)


def test_wall_for_every_day_of_a_year_shows_on_that_day():
    viewer, zone = ZoneInfo(BERLIN), ZoneInfo("America/Los_Angeles")
    for step in range(365):
        day = date(2026, 1, 1) + timedelta(days=step)
        for hour in (time(0), time(9, 30), time(14, 59), time(23, 59)):
            wall = wall_for(day, hour, zone=zone, viewer=viewer)
            assert wall.time() == hour
            assert wall.replace(tzinfo=zone).astimezone(viewer).date() == day


def test_wall_for_a_day_that_is_an_hour_short_takes_the_nearest():
    day, hour = date(2026, 3, 29), time(22, 30)
    wall = wall_for(day, hour, zone=ZoneInfo("UTC"), viewer=ZoneInfo(BERLIN))
    assert wall == at("2026-03-29T22:30")


def test_move_of_a_passed_post_keeps_the_approval_and_says_so(enter, cast, account, post):
    passed(post, cast.zhou)
    version = copy_of(post).version_id
    answer = move(enter(cast.lena), post, "2026-03-12")
    fresh = copy_of(post)
    assert (fresh.version_id, fresh.levels_done) == (version, 3)
    assert fresh.state in (PostState.PASSED, PostState.SCHEDULED)
    assert "The approval stands" in toast_of(answer)["text"]
    last = events().objects.about("planning.post", str(post.pk)).newest_first().first()
    assert last.actor_id == str(cast.lena.pk)


def test_move_to_where_it_is_changes_nothing(enter, cast, account, post):
    timed(post, cast.zhou)
    before = kinds_about(post)
    answer = move(enter(cast.lena), post, "2026-03-10")
    assert answer.status_code == 200
    assert "HX-Trigger" not in answer.headers
    assert kinds_about(post) == before


def refused(answer, status, words, post, stood):
    assert answer.status_code == status
    toast = toast_of(answer)
    assert toast["level"] == "error"
    assert words in toast["text"]
    assert when(post) == stood
    assert answer.content.decode().lstrip().startswith('<div id="calendar"')


def test_move_into_the_past_is_refused(enter, cast, account, post):
    timed(post, cast.zhou)
    answer = move(enter(cast.lena), post, "2026-03-01")
    refused(answer, 422, "its time on that day has passed", post, when(timed(post, cast.zhou)))


def test_move_into_a_gap_and_onto_a_repeated_hour_is_refused(enter, cast, account, post):
    timed(post, cast.zhou, at("2026-03-28T02:30"))
    stood, client = when(post), enter(cast.lena)
    refused(
        move(client, post, "2026-03-29"), 422, "the clocks skip Sun 29 March 02:30", post, stood
    )
    refused(
        move(client, post, "2026-10-25"), 422, "Sun 25 October 02:30 happens twice", post, stood
    )


@pytest.mark.parametrize("state", [PostState.PUBLISHED, PostState.PARTIAL, PostState.DROPPED])
def test_move_of_what_is_out_or_gone_is_refused(enter, cast, account, post, state):
    timed(post, cast.zhou)
    Post.objects.filter(pk=post.pk).update(state=state)
    answer = move(enter(cast.lena), post, "2026-03-12")
    refused(answer, 409, f"stays where it is: {state.label}.", post, when(post))


def test_move_of_a_post_being_sent_says_so_in_the_rooms_own_words(
    enter, cast, account, post, monkeypatch
):
    """Publishing refuses inside the transaction; here in its place, since it is a higher room."""
    timed(post, cast.zhou)

    def sending(row, **_asked):
        raise MoveRefused(row, "time", "Sending")

    monkeypatch.setattr(calendar_moves, "time_post", sending)
    answer = move(enter(cast.lena), post, "2026-03-12")
    refused(answer, 409, "stays where it is: Sending.", post, when(post))


def test_move_after_somebody_elses_is_refused(enter, cast, account, post):
    timed(post, cast.zhou)
    seen = seen_time(post.due_at)
    timed(post, cast.lin, at("2026-03-20T10:00"))
    answer = move(enter(cast.lena), post, "2026-03-12", seen=seen)
    refused(answer, 409, "Somebody moved", post, when(post))


def test_move_lost_at_the_last_moment_is_refused(enter, cast, account, post, monkeypatch):
    timed(post, cast.zhou)
    real = calendar_moves.time_post

    def faster(row, **asked):
        timed(copy_of(row), cast.lin, at("2026-03-20T10:00"))
        return real(row, **asked)

    monkeypatch.setattr(calendar_moves, "time_post", faster)
    answer = move(enter(cast.lena), post, "2026-03-12")
    assert answer.status_code == 409
    assert "Somebody moved" in toast_of(answer)["text"]
    assert when(post)[0] == "2026-03-20T10:00"


def test_undo_after_somebody_elses_move_is_refused(enter, cast, account, post):
    timed(post, cast.zhou)
    client = enter(cast.lena)
    moved = move(client, post, "2026-03-12")
    timed(copy_of(post), cast.lin, at("2026-03-20T10:00"))
    answer = undo(client, moved)
    assert answer.status_code == 409
    assert when(post)[0] == "2026-03-20T10:00"


def test_undo_of_a_post_taken_off_meanwhile_is_refused(enter, cast, account, post):
    client = enter(cast.lena)
    moved = move(client, post, "2026-03-12")
    untime_post(copy_of(post), by=cast.lin, now=NOW)
    timed(copy_of(post), cast.lin, at("2026-03-20T10:00"))
    assert undo(client, moved).status_code == 409


def test_move_of_a_late_post_offers_no_way_back_into_the_past(enter, cast, account, post):
    timed(post, cast.zhou)
    client = enter(cast.lena)
    with set_to(datetime(2026, 3, 11, 9, 0, tzinfo=UTC)):
        answer = move(client, post, "2026-03-12")
    assert answer.status_code == 200
    assert toast_of(answer)["undo"] == ""


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-02-30", "9999-12-31", "0001-01-01"])
def test_move_to_no_day_is_refused(enter, cast, account, post, day):
    answer = move(enter(cast.lena), post, day)
    refused(answer, 422, "Choose a day", post, ("", "", 0, None))


@pytest.mark.parametrize(
    "asked",
    [
        {"back": "soon", "seen": "none"},
        {"back": "", "seen": ""},
        {"back": "2026-03-12T10:00", "zone": "Moon/Base", "seen": "none"},
        {"back": "2026-03-12T10:00", "zone": BERLIN, "fold": "7", "seen": "none"},
    ],
)
def test_undo_with_an_address_made_up_is_refused(enter, cast, account, post, asked):
    url = reverse("post-move", args=[post.pk])
    client = enter(cast.lena)
    answer = client.post(url, query_params=asked, headers=HTMX)
    assert answer.status_code == 422
    assert when(post) == ("", "", 0, None)


def test_move_by_the_unentitled_is_refused(enter, cast, account, post):
    answer = move(enter(cast.admin), post, "2026-03-12")
    assert answer.status_code == 403
    assert when(post) == ("", "", 0, None)


def test_move_of_foreign_and_missing_posts_is_404(enter, cast, account, post):
    client = enter(cast.wu)
    url = reverse("post-move", args=[post.pk])
    assert client.post(url, {"day": "2026-03-12"}).status_code == 404
    missing = reverse("post-move", args=[10**9])
    assert client.post(missing, {"day": "2026-03-12"}).status_code == 404
    assert enter(cast.lena).post(f"{url}?account=999", {"day": "2026-03-12"}).status_code == 404
    assert client.get(url).status_code == 405


def test_move_without_scripts_leads_back_to_the_page(enter, cast, account, post):
    client = enter(cast.lena)
    url = f"{reverse('post-move', args=[post.pk])}?month=2026-03&account={account.pk}"
    answer = client.post(url, {"day": "2026-03-12"}, follow=True)
    assert answer.redirect_chain == [(f"/calendar/?month=2026-03&account={account.pk}", 302)]
    assert f"/posts/{post.pk}/move/?month=2026-03&amp;account={account.pk}&amp;back=" in (
        answer.content.decode()
    )
    refusal = client.post(url, {"day": ""})
    assert refusal.status_code == 422
    assert "Choose a day to move it to." in refusal.content.decode()


def test_move_in_chinese_says_so_in_chinese(enter, cast, account, post):
    cast.lena.user.language = "zh-hans"
    cast.lena.user.save()
    answer = move(enter(cast.lena), post, "2026-03-12")
    assert "将于" in toast_of(answer)["text"]


def test_move_of_a_post_in_review_leaves_the_round_alone(enter, cast, account, post):
    mark(post, "submit", now=NOW, levels_done=2)
    answer = move(enter(cast.lena), post, "2026-03-12")
    assert answer.status_code == 200
    fresh = copy_of(post)
    assert (fresh.state, fresh.levels_done) == (PostState.REVIEW, 2)
