"""The accounts that people may bind a role to, told to the room below that asks."""

from __future__ import annotations

from collections.abc import Sequence

from yanzhen.channels.models import Account
from yanzhen.people.ports import Place, tell_accounts


def _places(workspace_id: int) -> Sequence[Place]:
    found = Account.objects.filter(workspace_id=workspace_id, turned_away=False).in_order()
    return [Place(account.pk, f"@{account.handle}") for account in found]


tell_accounts(_places)
