"""What must go on when every worker is dead: some loops run in the web process as well.

They are the worker's own loops under the worker's own leases, so that only one process at a time
runs each; see docs/adr/0015.
"""

from __future__ import annotations

import os
import threading

from yanzhen.jobs.registry import web_loops
from yanzhen.jobs.worker import Worker


class Watchdog:
    """Runs the web loops in threads of this process, and puts them back when one is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._process_id = 0

    def watch(self) -> None:
        """Start unless it runs already. Cheap: asked at start-up and with every request."""
        if self._runs():
            return
        with self._lock:
            if self._runs():
                return
            if self._worker is None or self._process_id != os.getpid():
                # A forked child has our memory and none of our threads.
                self._worker, self._process_id = Worker(web_loops()), os.getpid()
                self._worker.start()
            self._worker.revive()

    def rest(self) -> None:
        """Stop in good order and give the leases back."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None and self._process_id == os.getpid():
            worker.stop(timeout_seconds=5)

    def _runs(self) -> bool:
        worker = self._worker
        return worker is not None and self._process_id == os.getpid() and worker.is_whole()


WATCHDOG = Watchdog()
