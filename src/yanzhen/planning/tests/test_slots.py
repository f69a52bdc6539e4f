"""Slots: planning, changing, filling and removing them, and the way back from each."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import set_to
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.actions.slotting import (
    SlotWish,
    add_slot,
    change_slot,
    copy_slots,
    remove_slot,
    set_spacing,
)
from yanzhen.planning.actions.timing import InThePast
from yanzhen.planning.copying import slot_copies
from yanzhen.planning.models import Post, Slot, Spacing
from yanzhen.planning.tests.plan import copy_of, make_post, timed

HTMX = {"HX-Request": "true", "HX-Target": "calendar"}
#: Lena and the account live by these clocks; NOW is 2 March 2026.
BERLIN = "Europe/Berlin"
TEN = datetime.fromisoformat("2026-03-10T10:00")


def wish(account, wall=TEN, **more):
    return SlotWish(account=account, wall=wall, zone=BERLIN, **{"goal": "A photo", **more})


def plan(account, by, wall=TEN, **more):
    return add_slot(wish(account, wall, **more), by=by, now=NOW)


def kinds():
    return [each.kind for each in events().objects.filter(kind__contains="slot_").order_by("pk")]


def opened(client, **asked):
    answer = client.get(reverse("calendar"), {"month": "2026-03", **asked})
    assert answer.status_code == 200
    return answer


def empty_on(answer, day="2026-03-10"):
    days = (day for week in answer.context["month"].weeks for day in week.days)
    (found,) = [each for each in days if f"{each.date}" == day]
    return [slot.pk for slot in found.slots]


def toast_of(answer):
    (toast,) = json.loads(answer.headers["HX-Trigger"])["toast"]
    return toast


def test_plan_slot_shows_it_dashed_on_its_day_and_undo_removes_it(enter, cast, account):
    client = enter(cast.lena)
    form = {"account": account.pk, "date": "2026-03-10", "time": "10:00", "goal": "A photo"}
    answer = client.post(reverse("slot-new"), form, headers=HTMX)
    assert answer.status_code == 302
    slot = Slot.objects.get()
    assert slot.starts_at == datetime(2026, 3, 10, 9, tzinfo=UTC)
    page = opened(client)
    assert empty_on(page) == [slot.pk]
    assert "@Ferrow, empty slot" in page.content.decode()
    undo = f"{reverse('slot-remove', args=[slot.pk])}?undo=1&seen=0"
    assert client.post(undo, headers=HTMX).headers["HX-Trigger"].count("activity:planning") == 1
    assert empty_on(opened(client)) == []
    assert kinds() == ["planning.slot_added", "planning.slot_removed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"date": ""},
        {"date": "2026-02-30"},
        {"date": "9999-01-01"},
        {"time": "25:00"},
        {"date": "2026-03-01"},
        {"date": "2026-03-29", "time": "02:30"},
        {"minutes": "721"},
        {"minutes": "-1"},
        {"format": "opera"},
        {"owner": "999999"},
        {"owner": "9" * 40},
        {"account": "x"},
        {"goal": "x" * 81},
    ],
)
def test_plan_slot_that_cannot_be_says_why_and_plans_nothing(enter, cast, account, wrong):
    form = {"account": account.pk, "date": "2026-03-10", "time": "10:00", **wrong}
    answer = enter(cast.lena).post(reverse("slot-new"), form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode() or "field__error" in answer.content.decode()
    assert not Slot.objects.exists()


def test_slot_of_others_and_for_others_is_nowhere(enter, cast, account):
    slot = plan(account, cast.lena)
    foreign = make_account(cast.wu.workspace, "Other")
    with pytest.raises(NotAllowed):
        add_slot(wish(foreign), by=cast.lena, now=NOW)
    with pytest.raises(type(foreign).DoesNotExist):
        change_slot(slot, wish(foreign), by=cast.lena, now=NOW)
    with pytest.raises(type(cast.wu).DoesNotExist):
        change_slot(slot, wish(account, owner=cast.wu), by=cast.lena, now=NOW)
    assert enter(cast.wu).get(reverse("slot", args=[slot.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        plan(account, cast.admin)


def test_change_slot_refuses_the_second_of_two_stale_copies_and_the_past(cast, account):
    slot = plan(account, cast.lena)
    stale = Slot.objects.get(pk=slot.pk)
    change_slot(slot, wish(account, goal="A film"), by=cast.lena, now=NOW)
    with pytest.raises(MoveRefused):
        change_slot(stale, wish(account, goal="A song"), by=cast.lena, now=NOW)
    with pytest.raises(MoveRefused):
        remove_slot(stale, by=cast.lena, now=NOW)
    with pytest.raises(InThePast):
        change_slot(slot, wish(account, TEN - timedelta(days=30)), by=cast.lena, now=NOW)
    assert Slot.objects.get().goal == "A film"


def test_post_within_a_slot_fills_it_and_leaves_it_empty_when_moved_on(enter, cast, account):
    slot = plan(account, cast.lena, minutes=120)
    client = enter(cast.lena)
    post = timed(make_post(account, cast.zhou), cast.zhou, TEN + timedelta(minutes=90))
    assert empty_on(opened(client)) == []
    page = client.get(reverse("slot", args=[slot.pk]))
    assert page.context["post"] == post
    Post.objects.filter(pk=post.pk).update(due_at=slot.starts_at + timedelta(minutes=120))
    assert empty_on(opened(client)) == [slot.pk]


def test_draft_dropped_on_a_day_takes_the_first_slot_nobody_fills(enter, cast, account):
    other = make_account(cast.workspace, "FerrowDE")
    plan(other, cast.lena, TEN - timedelta(hours=2))
    plan(account, cast.lena, TEN - timedelta(hours=1))
    plan(account, cast.lena, TEN + timedelta(hours=7))
    client = enter(cast.lena)
    hours = []
    for _number in range(3):
        post = make_post(account, cast.zhou)
        sent = {"day": "2026-03-10", "seen": "none"}
        client.post(reverse("post-move", args=[post.pk]), sent, headers=HTMX)
        hours.append(copy_of(post).due_wall[11:])
    assert hours == ["09:00", "17:00", "10:00"]


def test_post_under_embargo_fills_no_slot_for_those_it_is_kept_from(enter, cast, account):
    slot = plan(account, cast.lena)
    post = timed(make_post(account, cast.zhou, title="Zephyr"), cast.zhou)
    terms = Terms(wall=TEN - timedelta(hours=1), zone=BERLIN, readers=[cast.maya], reason="Launch")
    set_embargo(post, by=cast.zhou, terms=terms, now=NOW)
    assert empty_on(opened(enter(cast.maya))) == []
    hidden = enter(cast.lena)
    assert empty_on(opened(hidden)) == [slot.pk]
    for page in (
        opened(hidden, view="week", day="2026-03-10"),
        hidden.get(reverse("slot", args=[slot.pk])),
    ):
        assert "Zephyr" not in page.content.decode()


def test_fill_slot_gives_a_draft_its_time(enter, cast, account):
    slot, post = plan(account, cast.lena), make_post(account, cast.zhou)
    client = enter(cast.zhou)
    page = client.get(reverse("slot", args=[slot.pk])).content.decode()
    assert f'<option value="{post.pk}">' in page
    assert f"{reverse('post-new')}?slot={slot.pk}" in page
    sent = {"post": post.pk, "seen": 0}
    answer = client.post(reverse("slot-fill", args=[slot.pk]), sent, headers=HTMX)
    assert answer.status_code == 302
    assert copy_of(post).due_at == slot.starts_at
    (told,) = get_messages(answer.wsgi_request)
    client.post(told.extra_tags.removeprefix("undo:"), headers=HTMX)
    assert copy_of(post).due_at is None
    other = make_post(make_account(cast.workspace, "FerrowDE"), cast.zhou)
    answer = client.post(reverse("slot-fill", args=[slot.pk]), {"post": other.pk, "seen": 0})
    assert answer.status_code == 404


def test_fill_slot_refuses_what_somebody_has_changed_filled_or_timed_since(enter, cast, account):
    slot, post = plan(account, cast.lena), make_post(account, cast.zhou, title="Mine")
    client, url = enter(cast.zhou), reverse("slot-fill", args=[slot.pk])

    def refused(saying, seen):
        answer = client.post(url, {"post": post.pk, "seen": seen})
        assert answer.status_code == 409
        assert saying in answer.content.decode()

    change_slot(slot, wish(account, goal="A film"), by=cast.lena, now=NOW)
    refused("Somebody changed this slot", 0)
    timed(make_post(account, cast.maya), cast.maya, TEN)
    refused("Another post is in this slot by now", 1)
    assert copy_of(post).due_at is None
    timed(post, cast.maya, TEN + timedelta(days=1))
    refused("by now it goes out Wed 11 March", 1)
    assert copy_of(post).due_wall == "2026-03-11T10:00"


def test_span_that_has_begun_takes_posts_from_now_on_until_it_ends(enter, cast, account):
    slot, post = plan(account, cast.lena, minutes=120), make_post(account, cast.zhou)
    client = enter(cast.zhou)

    def offered(minutes):
        with set_to(datetime(2026, 3, 10, 9, tzinfo=UTC) + timedelta(minutes=minutes)):
            form = client.get(reverse("post-new"), {"slot": slot.pk}).context["form"]
            marks = opened(client).context["marks"]
        words = [mark.words for mark in marks if "still empty" in mark.words]
        return str(form["time"].value()), len(words)

    assert [offered(minutes) for minutes in (-5, 62, 119, 120)] == [
        ("10:00:00", 1),
        ("11:15:00", 1),
        ("11:59:00", 1),
        ("10:00:00", 0),
    ]
    with set_to(datetime(2026, 3, 10, 10, 2, tzinfo=UTC)):
        page = opened(enter(cast.lena), view="day", day="2026-03-10").content.decode()
        enter(cast.zhou).post(reverse("slot-fill", args=[slot.pk]), {"post": post.pk, "seen": 0})
    assert 'data-takes="2026-03-10 11:15"' in page
    assert copy_of(post).due_wall == "2026-03-10T11:15"


def test_slot_across_the_last_midnight_is_filled_by_a_post_after_it(enter, cast, account):
    """April's first Sunday is the last day that March shows."""
    plan(account, cast.lena, datetime.fromisoformat("2026-04-05T23:00"), minutes=120)
    client = enter(cast.lena)
    assert len(empty_on(opened(client), "2026-04-05")) == 1
    timed(make_post(account, cast.zhou), cast.zhou, datetime.fromisoformat("2026-04-06T00:30"))
    assert empty_on(opened(client), "2026-04-05") == []


