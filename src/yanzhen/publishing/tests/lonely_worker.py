"""A worker for tests that want one in a process of its own from the start: one thread, no leases.

``python -m yanzhen.publishing.tests.lonely_worker`` reads its settings from the environment, as a
real worker does.
"""

from __future__ import annotations

import sys
import time

import django


def main() -> None:
    """Run publishing's loops until killed; says "ready" with this process's clock first."""
    django.setup()
    from yanzhen.kernel import clock  # noqa: PLC0415 -- needs the settings
    from yanzhen.publishing.engine.claim import accounts_due  # noqa: PLC0415 -- needs the settings
    from yanzhen.publishing.engine.lane import run_lane  # noqa: PLC0415 -- needs the settings
    from yanzhen.publishing.engine.reaper import reap  # noqa: PLC0415 -- needs the settings

    sys.stdout.write(f"ready {time.time()}\n")
    sys.stdout.flush()
    while True:
        reap(clock.database_now())
        for account_id in accounts_due(clock.database_now()):
            run_lane(account_id, owner="lonely")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
