"""Copying the draft posts of a week to another."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.models import Draft, Post
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.plan import in_review, kinds_about, make_post, timed

TEN = datetime.fromisoformat("2026-03-10T10:00")
#: The clocks of Berlin go forward on 29 March 2026.
WEEKS = {"source": "2026-03-11", "target": "2026-04-03", "posts": "on"}
HTMX = {"HX-Request": "true"}


def copy(client, **sent):
    """Copy the week and return the address that takes it back."""
    answer = client.post(reverse("slots-copy"), {**WEEKS, **sent})
    assert answer.status_code == 302
    tags = [each.extra_tags or "" for each in get_messages(answer.wsgi_request)]
    return next((tag.removeprefix("undo:") for tag in tags if tag.startswith("undo:")), "")


def made():
    return Post.objects.filter(due_wall__startswith="2026-03-31").live()


def test_copy_week_makes_new_drafts_at_the_same_wall_time_and_no_approval(enter, cast, account):
    draft = timed(make_post(account, cast.zhou, "One", "Two", title="Seat 7A"), cast.zhou, TEN)
    reviewed = timed(make_post(account, cast.zhou, "Three"), cast.zhou, TEN + timedelta(hours=1))
    in_review(reviewed, cast.zhou)
    client = enter(cast.maya)
    look = client.get(reverse("slots-copy"), WEEKS)
    assert [each.post for each, _local in look.context["posts"]] == [draft]
    assert not made().exists()
    copy(client)
    [fresh] = made()
    assert (fresh.title, fresh.author, fresh.state) == ("Seat 7A", cast.maya, PostState.DRAFT)
    assert (fresh.due_wall, fresh.due_at) == (
        "2026-03-31T10:00",
        datetime(2026, 3, 31, 8, tzinfo=UTC),
    )
    assert (fresh.levels_done, fresh.version) == (0, None)
    assert Draft.objects.get(post=fresh).texts == ["One", "Two"]


def test_copy_week_leaves_drafts_alone_unless_asked_and_makes_them_once(enter, cast, account):
    timed(make_post(account, cast.zhou), cast.zhou, TEN)
    client = enter(cast.maya)
    copy(client, posts="")
    assert not made().exists()
    copy(client)
    copy(client)
    assert made().count() == 1
    look = client.get(reverse("slots-copy"), WEEKS)
    assert [each.why for each, _local in look.context["posts"]] == ["there"]


def test_copy_week_does_not_show_or_copy_posts_of_another_workspace(enter, cast, account):
    timed(make_post(account, cast.zhou), cast.zhou, TEN)
    assert not enter(cast.wu).get(reverse("slots-copy"), WEEKS).context.get("posts")


def test_copy_week_takes_the_next_hour_that_exists(enter, cast, account):
    """2:30 on 29 March is skipped in Berlin."""
    timed(make_post(account, cast.zhou), cast.zhou, datetime.fromisoformat("2026-03-15T02:30"))
    enter(cast.maya).post(reverse("slots-copy"), {**WEEKS, "target": "2026-03-23"})
    fresh = Post.objects.latest("pk")
    assert (fresh.due_wall, fresh.due_at) == (
        "2026-03-29T03:30",
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("touched", [False, True])
def test_undo_of_a_copy_drops_what_nobody_has_touched(enter, cast, account, touched):
    timed(make_post(account, cast.zhou), cast.zhou, TEN)
    client = enter(cast.maya)
    undo = copy(client)
    [fresh] = made()
    assert parse_qs(urlparse(undo).query) == {"posts": [str(fresh.pk)]}
    if touched:
        save_draft(fresh, by=cast.maya, texts=["New"], revision=1, now=NOW + timedelta(minutes=1))
    assert client.post(undo, headers=HTMX).status_code == 200
    assert made().count() == int(touched)
    assert ("planning.post_dropped" in kinds_about(fresh)) is not touched


def test_undo_of_a_copy_takes_back_only_ones_own(enter, cast, account):
    own = timed(make_post(account, cast.zhou), cast.zhou, TEN)
    enter(cast.maya).post(f"{reverse('slots-uncopy')}?posts={own.pk}", headers=HTMX)
    own.refresh_from_db()
    assert own.state == PostState.DRAFT


def test_copy_week_into_the_past_says_so_and_copies_nothing(enter, cast, account):
    timed(make_post(account, cast.zhou), cast.zhou, TEN)
    client = enter(cast.maya)
    with set_to(NOW + timedelta(days=60)):
        look = client.get(reverse("slots-copy"), WEEKS)
        copy(client)
    assert [each.why for each, _local in look.context["posts"]] == ["past"]
    assert not made().exists()
