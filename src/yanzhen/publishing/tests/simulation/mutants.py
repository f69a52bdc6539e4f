"""The engine broken on purpose, one promise at a time: each must be caught by some seed.

A mutant replaces named functions. One whose target was renamed fails loudly, so that nobody takes
an engine for proven by mutants that change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.db.models import Exists, F

from yanzhen.channels.ports import SendResult, Sent
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.publishing.engine import lane, outcome, reconcile, send
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import Conclusion, Doubt
from yanzhen.publishing.states import DeliveryState as S

ENGINE = "yanzhen.publishing.engine."
ACTIONS = "yanzhen.publishing.actions."


def reaper_resends(now) -> int:
    """A send past its deadline goes back into the queue, as most job queues do."""
    late = Delivery.objects.filter(state=S.SENDING, lease_until_at__lt=now)
    for delivery in late:
        try:
            outcome.back_to_scheduled(delivery, retry_at=now, now=now)
        except MoveRefused:
            continue
    return len(late)


def retries_after_5xx(delivery, attempt, result, *, now) -> None:
    """An error of X's servers is taken for proof that nothing was created."""
    if result.status is not None and result.status >= 500:
        result = SendResult(Sent.UNSENT, "unsent", result.status)
    _real_conclude(delivery, attempt, result, now=now)


def believes_refusals(delivery, attempt, result, *, now) -> None:
    """A 403, duplicates among them, is a failure at once; nobody looks."""
    _real_conclude(delivery, attempt, result, now=now)
    if result.status == 403:
        delivery.refresh_from_db()
        outcome.refuse(delivery, note=result.detail, now=now)


def publishes_without_an_id(delivery, attempt, result, *, now) -> None:
    """Any 2xx is a success, whether X named the post or not."""
    if result.status == 201 and not result.post_id:
        result = replace(result, sent=Sent.CREATED, post_id=f"9{delivery.pk}")
    _real_conclude(delivery, attempt, result, now=now)


def moves_without_a_fence(machine, row, move_name, *, now, **writes) -> str:
    """The compare-and-set forgets the version it read: any worker's result counts."""
    move = machine.moves[move_name]
    rows = type(row)._default_manager.filter(pk=row.pk)
    moved = rows.filter(state__in=move.sources).update(
        **writes, state=move.target, state_version=F("state_version") + 1, state_since_at=now
    )
    if not moved:
        raise MoveRefused(row, move_name, "elsewhere")
    old = row.state
    row.refresh_from_db()
    return old


def sends_however_late(order, line, what, *, began):
    """The monotonic deadline starts again when the process wakes."""
    return _real_send_once(order, line, what, began=send.time.monotonic())


def takes_a_failed_look_for_absence(delivery, *, now):
    """A look-up that did not work counts as one that found nothing."""
    seen = _real_look(delivery, now=now)
    return replace(seen, proven=True, keys_refused=False)


def resends_after_an_empty_look(delivery, seen, *, now) -> None:
    """Whatever is not found once is sent again by itself."""
    if seen.proven and delivery.doubt == Doubt.UNKNOWN:
        outcome.close_attempts(delivery, Conclusion.ABSENT, now=now)
        outcome.requeue(delivery, now=now)
    else:
        _real_follow(delivery, seen, now=now)


def nothing(*_args: Any, **_more: Any) -> int:
    """Stand in for a check that is left out."""
    return 0


def no_lane_is_busy():
    """Nothing of an account is ever in the way."""
    return Exists(Delivery.objects.none())


def own_clock():
    """The time of the worker's machine, right or wrong."""
    return clock.now()


_real_conclude = lane.conclude
_real_send_once = send.send_once
_real_look = reconcile.look
_real_follow = reconcile._follow


@dataclass(frozen=True)
class Mutant:
    """``changes`` maps dotted targets to what stands there instead.

    ``seen_by`` is a seed that is known to catch it.
    """

    name: str
    changes: dict[str, Callable[..., Any] | object]
    seen_by: int

    def put_in(self, monkeypatch) -> None:
        """Break the engine; raises when a target is no longer there."""
        for target, change in self.changes.items():
            path, _, name = target.rpartition(".")
            try:
                holder: Any = import_module(path)
            except ModuleNotFoundError:
                module, _, inner = path.rpartition(".")
                holder = getattr(import_module(module), inner)
            monkeypatch.setattr(holder, name, change, raising=True)


MUTANTS = (
    Mutant("the reaper resends", {ENGINE + "reaper._doubt_sends": reaper_resends}, seen_by=2),
    Mutant("a 5xx is retried", {ENGINE + "lane.conclude": retries_after_5xx}, seen_by=58),
    Mutant(
        "an empty look resends",
        {ENGINE + "reconcile._follow": resends_after_an_empty_look},
        seen_by=5,
    ),
    Mutant("no fence", {"yanzhen.kernel.machine.Machine.apply": moves_without_a_fence}, seen_by=19),
    Mutant("no gate is asked", {ENGINE + "intent._check_gates": nothing}, seen_by=16),
    Mutant("no approval is asked", {ENGINE + "intent._check_content": nothing}, seen_by=34),
    Mutant("no monotonic deadline", {ENGINE + "lane.send_once": sends_however_late}, seen_by=9),
    Mutant(
        "published without an id", {ENGINE + "lane.conclude": publishes_without_an_id}, seen_by=136
    ),
    Mutant("busy lanes are ignored", {ENGINE + "claim._lane_is_busy": no_lane_is_busy}, seen_by=7),
    Mutant(
        "a failed look is absence",
        {ENGINE + "reconcile.look": takes_a_failed_look_for_absence},
        seen_by=36,
    ),
    Mutant(
        "an unfreeze sends what it missed",
        {ACTIONS + "overdue._leave": nothing, ENGINE + "reaper.hold_frozen": nothing},
        seen_by=21,
    ),
    Mutant("refusals are believed", {ENGINE + "lane.conclude": believes_refusals}, seen_by=36),
    Mutant(
        "X is believed after a minute",
        {
            ACTIONS + "looking.SETTLED_AFTER": timedelta(seconds=60),
            ENGINE + "matching.SETTLED_AFTER": timedelta(seconds=60),
        },
        seen_by=65,
    ),
    Mutant(
        "each worker trusts its own clock",
        {"yanzhen.kernel.clock.database_now": own_clock},
        seen_by=6,
    ),
)