def test_owner_who_left_stays_the_owner_when_something_else_is_changed(enter, cast, account):
    slot = plan(account, cast.lena, owner=cast.maya)
    type(cast.maya).objects.filter(pk=cast.maya.pk).update(active=False, left_at=NOW)
    client, url = enter(cast.lena), reverse("slot", args=[slot.pk])
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert client.post(url, {**sent, "goal": "A film"}).status_code == 302
    changed = Slot.objects.get()
    assert (changed.goal, changed.owner) == ("A film", cast.maya)


def test_write_for_a_slot_begins_with_its_account_time_and_goal(enter, cast, account):
    other = make_account(cast.workspace, "Ferrow_ZH", zone="Asia/Shanghai")
    slot = add_slot(
        SlotWish(account=other, wall=TEN, zone="Asia/Shanghai", goal="A photo"),
        by=cast.lena,
        now=NOW,
    )
    form = enter(cast.zhou).get(reverse("post-new"), {"slot": slot.pk}).context["form"]
    found = {name: str(form[name].value()) for name in ("account", "date", "time", "title")}
    assert found == {
        "account": str(other.pk),
        "date": "2026-03-10",
        "time": "10:00:00",
        "title": "A photo",
    }


def test_move_slot_by_the_viewers_clocks_makes_it_longer_and_undo_takes_it_back(enter, cast):
    shanghai = make_account(cast.workspace, "Ferrow_ZH", zone="Asia/Shanghai")
    slot = add_slot(
        SlotWish(account=shanghai, wall=TEN, zone="Asia/Shanghai"), by=cast.lena, now=NOW
    )
    client, start = enter(cast.lena), slot.starts_at
    sent = {"day": "2026-03-11", "time": "08:30", "minutes": "90", "seen": "0"}
    url = f"{reverse('slot-move', args=[slot.pk])}?view=week&day=2026-03-10"
    answer = client.post(url, sent, headers=HTMX)
    assert answer.status_code == 200
    moved = Slot.objects.get()
    assert (moved.wall, moved.zone, moved.minutes) == ("2026-03-11T15:30", "Asia/Shanghai", 90)
    undone = client.post(toast_of(answer)["undo"], headers=HTMX)
    assert undone.status_code == 200
    back = Slot.objects.get()
    assert (back.starts_at, back.minutes) == (start, 0)
    assert client.post(toast_of(answer)["undo"], headers=HTMX).status_code == 409
    assert client.post(url, sent, headers=HTMX).status_code == 409


