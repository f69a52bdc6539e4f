"""``yanzhen work``: run every loop in this process; start as many as you like."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanzhen.jobs.registry import AFTER, BEFORE, CannotStart
from yanzhen.jobs.worker import Worker


class Command(BaseCommand):
    """Run the worker until SIGTERM or SIGINT."""

    help = "Run all background loops: publishing, look-ups, reminders. Any number may run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, wait for a signal, stop in good order. Raises CommandError for CannotStart."""
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
