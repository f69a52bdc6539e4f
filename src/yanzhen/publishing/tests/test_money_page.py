"""The page of money at X: this month, budgets, and apps that have none left."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.publishing.engine import money
from yanzhen.publishing.models import Budget, Pause, Spend


@pytest.fixture
def lena(client, desk):
    client.force_login(desk.cast.lena.user)
    return client


def test_page_counts_the_month_by_what_was_charged(desk, lena):
    desk.due("Plain words")
    desk.due("A link https://example.com")
    desk.turn()
    page = lena.get(reverse("money")).content.decode()
    assert "$0.22" in page
    assert "Posts with a link $0.20" in page
    assert "Posts without a link $0.02" in page


def test_page_costs_as_many_queries_for_three_accounts_as_for_one(desk, lena):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            lena.get(reverse("money"))
        return len(seen)

    queries()
    one = queries()
    for handle in ("FerrowDE", "Ferrow_ZH"):
        account = desk.connect(handle)
        Budget.objects.create(account=account, monthly_micros=1, set_at=desk.now)
        month = money.month_of(desk.now)
        Spend.objects.create(account=account, what="post", micros=1, month=month, at=desk.now)
    assert queries() == one


def test_budget_is_set_shown_and_taken_away(desk, lena):
    url = reverse("money-budget", args=[desk.account.pk])
    assert lena.post(url, {"monthly": "50", "reserve": "30"}).status_code == 302
    budget = Budget.objects.get()
    assert (budget.monthly_micros, budget.reserve_percent) == (50_000_000, 30)
    assert "of $50 a month, $15 of it for crises" in lena.get(reverse("money")).content.decode()
    assert lena.post(url, {"monthly": "", "reserve": "30"}).status_code == 302
    assert not Budget.objects.exists()
    assert events().objects.filter(kind="publishing.budget_set").count() == 2


@pytest.mark.parametrize("sent", [{"monthly": "-1"}, {"monthly": "x"}, {"reserve": "91"}])
def test_budget_that_makes_no_sense_is_answered_beside_its_field(desk, lena, sent):
    url = reverse("money-budget", args=[desk.account.pk])
    answer = lena.post(url, {"monthly": "10", "reserve": "20", **sent})
    assert answer.status_code == 422
    assert "<details open>" in answer.content.decode()
    assert not Budget.objects.exists()


def test_resume_lets_the_app_be_asked_again_once(desk, lena):
    money.pause_app(desk.account, "no_credits", detail="credits depleted", until=None, now=desk.now)
    page = lena.get(reverse("money")).content.decode()
    assert "credits depleted" in page
    url = reverse("money-resume", args=[Pause.objects.get().pk])
    assert lena.post(url).status_code == 302
    assert Pause.objects.get().lifted_by == desk.cast.lena
    assert lena.post(url).status_code == 302
    assert events().objects.filter(kind="publishing.app_resumed").count() == 1
