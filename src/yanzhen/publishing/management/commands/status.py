"""``yanzhen status``: is everything going out as it should? For people and for monitoring.

Exit code 0: all well. 1: something wants a look. 2: something public is going wrong, or will.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from yanzhen.jobs.models import Lease
from yanzhen.jobs.registry import LOOPS
from yanzhen.kernel import clock
from yanzhen.notify.models import Letter
from yanzhen.notify.states import LetterState
from yanzhen.publishing.engine import watch
from yanzhen.publishing.models import Gate

FINE, LOOK, BAD = 0, 1, 2
WORDS = {FINE: "ok", LOOK: "look", BAD: "BAD"}
#: Longer than the slowest loop rests, and than one turn of it may take.
LOOP_SILENT_AFTER = timedelta(minutes=5)
#: What was given up longer ago stands on the page of what did not arrive.
GIVEN_UP_LATELY = timedelta(days=1)
#: Longer spans are told in minutes.
IN_SECONDS = 120
CLOCKS_DIFFER, CLOCKS_FAR_APART = timedelta(seconds=1), timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    level: int
    text: str


class Command(BaseCommand):
    """Print what stands how, and exit with the worst of it."""

    help = (
        "Show workers, late posts, freezes, clocks and mails. "
        "Exits with 0 when all is well, 1 when something wants a look, 2 when posts are in danger."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at everything; a database that does not answer is the worst finding of all."""
        try:
            now = clock.database_now()
            found = [*_workers(now), *_late(now), *_gates(), *_clocks(), *_letters()]
        except DatabaseError as error:
            found = [Finding(BAD, f"the database does not answer: {error}".strip())]
        for finding in found:
            self.stdout.write(f"{WORDS[finding.level]:<5}{finding.text}")
        worst = max(finding.level for finding in found)
        if worst:
            sys.exit(worst)


def _ago(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    seconds = max(0, int((now - at).total_seconds()))
    return f"{seconds} s ago" if seconds < IN_SECONDS else f"{seconds // 60} min ago"


def _workers(now: datetime) -> Iterator[Finding]:
    """The sending loop decides whether a worker lives; the others want a look when they rest."""
    answered_at = watch.last_answer()
    if watch.is_silent(answered_at, now=now):
        yield Finding(BAD, f"no worker: last answer {_ago(answered_at, now)}; start `yanzhen work`")
    else:
        yield Finding(FINE, f"a worker runs: last answer {_ago(answered_at, now)}")
    rows = {lease.name: lease for lease in Lease.objects.filter(name__in=LOOPS)}
    for name in sorted(LOOPS):
        lease = rows.get(name)
        yield _loop(name, lease, now)


def _loop(name: str, lease: Lease | None, now: datetime) -> Finding:
    if lease is None or lease.ok_at is None:
        return Finding(LOOK, f"loop {name}: has not run yet")
    said = f"loop {name}: {_ago(lease.ok_at, now)}, {lease.owner or 'every worker'}"
    if lease.last_error:
        return Finding(LOOK, f"{said}; last error: {lease.last_error}")
    silent = now - lease.ok_at > LOOP_SILENT_AFTER
    return Finding(LOOK if silent else FINE, said)


def _late(now: datetime) -> Iterator[Finding]:
    found = watch.late(now=now)
    if not found:
        yield Finding(FINE, "no post is late")
    for why, count in Counter(one.why for one in found).items():
        first = next(one for one in found if one.why == why)
        yield Finding(
            LOOK if first.excused else BAD,
            f"late: {count} ({why.value}), first post {first.delivery.post_id} on "
            f"{first.delivery.account}, due {first.delivery.due_at:%Y-%m-%d %H:%M} UTC",
        )


def _gates() -> Iterator[Finding]:
    gates = list(Gate.objects.filter(frozen=True).order_by("pk"))
    if not gates:
        yield Finding(FINE, "nothing is frozen")
    for gate in gates:
        since = f" since {gate.changed_at:%Y-%m-%d %H:%M} UTC" if gate.changed_at else ""
        yield Finding(LOOK, f"frozen: {gate.key}{since}: {gate.reason}")


def _clocks() -> Iterator[Finding]:
    ahead = clock.database_ahead()
    level = FINE
    if abs(ahead) > CLOCKS_DIFFER:
        level = BAD if abs(ahead) > CLOCKS_FAR_APART else LOOK
    seconds = round(ahead.total_seconds(), 1) + 0.0
    yield Finding(level, f"database clock: {seconds:+} s against this machine's")


def _letters() -> Iterator[Finding]:
    """Mails and other messages: those that fail and are tried again, and those given up."""
    since = clock.database_now() - GIVEN_UP_LATELY
    failed = Letter.objects.dead().filter(settled_at__gte=since).count()
    trying = Letter.objects.filter(state=LetterState.DUE, tries__gt=0).exclude(error="")
    last = trying.order_by("-pk").values_list("error", flat=True).first()
    if last:
        yield Finding(LOOK, f"{trying.count()} mails or messages have not left yet: {last}")
    if failed:
        yield Finding(LOOK, f"{failed} mails or messages were given up within a day")
    if not failed and not last:
        yield Finding(FINE, "no mail or message is stuck")
