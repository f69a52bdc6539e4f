"""The pages: what they show, whom they let in, and how many queries they cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.planning.actions.framing import add_campaign
from yanzhen.planning.models import Post
from yanzhen.publishing.engine.counts import refresh
from yanzhen.publishing.models import Delivery, Reading


def test_archive_shows_links_and_counts_by_account(desk, as_member):
    for _ in range(2):
        desk.due()
    desk.due(account=desk.connect("FerrowDE"))
    desk.turn()
    assert refresh(desk.now) == 0
    desk.wait(301)
    assert refresh(desk.now) == 3
    assert Reading.objects.count() == 3
    client = as_member(desk.cast.zhou)
    page = client.get("/archive/").content.decode()
    assert page.count("/status/") == 3
    assert f"{desk.url}/FerrowDE/status/" in page
    one = client.get(f"/archive/?account={desk.account.pk}").content.decode()
    assert one.count("/status/") == 2
    for odd in ("x", "9" * 30, "-1", ""):
        assert client.get("/archive/", {"account": odd, "page": odd}).status_code == 200
    assert "/status/" not in as_member(desk.cast.wu).get("/archive/").content.decode()


def counted(delivery, at, **counts):
    Reading.objects.create(delivery=delivery, at=at, **counts)


def in_archive(client, **asked):
    answer = client.get("/archive/", asked)
    return [line.delivery.text for line in answer.context["lines"]]


def test_archive_is_narrowed_by_campaign_and_month_and_ordered_by_a_count(
    desk, as_member, django_assert_num_queries
):
    shown = [desk.due(text) for text in ("One goose.", "Two geese.", "Three geese.", "Four.")]
    desk.turn()
    first, second, third, fourth = shown
    spring = add_campaign(name="Spring", code="spring", by=desk.cast.lena, now=desk.now)
    Post.objects.filter(pk__in=[first.post_id, third.post_id]).update(campaign=spring)
    # 23:30 on the last of October by UTC is November in Berlin, where Zhou's clocks are.
    desk.cast.zhou.user.zone = "Europe/Berlin"
    desk.cast.zhou.user.save()
    late = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    for delivery, days in ((first, 0), (second, 1), (third, -40), (fourth, -41)):
        out = late + timedelta(days=days)
        Delivery.objects.filter(pk=delivery.pk).update(published_at=out)
    counted(first, late, likes=9, impressions=40)
    counted(first, late + timedelta(hours=1), likes=10, impressions=50)
    counted(second, late, likes=2, impressions=900)
    counted(third, late, likes=30, impressions=None)
    client = as_member(desk.cast.zhou)
    assert in_archive(client) == ["Two geese.", "One goose.", "Three geese.", "Four."]
    assert in_archive(client, campaign=spring.pk) == ["One goose.", "Three geese."]
    assert in_archive(client, month="2026-11") == ["Two geese.", "One goose."]
    assert in_archive(client, month="2026-09", campaign=spring.pk) == ["Three geese."]
    likes = ["Three geese.", "One goose.", "Two geese.", "Four."]
    assert in_archive(client, sort="likes") == likes
    # What has not been counted comes last.
    seen = in_archive(client, sort="impressions")
    assert seen == ["Two geese.", "One goose.", "Three geese.", "Four."]
    page = client.get("/archive/", {"sort": "likes"})
    text = page.content.decode()
    assert text.count('aria-sort="descending"') == 1
    assert [m for m, _name in page.context["form"].fields["month"].choices] == [
        "", "2026-11", "2026-09"
    ]  # fmt: skip
    other = add_campaign(name="Autumn", code="autumn", by=desk.cast.lena, now=desk.now)
    nothing = client.get("/archive/", {"campaign": other.pk}).content.decode()
    assert "Nothing went out that matches all of that." in nothing
    piece = client.get("/archive/", {"sort": "likes"}, headers={"HX-Request": "true"})
    assert 'hx-get="/archive/?sort=likes"' in piece.content.decode()
    assert "<html" not in piece.content.decode()
    with CaptureQueriesContext(connection) as four:
        client.get("/archive/", {"sort": "likes"})
    with django_assert_num_queries(len(four)):
        client.get("/archive/", {"sort": "likes", "month": "2026-09"})
