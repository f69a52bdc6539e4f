"""The freeze's pages: one action to close, two people and the whole list to open."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.people.rights import Decision
from yanzhen.people.tests.cast import entitled
from yanzhen.publishing.actions import settling
from yanzhen.publishing.actions.freezing import freeze, freeze_from_shell
from yanzhen.publishing.actions.thawing import ask_thaw
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.engine.whereabouts import Suspicion
from yanzhen.publishing.models import Delivery, Gate, Thaw
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.test_freeze import in_the_air
from yanzhen.publishing.tests.test_thaw import frozen, state_of


@pytest.fixture
def as_member(client):
    def sign_in(member, language="en"):
        member.user.language = language
        member.user.save()
        client.force_login(member.user)
        return client

    return sign_in


def read(client, path, **headers):
    return client.get(path, headers=headers).content.decode()


def test_every_page_carries_the_freeze_in_one_form(desk, as_member):
    client = as_member(desk.cast.zhou)
    for path in ("/", "/posts/", "/archive/", "/team/"):
        page = read(client, path)
        assert 'popovertarget="freeze-now"' in page
        assert f'value="workspace:{desk.cast.workspace.pk}"' in page
    key = f"workspace:{desk.cast.workspace.pk}"
    assert client.post("/freeze/close/", {"scope": key}).status_code == 302
    page = read(client, "/freeze/")
    assert "Everything is frozen" in page
    assert "No reason was given yet." in page
    client.post("/freeze/close/", {"scope": key, "reason": "Again"})
    assert "It was frozen already, and stays so." in read(client, "/freeze/")


def test_freeze_page_refuses_what_is_not_ours(desk, as_member):
    client = as_member(desk.cast.zhou)
    assert "Posts go out as planned" in read(client, "/freeze/")
    for scope in (f"workspace:{desk.cast.wu.workspace_id}", "installation", "", "account:999"):
        assert client.post("/freeze/close/", {"scope": scope}).status_code == 422
    assert not Gate.objects.filter(frozen=True).exists()


def test_freeze_page_follows_each_to_its_end(desk, as_member):
    delivery, _attempt = in_the_air(desk)
    freeze(desk.cast.workspace, by=desk.cast.zhou, reason="Storm", now=desk.now)
    client = as_member(desk.cast.lena)
    assert "It is being sent at this moment." in read(client, "/freeze/")
    outcome.lose_owner(Delivery.objects.get(pk=delivery.pk), now=desk.now)
    live = {"HX-Request": "true"}
    assert "X is being asked" in read(client, "/freeze/", **live)
    outcome.publish(delivery.pk, outcome.Found("1900000000000000001"), now=desk.now)
    page = read(client, "/freeze/", **live)
    assert "/Ferrow/status/1900000000000000001" in page
    assert "Delete on X" in page
    assert "<html" not in page
    # Zhou may not delete; another brand sees nothing of it.
    assert "Delete on X" not in read(as_member(desk.cast.zhou), "/freeze/")
    assert delivery.text not in read(as_member(desk.cast.wu), "/freeze/")


def test_freeze_page_names_who_may_lift_each_freeze(desk, as_member):
    other = desk.connect("FerrowDE")
    kim = entitled(desk.cast, "Kim", Decision.PUBLISH_UNFREEZE, account=other)
    freeze(desk.account, by=desk.cast.zhou, reason="Storm", now=desk.now)
    page = read(as_member(kim), "/freeze/")
    assert "These members can lift it, two of them together: Lena, Lin" in page
    assert "See what waits, and lift it" not in page
    freeze(other, by=desk.cast.zhou, reason="Storm", now=desk.now)
    assert read(as_member(kim), "/freeze/").count("See what waits, and lift it") == 1
    page = read(as_member(desk.cast.lin), "/freeze/")
    for names in ("the other one: Lena<", "the other one: Kim, Lena<"):
        assert names in page


def test_freeze_page_says_what_was_held(desk, as_member):
    delivery, _attempt = in_the_air(desk)
    freeze(desk.account, by=desk.cast.zhou, reason="Storm", now=desk.now)
    outcome.lose_owner(Delivery.objects.get(pk=delivery.pk), now=desk.now)
    outcome.hold(Delivery.objects.get(pk=delivery.pk), HoldReason.AMBIGUOUS, now=desk.now)
    page = read(as_member(desk.cast.lin), "/freeze/")
    assert "It may or may not be on X." in page
    assert "Partly frozen" in page


def test_thaw_page_takes_two_people_from_list_to_open(desk, as_member):
    late, gone = desk.due(), desk.due()
    soon = Delivery.objects.get(post=desk.timed(desk.passed(), minutes=90))
    gate = frozen(desk)
    client = as_member(desk.cast.lin)
    page = read(client, f"/freeze/{gate.pk}/")
    for delivery in (late, gone, soon):
        assert delivery.text in page
    assert "It came due during the freeze." in page
    zone = ZoneInfo(late.post.due_zone)
    at = (desk.now + timedelta(hours=3)).astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    wishes = {"reason": "Over", f"fate-{late.pk}": "time", f"at-{late.pk}": at}
    where = f"/freeze/{gate.pk}/ask/"
    refused = client.post(where, wishes)
    assert refused.status_code == 422
    assert "Choose what becomes of it." in refused.content.decode()
    wishes[f"fate-{gone.pk}"] = "drop"
    assert client.post(where, wishes).status_code == 302
    assert "You asked to lift it." in read(client, f"/freeze/{gate.pk}/")
    mine = client.post(f"/freeze/{gate.pk}/confirm/", {"seen": "x"})
    assert (mine.status_code, Gate.objects.get(pk=gate.pk).frozen) == (409, True)

    client = as_member(desk.cast.lena)
    page = read(client, f"/freeze/{gate.pk}/")
    assert "Lin asks to lift it" in page
    assert "Is dropped" in page
    assert "Moves to" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    desk.due()
    changed = client.post(f"/freeze/{gate.pk}/confirm/", {"seen": seen})
    assert changed.status_code == 409
    assert "The list has changed since you saw it." in changed.content.decode()
    assert "Came due after it was asked" in changed.content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', changed.content.decode())[1]
    assert client.post(f"/freeze/{gate.pk}/confirm/", {"seen": seen}).status_code == 302
    assert "Posts go out as planned" in read(client, "/freeze/")
    assert (state_of(gone), state_of(late)) == (S.CANCELLED, S.SCHEDULED)
    assert client.get(f"/freeze/{gate.pk}/").status_code == 302


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("", "Give it a new date and time."),
        ("soon", "Give it a new date and time."),
        ("9999-99-99T99:99", "Give it a new date and time."),
        ("2001-01-01T10:00", "That time has passed."),
        ("0001-01-01T00:00", "That time has passed."),
    ],
)
def test_thaw_page_refuses_times_that_are_none(desk, as_member, at, answer):
    late = desk.due()
    gate = frozen(desk)
    wishes = {"reason": "Over", f"fate-{late.pk}": "time", f"at-{late.pk}": at}
    page = as_member(desk.cast.lin).post(f"/freeze/{gate.pk}/ask/", wishes)
    assert page.status_code == 422
    assert answer in page.content.decode()
    assert not Thaw.objects.exists()


def test_thaw_page_refuses_a_reason_or_fate_that_is_none(desk, as_member):
    late = desk.due()
    gate = frozen(desk)
    client = as_member(desk.cast.lin)
    for wishes in (
        {"reason": "", f"fate-{late.pk}": "hold"},
        {"reason": "x" * 201, f"fate-{late.pk}": "hold"},
        {"reason": "Over", f"fate-{late.pk}": "publish"},
    ):
        assert client.post(f"/freeze/{gate.pk}/ask/", wishes).status_code == 422
    assert not Thaw.objects.exists()


def test_thaw_page_refuse_needs_a_reason_and_tells_it(desk, as_member):
    gate = frozen(desk)
    ask_thaw(gate, by=desk.cast.lin, reason="Over", plan={}, now=desk.now)
    client = as_member(desk.cast.lena)
    assert client.post(f"/freeze/{gate.pk}/refuse/", {"reason": ""}).status_code == 422
    assert client.post(f"/freeze/{gate.pk}/refuse/", {"reason": "Too soon"}).status_code == 302
    page = read(as_member(desk.cast.lin), f"/freeze/{gate.pk}/")
    assert "Lena refused the last wish: Too soon" in page
    assert client.post(f"/freeze/{gate.pk}/withdraw/").status_code == 409


@pytest.mark.parametrize("act", ["", "ask/", "confirm/", "refuse/", "withdraw/"])
def test_thaw_page_of_others_is_not_found(desk, as_member, act):
    gate = frozen(desk)
    freeze_from_shell(None, reason="Storm", now=desk.now)
    client = as_member(desk.cast.wu)
    for pk in (gate.pk, 999, 10**18, Gate.objects.get(key="installation").pk):
        where = f"/freeze/{pk}/{act}"
        answer = client.post(where, {"reason": "x", "seen": "x"}) if act else client.get(where)
        assert answer.status_code == 404
    assert "Several brands share this installation." in read(client, "/freeze/")


def test_thaw_page_of_a_restored_copy_says_what_is_missing(desk, as_member):
    desk.due()
    gate = frozen(desk)
    gate.refresh_from_db()
    settling.freeze_restored(gate, why=Suspicion.BEHIND, now=desk.now)
    client = as_member(desk.cast.lin)
    page = read(client, f"/freeze/{gate.pk}/")
    assert "Not compared with X yet" in page
    assert "This machine has seen it further ahead than it is now." in page
    assert "Ask to lift the freeze" not in page
    late = {f"fate-{d.pk}": "hold" for d in Delivery.objects.all()}
    refused = client.post(f"/freeze/{gate.pk}/ask/", {"reason": "Over", **late})
    assert refused.status_code == 409
    page = read(as_member(desk.cast.lin, "zh-hans"), f"/freeze/{gate.pk}/")
    assert "Not compared with X yet" not in page


def test_freeze_pages_cost_the_same_for_one_and_four(desk, as_member):
    def cost(path):
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        return len(seen.captured_queries)

    gate = frozen(desk)
    desk.due()
    client = as_member(desk.cast.lin)
    pages = ("/freeze/", reverse("thaw", args=[gate.pk]))
    before = [cost(path) for path in pages for _ in range(2)]
    for _ in range(3):
        desk.due()
    assert [cost(path) for path in pages for _ in range(2)][1::2] == before[1::2]