def test_undo_to_a_time_that_has_passed_says_so_and_keeps_the_slot(enter, cast, account):
    slot = plan(account, cast.lena, minutes=60)
    client = enter(cast.lena)
    sent = {"day": "2026-03-11", "time": "08:30", "seen": "0"}
    answer = client.post(reverse("slot-move", args=[slot.pk]), sent, headers=HTMX)
    with set_to(NOW + timedelta(days=8, hours=12)):
        late = client.post(toast_of(answer)["undo"], headers=HTMX)
    assert late.status_code == 422
    assert "cannot be undone" in toast_of(late)["text"]
    assert Slot.objects.get().wall == "2026-03-11T08:30"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"day": ""}, "Choose a day"),
        ({"minutes": "721"}, "at most 12 hours"),
        ({"day": "2026-03-29", "time": "02:30"}, "the clocks change"),
        ({"day": "2026-03-01"}, "that time has passed"),
    ],
)
def test_move_slot_that_cannot_be_stays_and_says_why(enter, cast, account, wrong, says):
    slot = plan(account, cast.lena)
    sent = {"day": "2026-03-11", "time": "08:30", "seen": "0", **wrong}
    answer = enter(cast.lena).post(reverse("slot-move", args=[slot.pk]), sent, headers=HTMX)
    assert answer.status_code == 422
    assert says in toast_of(answer)["text"]
    assert Slot.objects.get().starts_at == slot.starts_at


