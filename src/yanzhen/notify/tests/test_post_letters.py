"""Letters over real HTTP: once when answered, again when not, given up where people see it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from yanzhen.adapters.tools.webhook.tests.receiver import receiver
from yanzhen.adapters.tools.webhook.tests.test_post_webhook import verified
from yanzhen.channels import rotation
from yanzhen.channels.opening import opener
from yanzhen.kernel import clock
from yanzhen.notify.actions.outlets import BOTH_SIGN, add_outlet, change_secret, try_outlet
from yanzhen.notify.actions.retrying import retry_letters
from yanzhen.notify.actions.settling import CLAIM, MOST_TRIES, put_off, settle, wait_after
from yanzhen.notify.models import Letter, Outlet
from yanzhen.notify.posting import forget_letters, post_letters
from yanzhen.notify.states import LetterState, Level, OutletKind, Way
from yanzhen.notify.tests.news import told
from yanzhen.notify.tests.wiring import wire
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW


@pytest.fixture
def hook(settings, monkeypatch, cast):
    """A webhook of the workspace that leads to a server here, and knows its secret."""
    with receiver() as server:
        wire(settings, monkeypatch)
        outlet, server.secret = add_outlet(
            cast.admin,
            kind=OutletKind.WEBHOOK,
            name="Hook",
            address=server.url,
            language="zh-hans",
            level=Level.ALL,
            topics=[],
            now=NOW,
        )
        server.outlet = outlet
        # What is told of the outlet itself is none of these tests' business.
        Letter.objects.all().delete()
        yield server


def letter():
    return Letter.objects.get(way=Way.OUTLET)


def test_letter_arrives_once_signed_and_in_the_outlets_language(cast, hook):
    told(cast, cast.lena, urgent=True)
    assert post_letters(NOW) == 1
    assert post_letters(NOW + timedelta(days=1)) == 0
    ((headers, body),) = hook.taken
    assert verified(headers, body, hook.secret)
    assert "Ferrow" in body.decode()
    assert letter().state == LetterState.SENT


def test_letter_without_an_answer_is_tried_again_and_given_up_with_the_reason(cast, hook):
    hook.answers = [(503, {})] * MOST_TRIES
    told(cast, cast.lena)
    now = NOW
    for tries in range(1, MOST_TRIES + 1):
        assert post_letters(now) == 1
        assert letter().tries == tries
        now += wait_after(tries) * 1.2
    assert (letter().state, letter().error) == (LetterState.DEAD, "HTTP 503")
    assert letter().settled_at - NOW < timedelta(hours=3)
    assert post_letters(now + timedelta(days=1)) == 0
    ids = {headers["webhook-id"] for headers, _body in hook.taken}
    assert len(ids) == 1, "receivers know it again"


def test_letter_waits_as_long_as_the_other_side_asks(cast, hook):
    hook.answers = [(429, {"retry-after": "600"})]
    told(cast, cast.lena)
    post_letters(NOW)
    assert letter().due_at == NOW + timedelta(minutes=10)


def test_letter_refused_for_good_is_dead_at_once_and_tried_again_by_hand(cast, hook):
    hook.answers = [(404, {})]
    told(cast, cast.lena)
    post_letters(NOW)
    assert (letter().state, letter().error) == (LetterState.DEAD, "HTTP 404")
    with pytest.raises(NotAllowed):
        retry_letters(Letter.objects.all(), by=cast.zhou, now=NOW)
    assert retry_letters(Letter.objects.all(), by=cast.wu, now=NOW) == 0
    assert retry_letters(Letter.objects.all(), by=cast.lin, now=NOW) == 1
    assert post_letters(NOW) == 1
    assert letter().state == LetterState.SENT
    assert retry_letters(Letter.objects.all(), by=cast.lin, now=NOW) == 0


def test_letter_is_sent_again_after_its_sender_died(cast, hook):
    told(cast, cast.lena)
    # What a worker leaves that was killed between the claim and the note of the answer.
    Letter.objects.update(due_at=NOW + CLAIM, tries=1)
    assert post_letters(NOW) == 0
    assert post_letters(NOW + CLAIM) == 1
    assert len(hook.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_letters_by_two_workers_at_once_leave_once(cast, hook):
    for number in range(6):
        told(cast, cast.lena, name=f"Name {number}")
    start = threading.Barrier(2)

    def work():
        start.wait(10)
        try:
            post_letters(NOW)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    ids = [headers["webhook-id"] for headers, _body in hook.taken]
    assert len(ids) == len(set(ids)) == 6
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.SENT}


def test_letters_to_who_has_left_are_dropped(cast, hook):
    told(cast, cast.maya, urgent=True)
    deactivate_member(cast.maya, seen=cast.maya.revision, by=cast.admin, now=NOW)
    forget_letters(NOW)
    states = dict(Letter.objects.filter(member=cast.maya).values_list("way", "state"))
    assert states == {Way.MAIL: LetterState.DROPPED}


def test_late_answer_of_an_older_try_changes_nothing(cast, hook):
    told(cast, cast.lena)
    stale = letter()
    stale.tries = 1
    Letter.objects.update(tries=2)
    assert not settle(stale, now=NOW)
    assert not put_off(stale, "late", now=NOW)
    assert letter().state == LetterState.DUE


def test_secret_before_signs_for_a_day_and_no_longer(cast, hook):
    new = change_secret(Outlet.objects.get(), by=cast.admin, now=NOW)
    Letter.objects.all().delete()
    told(cast, cast.lena)
    with clock.set_to(NOW):
        post_letters(NOW)
    headers, body = hook.taken[-1]
    assert verified(headers, body, hook.secret)
    assert verified(headers, body, new)
    later = NOW + BOTH_SIGN
    told(cast, cast.lena, at=later)
    with clock.set_to(later):
        post_letters(later)
    headers, body = hook.taken[-1]
    assert not verified(headers, body, hook.secret)
    assert verified(headers, body, new)


@pytest.mark.django_db(transaction=True)
def test_secrets_are_sealed_and_follow_a_change_of_keys(cast, hook, settings, tmp_path):
    outlet = Outlet.objects.get()
    assert hook.secret.encode() not in bytes(outlet.sealed)
    old = opener().current_id()
    new = opener().rotate()
    try:
        while rotation.reseal():
            pass
        assert rotation.left_with(old) == 0
        assert opener().open(Outlet.objects.get().sealed, outlet.place).decode() == hook.secret
    finally:
        assert new == opener().current_id()


def test_test_message_and_what_is_long_past(cast, hook):
    try_outlet(Outlet.objects.get(), by=cast.admin, now=NOW)
    assert post_letters(NOW) == 1
    assert "测试" in hook.taken[0][1].decode()
    assert forget_letters(NOW + timedelta(days=29)) == 0
    assert forget_letters(NOW + timedelta(days=31)) == 1
