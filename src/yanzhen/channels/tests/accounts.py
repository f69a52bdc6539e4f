"""Accounts for tests, connected to the practice server in name only."""

from __future__ import annotations

from yanzhen.channels.models import Account
from yanzhen.channels.states import AccountState
from yanzhen.people.models import Workspace
from yanzhen.people.tests.cast import NOW


def make_account(workspace: Workspace, handle: str = "Ferrow", **fields: object) -> Account:
    """Create a connected account; its remote id is derived from the handle."""
    values = {
        "workspace": workspace,
        "handle": handle,
        "name": handle,
        "remote_id": f"id-{handle}",
        "zone": "Europe/Berlin",
        "state": AccountState.CONNECTED,
        "state_since_at": NOW,
        "origin": "practice",
        **fields,
    }
    return Account.objects.create(**values)