def test_remove_slot_and_put_it_back(enter, cast, account):
    slot, client = plan(account, cast.lena), enter(cast.lena)
    client.post(reverse("slot-remove", args=[slot.pk]))
    assert empty_on(opened(client)) == []
    assert "Put it back" in client.get(reverse("slot", args=[slot.pk])).content.decode()
    client.post(reverse("slot-restore", args=[slot.pk]))
    assert empty_on(opened(client)) == [slot.pk]
    assert kinds()[1:] == ["planning.slot_removed", "planning.slot_restored"]


def test_set_spacing_refuses_what_an_older_page_says(enter, cast):
    set_spacing(minutes=45, seen=0, by=cast.maya, now=NOW)
    client = enter(cast.maya)
    stale = client.post(reverse("calendar-settings"), {"minutes": "5", "seen": "0"})
    assert stale.status_code == 409
    wrong = client.post(reverse("calendar-settings"), {"minutes": "1441", "seen": "1"})
    assert wrong.status_code == 422
    assert Spacing.objects.get().apart_minutes == 45
    assert (
        client.post(reverse("calendar-settings"), {"minutes": "0", "seen": "1"}).status_code == 302
    )
    assert Spacing.objects.get().apart_minutes == 0


def test_copy_week_shows_what_it_makes_keeps_wall_times_and_undoes_it(enter, cast, account):
    """The week copied to begins after the clocks have gone forward."""
    plan(account, cast.lena, minutes=60, owner=cast.maya, note="Bring the lamp")
    plan(account, cast.lena, TEN + timedelta(days=2), goal="There")
    plan(account, cast.lena, TEN + timedelta(days=23), goal="There")
    client, weeks = enter(cast.lena), {"source": "2026-03-11", "target": "2026-04-03"}
    look = client.get(reverse("slots-copy"), weeks)
    assert [each.why for each, _local in look.context["copies"]] == ["", "there"]
    assert look.context["count"] == 1
    assert Slot.objects.count() == 3
    answer = client.post(reverse("slots-copy"), weeks, headers=HTMX)
    assert answer.status_code == 302
    made = Slot.objects.latest("pk")
    assert (made.wall, made.minutes, made.owner) == ("2026-03-31T10:00", 60, cast.maya)
    assert made.starts_at == datetime(2026, 3, 31, 8, tzinfo=UTC)
    again = client.get(reverse("slots-copy"), weeks)
    assert again.context["count"] == 0
    undone = client.post(f"{reverse('slots-uncopy')}?slots={made.pk}-999999-x", headers=HTMX)
    assert undone.status_code == 200
    assert Slot.objects.planned().count() == 3


def test_copy_week_leaves_out_what_has_passed_and_refuses_one_week_for_both(enter, cast, account):
    plan(account, cast.lena)
    client = enter(cast.lena)
    past = client.get(reverse("slots-copy"), {"source": "2026-03-10", "target": "2026-02-20"})
    assert [each.why for each, _local in past.context["copies"]] == ["past"]
    client.post(reverse("slots-copy"), {"source": "2026-03-10", "target": "2026-02-20"})
    assert Slot.objects.count() == 1
    for target in ("2026-03-15", "soon", "2200-01-01"):
        answer = client.post(reverse("slots-copy"), {"source": "2026-03-10", "target": target})
        assert answer.status_code == 422
    assert Slot.objects.count() == 1


def test_undo_of_a_copy_keeps_what_somebody_has_changed_since(enter, cast, account):
    slot, untouched = plan(account, cast.lena), plan(account, cast.lena, TEN + timedelta(days=1))
    change_slot(slot, wish(account, goal="A film"), by=cast.maya, now=NOW)
    url = f"{reverse('slots-uncopy')}?slots={slot.pk}-{untouched.pk}"
    enter(cast.wu).post(url, headers=HTMX)
    assert Slot.objects.planned().count() == 2
    answer = enter(cast.lena).post(url, headers=HTMX)
    assert list(Slot.objects.planned()) == [slot]
    said = "1 copy is taken back. 1 was changed meanwhile and stays."
    assert toast_of(answer)["text"] == said


def test_copy_week_that_was_looked_at_twice_is_made_once(cast, account):
    plan(account, cast.lena)
    copies = slot_copies(cast.lena, date(2026, 3, 9), date(2026, 3, 16), now=NOW)
    assert len(copy_slots(copies, by=cast.lena, now=NOW)) == 1
    assert copy_slots(copies, by=cast.lena, now=NOW) == []
