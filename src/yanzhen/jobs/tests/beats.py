"""Heartbeats for tests that need a worker to have answered, and run none."""

from __future__ import annotations

from datetime import UTC, datetime

from yanzhen.jobs.models import Lease

ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)


def worker_answers(at: datetime = ALWAYS) -> None:
    """Let the sending loop have answered last at ``at``, whatever the clock of the test says."""
    Lease.objects.update_or_create(name="publishing.publish", defaults={"ok_at": at})
