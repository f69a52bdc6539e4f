"""Views of the calendar kept under a name."""

import json

import pytest
from django.urls import reverse

from yanzhen.planning.models import FirstView, SavedView
from yanzhen.planning.tests.plan import make_post


def keep(client, query, name="Mine", **sent):
    sent = {"name": name, "query": query, "page": "calendar", **sent}
    return client.post(reverse("posts-views"), sent)


def offered(client):
    answer = client.get(reverse("calendar"), {"month": "2026-06"})
    return [view.name for view in answer.context["views"]]


def test_calendar_view_keeps_how_it_is_shown_and_no_date(enter, cast, account):
    client = enter(cast.zhou)
    answer = keep(client, f"day=2026-06-09&view=week&account={account.pk}&evil=1")
    view = SavedView.objects.get()
    assert (view.page, view.query) == ("calendar", f"view=week&account={account.pk}")
    assert answer.url == view.address == f"{reverse('calendar')}?{view.query}"
    assert offered(client) == ["Mine"]
    page = client.get(reverse("calendar"), {"month": "2026-06"}).content.decode()
    assert f"{view.query.replace('&', '&amp;')}&amp;month=2026-06" in page
    assert "Mine" not in client.get(reverse("posts")).content.decode()


@pytest.mark.parametrize("query", ["", "month=2026-06", "stage=nothing", "account=99999"])
def test_calendar_view_is_refused_without_anything_to_keep(enter, cast, account, query):
    assert keep(enter(cast.zhou), query).status_code == 302
    assert not SavedView.objects.exists()


def test_one_name_may_be_kept_of_each_page(enter, cast, account):
    client = enter(cast.zhou)
    keep(client, "stage=draft")
    keep(client, "stage=draft", page="posts")
    assert SavedView.objects.count() == 2


def test_calendar_opens_with_the_view_chosen_for_it_and_the_posts_do_not(enter, cast, account):
    client = enter(cast.zhou)
    keep(client, "view=list&stage=draft")
    view = SavedView.objects.get()
    client.post(reverse("posts-view-first", args=[view.pk]))
    assert FirstView.objects.get().page == "calendar"
    assert client.get(reverse("calendar")).url == view.address
    assert client.get(reverse("posts")).status_code == 200
    manage = client.get(reverse("posts-views"), {"page": "calendar"}).content.decode()
    assert "Your calendar opens with it" in manage
    client.post(reverse("posts-view-first", args=[view.pk]))
    assert client.get(reverse("calendar")).status_code == 200


def test_view_of_an_author_who_is_gone_neither_opens_nor_is_offered(enter, cast, account):
    post = make_post(account, cast.maya)
    client = enter(cast.zhou)
    keep(client, f"author={cast.maya.pk}")
    client.post(reverse("posts-view-first", args=[SavedView.objects.get().pk]))
    assert client.get(reverse("calendar")).status_code == 302
    post.author = cast.zhou
    post.save(update_fields=["author"])
    assert client.get(reverse("calendar")).status_code == 200
    assert offered(client) == []


def test_removed_calendar_view_is_put_back_as_one_of_the_calendar(enter, cast, account):
    client = enter(cast.zhou)
    keep(client, "stage=draft", shared="on")
    gone = client.post(
        reverse("posts-view-remove", args=[SavedView.objects.get().pk]),
        headers={"HX-Request": "true"},
    )
    assert not SavedView.objects.standing().exists()
    client.post(json.loads(gone.headers["HX-Trigger"])["toast"]["undo"])
    view = SavedView.objects.get()
    assert (view.page, view.query, view.shared) == ("calendar", "stage=draft", True)
