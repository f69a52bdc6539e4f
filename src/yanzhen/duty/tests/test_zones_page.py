"""What new rules of time zones moved is on a page, turn by turn, and the notice leads there."""

from datetime import timedelta

import pytest
from django.db.models import F

from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.models import Rota, Turn
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.tests.duties import make_layer, utc
from yanzhen.duty.tests.pages import queries_of, text_of
from yanzhen.notify.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("then")]
MOST_OF_ZONES = 24


@pytest.fixture
def moved(rota, cast):
    """Laid an hour early by older rules, then laid anew."""
    hours = [("09:00", "17:00")]
    order = [cast.zhou, cast.lena]
    make_layer(rota, cast.lin, order, hours=hours, change=Change.DAY)
    now, hour = utc(3, 10, 20), timedelta(hours=1)
    keep_rota(rota, now=now)
    early = Turn.objects.filter(start_at__gt=now)
    early.update(start_at=F("start_at") - hour, end_at=F("end_at") - hour)
    Rota.objects.update(tzdata="2019a")
    keep_rota(rota, now=now)
    return Notice.objects.get(kind="duty.zones_changed", member=cast.lin)


def test_notice_leads_to_every_turn_that_was_moved_as_it_was_and_is(moved, cast, ask):
    path, _mark, query = moved.url.partition("?")
    assert path == "/duty/zones/"
    page = ask(cast.lena, "duty-zones", query=f"?{query}")
    change = page.context["change"]
    assert len(change.moved) == change.count > 3
    # Lena reads by her own clocks in Berlin, and beside it by Zhou's.
    assert "Thu 12 March 10:00–18:00" in text_of(page)
    assert "Wed 11 March 09:00–17:00" in text_of(page)
    assert "for them Thu 12 March 16:00 – Fri 13 March 00:00" in text_of(page)
    assert "/duty/zones/" in ask(cast.lin, "duty-settings").text


def test_page_without_a_change_says_so(rota, cast, ask):
    assert "No turn was moved." in ask(cast.zhou, "duty-zones").text
    assert "No turn was moved." in ask(cast.zhou, "duty-zones", query="?change=7").text
    assert "/duty/zones/" not in ask(cast.lin, "duty-settings").text


def test_page_of_many_turns_asks_little(moved, cast, ask):
    assert len(ask(cast.zhou, "duty-zones").context["change"].moved) > 50
    assert queries_of(ask, cast.zhou, "duty-zones") <= MOST_OF_ZONES
