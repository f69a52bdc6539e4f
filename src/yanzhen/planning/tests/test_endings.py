"""Signatures and groups of hashtags: kept by who keeps the library, offered to who writes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions import equipping
from yanzhen.planning.actions.equipping import EndingWords, TooManyKept, keep_ending, remove_ending
from yanzhen.planning.models import Ending, EndingKind

SENT = {"kind": "hashtags", "title": "Summer", "body": "ferrow #雁阵，＃Ferrow", "revision": "0"}


def keep(member, title="Team", body="— The Ferrow team", account=None):
    words = EndingWords(EndingKind.SIGNATURE, title, body, account)
    return keep_ending(None, words=words, revision=0, by=member, now=NOW)


def offered(client, account, words=""):
    asked = {"account": account.pk, "q": words}
    return [row[0].title for row in client.get(reverse("endings-offered"), asked).context["rows"]]


def test_ending_of_an_account_is_offered_there_first_and_elsewhere_never(enter, cast, account):
    other = make_account(cast.workspace, "ferrow_cn")
    keep(cast.lin, "All")
    keep(cast.lin, "Berlin", "— 柏林团队", account)
    gone = keep(cast.lin, "Gone")
    remove_ending(gone, removed=True, by=cast.lin, now=NOW)
    client = enter(cast.zhou)
    assert offered(client, account) == ["Berlin", "All"]
    assert offered(client, other) == ["All"]
    assert offered(client, account, "柏林") == ["Berlin"]
    assert offered(enter(cast.wu), account) == []


def test_ending_is_kept_by_who_may_and_for_accounts_of_the_workspace(cast, account, monkeypatch):
    with pytest.raises(NotAllowed):
        keep(cast.wu, account=account)
    kept = keep(cast.zhou)
    with pytest.raises(NotAllowed):
        remove_ending(kept, removed=True, by=cast.wu, now=NOW)
    monkeypatch.setattr(equipping, "MOST_KEPT", 1)
    with pytest.raises(TooManyKept):
        keep(cast.zhou, "Two")


def test_hashtags_are_kept_each_once_with_its_sign(enter, cast):
    enter(cast.lin).post(reverse("ending-new"), SENT)
    assert Ending.objects.get().body == "#ferrow #雁阵"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"body": "#ok #not-ok"}, "“#not-ok” is no hashtag"),
        ({"body": "#2026"}, "“#2026” is no hashtag"),
        ({"body": "  "}, "This field is required"),
        ({"title": "x" * 81}, "at most 80 characters"),
        ({"kind": "song"}, "Select a valid choice"),
        ({"revision": ""}, "This page is too old to save"),
    ],
)
def test_ending_form_says_what_is_wrong_and_keeps_nothing(enter, cast, wrong, why):
    answer = enter(cast.lin).post(reverse("ending-new"), {**SENT, **wrong})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Ending.objects.exists()


def test_ending_pages_change_remove_and_bring_back(enter, cast):
    kept = keep(cast.lin)
    client = enter(cast.lin)
    page = reverse("ending", args=[kept.pk])
    changed = {"title": "Team", "body": "— 雁阵", "revision": "1"}
    client.post(page, changed)
    assert client.post(page, changed).status_code == 409
    remove = reverse("ending-remove", args=[kept.pk])
    told = client.post(remove, headers={"HX-Request": "true"}).headers["HX-Trigger"]
    assert f"{remove}?back=yes" in told
    assert "Every post ends well" in client.get(reverse("endings")).content.decode()
    client.post(f"{remove}?back=yes")
    assert "— 雁阵" in client.get(reverse("endings")).content.decode()


def test_endings_ask_as_much_for_three_as_for_one(enter, cast, account):
    client = enter(cast.lin)
    keep(cast.lin)

    def count():
        with CaptureQueriesContext(connection) as asked:
            for name in ("endings", "endings-offered"):
                assert client.get(reverse(name)).status_code == 200
        return len(asked)

    count()
    one = count()
    keep(cast.lin, "Two", account=account)
    keep(cast.lin, "Three", account=account)
    assert count() == one
