"""Builds files and accounts for the import's tests."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from yanzhen.channels.models import Account
from yanzhen.people.models import Workspace
from yanzhen.planning.importing.plan import Source

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEADER = ("account", "date", "time", "zone", "text", "thread_2", "thread_3", "title", "campaign")


def make_account(
    workspace: Workspace,
    handle: str = "ferrow",
    *,
    zone: str = "Europe/Berlin",
    premium: bool = False,
) -> Account:
    """Create a connected account."""
    return Account.objects.create(
        workspace=workspace,
        handle=handle,
        name=handle.title(),
        remote_id=f"{workspace.pk}-{handle}",
        zone=zone,
        premium=premium,
        state="connected",
        state_since_at=NOW,
        origin="practice",
    )


def file_of(*rows, header=HEADER, name="plan.csv", **options):
    """Return a CSV source with these rows under our own columns."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return Source(name=name, content=out.getvalue().encode(), **options)


def row(
    text="Hello", *further, account="@ferrow", date="2026-06-10", time="17:00", zone="", **more
):
    """Return one row under our own columns."""
    thread = [*further, "", ""][:2]
    return [
        account,
        date,
        time,
        zone,
        text,
        *thread,
        more.get("title", ""),
        more.get("campaign", ""),
    ]
