"""What the database itself refuses, whoever writes SQL."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from yanzhen.publishing import guards
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import DELIVERY, Conclusion
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.desk import POSTING


@pytest.fixture
def doubted(desk):
    """A delivery X gave no clear answer to, with its open attempt."""
    desk.sim.fault("reject_500", match=POSTING)
    delivery = desk.due()
    desk.send()
    delivery.refresh_from_db()
    assert delivery.state == S.AMBIGUOUS
    return delivery


def refused(rows, **writes):
    with pytest.raises(DatabaseError, match="refused by"), transaction.atomic():
        rows.update(**writes)


def test_every_trigger_is_in_place_after_migrating(db):
    with connection.cursor() as cursor:
        where = {
            "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
            "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
        }
        cursor.execute(where[connection.vendor])
        found = {row[0] for row in cursor.fetchall()}
    assert set(guards.RULES) <= found


@pytest.mark.parametrize("target", [S.SENDING, S.AMBIGUOUS, S.PUBLISHED, S.FAILED])
def test_scheduled_delivery_cannot_jump(desk, target):
    delivery = desk.due()
    writes = {
        "owner": "w",
        "lease_until_at": desk.now,
        "doubt": "unknown",
        "check_at": desk.now,
        "remote_id": "1",
        "published_at": desk.now,
    }
    rows = Delivery.objects.filter(pk=delivery.pk)
    if DELIVERY.allows("publish", S.SCHEDULED) and target == S.PUBLISHED:
        assert rows.update(state=target, **writes) == 1
    else:
        refused(rows, state=target, **writes)


def test_doubt_goes_back_only_with_proof_of_absence(doubted):
    rows = Delivery.objects.filter(pk=doubted.pk)
    refused(rows, state=S.SCHEDULED)
    Attempt.objects.filter(delivery=doubted).update(open=False, conclusion=Conclusion.UNPROVEN)
    refused(rows, state=S.SCHEDULED)
    Attempt.objects.filter(delivery=doubted).update(conclusion=Conclusion.ABSENT)
    assert rows.update(state=S.SCHEDULED) == 1


def test_epoch_never_falls(doubted):
    assert doubted.epoch == 1
    refused(Delivery.objects.filter(pk=doubted.pk), epoch=0)


@pytest.mark.parametrize(
    "writes", [{"payload": {"text": "Other"}}, {"payload_hash": "0"}, {"number": 9}, {"epoch": 9}]
)
def test_attempt_keeps_what_it_wrote_before_the_send(doubted, writes):
    refused(Attempt.objects.filter(delivery=doubted), **writes)


def test_attempt_once_closed_stays_closed(doubted):
    rows = Attempt.objects.filter(delivery=doubted)
    rows.update(open=False, conclusion=Conclusion.ABSENT)
    refused(rows, open=True)


def test_remove_lets_a_migration_through_and_install_puts_them_back(doubted):
    rows = Delivery.objects.filter(pk=doubted.pk)
    guards.remove(connection)
    assert rows.update(epoch=0) == 1
    guards.install(connection)
    rows.update(epoch=5)
    refused(rows, epoch=1)
