"""The pages: what they show, whom they let in, and how many queries they cost."""

from __future__ import annotations

from yanzhen.publishing.engine.counts import refresh
from yanzhen.publishing.models import Reading


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
