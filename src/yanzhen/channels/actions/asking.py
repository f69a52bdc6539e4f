"""Asking the worker for what a page may not do itself; see errands.py."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yanzhen.channels.errands import KINDS
from yanzhen.channels.models import Account, Errand
from yanzhen.channels.platforms import platform
from yanzhen.channels.states import ErrandState
from yanzhen.channels.vault import Place, vault
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require

#: The errand that asks the platform about an account; see runs.
CHECK = "channels.check"
_KEY_BYTES = 24


@transaction.atomic
def ask_errand(
    kind: str,
    *,
    by: Member,
    decision: Decision,
    now: datetime,
    account: Account | None = None,
    secret: Mapping[str, str] | None = None,
    params: Mapping[str, Any] | None = None,
) -> Errand:
    """Ask for an errand of ``kind`` and return it; its page is ``accounts-errand``.

    ``decision`` is what ``by`` needs for it. ``secret`` is sealed for the worker, ``params`` are
    plain. Without a secret, one that is asked for already and not over is returned again. Raises
    NotAllowed, and VaultClosed while there is no key to seal with.
    """
    workspace_id = by.workspace_id if account is None else account.workspace_id
    account_id = None if account is None else account.pk
    require(by, decision, workspace_id=workspace_id, account_id=account_id)
    if kind not in KINDS:
        raise LookupError(f"no errand is called {kind}")
    plain = dict(params or {})
    if not secret:
        same = Errand.objects.visible_to(by).filter(kind=kind, account=account, params=plain)
        under_way = same.filter(state__in=[ErrandState.ASKED, ErrandState.DOING]).first()
        if under_way is not None:
            return under_way
    key, origin = new_key(), platform("x").origin
    place = Place(workspace_id, key, "errand", origin)
    sealed = vault().seal(json.dumps(dict(secret)).encode(), place) if secret else b""
    return Errand.objects.create(
        key=key,
        kind=kind,
        workspace_id=workspace_id,
        account=account,
        member=by,
        origin=origin,
        params=plain,
        sealed=sealed,
        due_at=now,
        asked_at=now,
        state_since_at=now,
    )


def ask_check(account: Account, *, by: Member, now: datetime, back: str = "") -> Errand:
    """Have the worker ask the platform whose tokens these are. Raises NotAllowed.

    ``back`` "health" leads back to the page about all connections, "" to the account's own.
    """
    return ask_errand(
        CHECK,
        by=by,
        decision=Decision.ACCOUNT_CONNECT,
        account=account,
        params={"from": back} if back else {},
        now=now,
    )


def new_key() -> str:
    """Return the random word that an errand's page is found by."""
    return secrets.token_urlsafe(_KEY_BYTES)
