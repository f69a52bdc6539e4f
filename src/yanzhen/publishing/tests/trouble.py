"""Posts in each kind of trouble, brought there by the engine and the simulated X."""

from __future__ import annotations

from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.desk import POSTING

REFUSAL = "403_not_permitted"


def make_failed(desk, count=1):
    """Posts that X refused and does not show."""
    desk.sim.fault(REFUSAL, match=POSTING, times=count)
    made = [desk.due() for _ in range(count)]
    for _ in range(count):
        desk.settle()
    assert Delivery.objects.filter(state=S.FAILED).count() == count
    return made


def make_unclear(desk, text="Held words"):
    """A post that may have landed."""
    desk.sim.fault("reject_500", match=POSTING)
    delivery = desk.due(text)
    desk.settle()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.hold_reason) == (S.HELD, HoldReason.AMBIGUOUS)
    return delivery


def make_missed(desk, count=1, *, apart=10, account=None):
    """Posts that nobody sent in time, so many minutes apart."""
    made = [desk.timed(desk.passed(account=account), minutes=apart * n) for n in range(count)]
    desk.wait(apart * 60 * count + 3600)
    desk.turn()
    found = Delivery.objects.filter(post__in=made).order_by("due_at")
    assert {d.state for d in found} == {S.MISSED}
    return list(found)
