"""``yanzhen work``: run every loop in this process; start as many as you like."""

from __future__ import annotations

import signal
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanzhen.jobs.registry import AFTER, BEFORE, CannotStart
from yanzhen.jobs.worker import Worker
from yanzhen.kernel import clock

SUSPECT = timedelta(seconds=1)
TOO_FAR = timedelta(seconds=5)


class Command(BaseCommand):
    """Run the worker until SIGTERM or SIGINT."""

    help = "Run all background loops: publishing, look-ups, reminders. Any number may run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, wait for a signal, stop in good order. Refuses to start beside a wrong clock."""
        self._compare_clocks()
        worker = Worker(before=BEFORE, after=AFTER)
        waiting = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, waiting)
        try:
            worker.start()
        except CannotStart as why:
            raise CommandError(str(why)) from None
        self.stdout.write(f"worker {worker.name} runs")
        signal.sigwait(waiting)
        self.stdout.write("worker stops")
        worker.stop()

    def _compare_clocks(self) -> None:
        """Posts go out by the database's clock; when it differs from ours, one of them is wrong."""
        ahead = clock.database_ahead()
        if abs(ahead) <= SUSPECT:
            return
        way = "ahead of" if ahead > timedelta(0) else "behind"
        said = (
            f"The database's clock is {abs(ahead).total_seconds():.1f} s {way} this machine's. "
            "Set both by the same time servers (NTP)."
        )
        if abs(ahead) > TOO_FAR:
            raise CommandError(f"{said} The worker does not start while they are so far apart.")
        self.stderr.write(f"Warning: {said}")
