"""Giving a post its time over HTTP."""

import json

import pytest
from django.urls import reverse

from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import drop_post
from yanzhen.planning.tests.plan import BERLIN, WALL, copy_of, passed, timed

HTMX = {"HX-Request": "true"}


def send(client, post, *, htmx=True, **sent):
    sent = {"date": "2026-03-10", "time": "10:00", "zone": BERLIN, **sent}
    headers = HTMX if htmx else {}
    return client.post(reverse("post-time", args=[post.pk]), sent, headers=headers)


def toast(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]


def test_time_sets_it_and_offers_the_way_back(enter, cast, post):
    client = enter(cast.zhou)
    answer = send(client, post)
    assert "Tue 10 March 10:00" in toast(answer)["text"]
    assert 'id="slug"' in answer.content.decode()
    assert client.post(toast(answer)["undo"], headers=HTMX).status_code == 200
    assert copy_of(post).due_at is None


def test_time_moved_by_a_toast_goes_back_to_where_it_was(enter, cast, post):
    timed(post, cast.zhou)
    client = enter(cast.zhou)
    undo = toast(send(client, post, time="15:00"))["undo"]
    assert copy_of(post).due_wall == "2026-03-10T15:00"
    client.post(undo, headers=HTMX)
    assert copy_of(post).due_wall == "2026-03-10T10:00"


def test_time_works_as_a_plain_form(enter, cast, post):
    assert send(enter(cast.zhou), post, htmx=False).status_code == 302
    assert copy_of(post).due_wall == "2026-03-10T10:00"
    page = enter(cast.zhou).get(reverse("post", args=[post.pk])).content.decode()
    assert "Tue 10 March" in page


def test_time_of_a_passed_post_says_that_the_approval_stands(enter, cast, post):
    passed(post, cast.zhou)
    assert "approval stands" in toast(send(enter(cast.lena), post))["text"]
    assert copy_of(post).levels_done == 3


def test_time_in_a_gap_offers_two_buttons_that_work(enter, cast, post):
    client = enter(cast.zhou)
    answer = send(client, post, date="2026-03-29", time="02:30")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="at" value="2026-03-29T01:30"' in page
    assert 'name="at" value="2026-03-29T03:30"' in page
    assert copy_of(post).due_at is None
    send(client, post, date="2026-03-29", time="02:30", at="2026-03-29T03:30")
    assert copy_of(post).due_wall == "2026-03-29T03:30"


def test_time_in_a_repeated_hour_asks_which_with_offsets(enter, cast, post):
    client = enter(cast.zhou)
    page = send(client, post, date="2026-10-25", time="02:30").content.decode()
    assert "CEST, UTC+2" in page
    assert "CET, UTC+1" in page
    send(client, post, date="2026-10-25", time="02:30", fold="1")
    assert copy_of(post).due_fold == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"date": "2020-01-01"},
        {"date": ""},
        {"time": ""},
        {"zone": "Mars/Base"},
        {"date": "x"},
        {"date": "9999-12-31", "time": "23:59"},
        {"at": "soon"},
        {"fold": "2"},
        {"date": "0001-01-01", "time": "00:00"},
    ],
)
def test_time_refuses_what_is_wrong(enter, cast, post, wrong):
    for htmx in (True, False):
        assert send(enter(cast.zhou), post, htmx=htmx, **wrong).status_code == 422
    assert copy_of(post).due_at is None


def test_time_of_a_dropped_post_is_refused_with_where_it_is(enter, cast, post):
    drop_post(post, by=cast.lin, now=NOW)
    answer = send(enter(cast.zhou), post)
    assert answer.status_code == 409


def test_untime_takes_it_off_and_can_be_undone(enter, cast, post):
    timed(post, cast.zhou)
    client = enter(cast.zhou)
    answer = client.post(reverse("post-untime", args=[post.pk]), headers=HTMX)
    assert copy_of(post).due_wall == ""
    client.post(toast(answer)["undo"], headers=HTMX)
    assert copy_of(post).due_wall == WALL.strftime("%Y-%m-%dT%H:%M")


def test_time_is_read_in_its_own_zone_and_not_in_the_readers(enter, cast, post):
    client = enter(cast.lena)
    send(client, post, date="2026-10-25", time="02:30", fold="1")
    undo = toast(send(client, post, date="2026-10-26"))["undo"]
    assert client.post(undo, headers=HTMX).status_code == 200
    assert (copy_of(post).due_wall, copy_of(post).due_fold) == ("2026-10-25T02:30", 1)
    assert send(client, post, at="2026-03-29T02:30", zone="Asia/Shanghai").status_code == 200


def test_time_refuses_a_neighbour_with_a_zone(enter, cast, post):
    assert send(enter(cast.zhou), post, at="2026-03-29T01:30+02:00").status_code == 422
