"""Views of the posts kept under a name."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.channels.models import Account
from yanzhen.planning.models import Campaign, FirstView, SavedView

DRAFTS = "stage=draft"


def keep(client, name="Drafts", query=DRAFTS, **sent):
    return client.post(reverse("posts-views"), {"name": name, "query": query, **sent})


def offered(client):
    return [view.name for view in client.get(reverse("posts")).context["views"]]


def told():
    rows = events().objects.filter(kind__startswith="planning.view_")
    return list(rows.order_by("pk").values_list("kind", flat=True))


def test_view_keeps_the_filters_without_empty_parts(enter, cast, post):
    client = enter(cast.zhou)
    answer = keep(client, query="q=&stage=draft&account=&when=&page=3&evil=1")
    assert answer.url == f"{reverse('posts')}?{DRAFTS}"
    view = SavedView.objects.get()
    assert (view.query, view.owner, view.shared) == (DRAFTS, cast.zhou, False)
    assert view.name in client.get(answer.url).content.decode()
    assert told() == []


@pytest.mark.parametrize(
    ("name", "query"), [("", DRAFTS), ("x" * 41, DRAFTS), ("All", ""), ("Bad", "account=99999")]
)
def test_view_is_refused_without_a_name_or_filters(enter, cast, post, name, query):
    assert keep(enter(cast.zhou), name, query).status_code == 302
    assert not SavedView.objects.exists()


def test_view_keeps_the_longest_search(enter, cast, post):
    query = urlencode({"q": "🪿" * 200, "stage": "draft", "author": cast.zhou.pk})
    keep(enter(cast.zhou), query=query)
    assert SavedView.objects.get().query == query


def test_view_of_one_name_is_kept_once(enter, cast, post):
    client = enter(cast.zhou)
    keep(client)
    keep(client, query="stage=review")
    assert [view.query for view in SavedView.objects.all()] == [DRAFTS]


def test_view_is_seen_by_others_once_shared(enter, cast, post):
    keep(enter(cast.zhou), name="Quiet ones")
    view = SavedView.objects.get()
    changing = reverse("posts-view", args=[view.pk])
    assert offered(enter(cast.lin)) == []
    assert enter(cast.lin).post(changing, {"name": "Mine"}).status_code == 404
    enter(cast.zhou).post(changing, {"name": "Quiet ones", "shared": "on"})
    assert offered(enter(cast.lin)) == ["Quiet ones"]
    assert offered(enter(cast.wu)) == []
    assert told() == ["planning.view_shared"]


def test_list_opens_with_the_view_chosen_until_it_is_gone(enter, cast, post):
    keep(enter(cast.zhou), shared="on")
    view = SavedView.objects.get()
    client = enter(cast.maya)
    client.post(reverse("posts-view-first", args=[view.pk]))
    assert client.get(reverse("posts")).url == f"{reverse('posts')}?{DRAFTS}"
    assert client.get(reverse("posts"), {"view": "all"}).status_code == 200
    enter(cast.zhou).post(reverse("posts-view", args=[view.pk]), {"name": "Drafts"})
    assert enter(cast.maya).get(reverse("posts")).status_code == 200
    assert not FirstView.objects.exists()


def test_view_removed_by_another_comes_back_to_its_owner_by_undo(enter, cast, post):
    keep(enter(cast.zhou), shared="on")
    view = SavedView.objects.get()
    enter(cast.maya).post(reverse("posts-view-first", args=[view.pk]))
    before = SavedView.objects.values().get()
    answer = enter(cast.admin).post(
        reverse("posts-view-remove", args=[view.pk]), headers={"HX-Request": "true"}
    )
    assert offered(enter(cast.zhou)) == []
    assert enter(cast.maya).get(reverse("posts")).status_code == 200
    undo = answer.headers["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    assert enter(cast.wu).post(undo).status_code == 404
    assert enter(cast.lin).post(undo).status_code == 403
    enter(cast.admin).post(undo)
    assert SavedView.objects.values().get() == before
    assert enter(cast.maya).get(reverse("posts")).url == f"{reverse('posts')}?{DRAFTS}"
    assert told() == ["planning.view_shared", "planning.view_unshared", "planning.view_shared"]


def test_view_removed_stays_so_where_its_owner_has_taken_the_name_since(enter, cast, post):
    client = enter(cast.zhou)
    keep(client)
    view = SavedView.objects.get()
    client.post(reverse("posts-view-remove", args=[view.pk]))
    keep(client, query="stage=review")
    client.post(reverse("posts-view-restore", args=[view.pk]))
    assert [row.query for row in SavedView.objects.standing()] == ["stage=review"]


def test_view_of_a_campaign_and_an_account_that_have_ended_still_opens(enter, cast, post):
    campaign = Campaign.objects.create(workspace=cast.workspace, name="Launch")
    post.campaign = campaign
    post.save(update_fields=["campaign"])
    client = enter(cast.zhou)
    keep(client, query=f"account={post.account_id}&campaign={campaign.pk}")
    client.post(reverse("posts-view-first", args=[SavedView.objects.get().pk]))
    Campaign.objects.update(active=False)
    Account.objects.update(turned_away=True)
    answer = client.get(reverse("posts"), follow=True)
    assert answer.status_code == 200
    assert [row for row, _talk in answer.context["rows"]] == [post]


def test_views_ask_as_much_for_three_as_for_one(enter, cast, post):
    client = enter(cast.zhou)
    keep(client)

    def count():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("posts"), {"view": "all"}).status_code == 200
            assert client.get(reverse("posts-views")).status_code == 200
        return len(asked)

    count()
    one = count()
    keep(client, name="Two", query="stage=review")
    keep(client, name="Three", query="when=none")
    assert count() == one
