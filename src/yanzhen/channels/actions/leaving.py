"""Disconnecting: our tokens go first, then the platform is asked to void them."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.channels.actions import keys
from yanzhen.channels.events import ACCOUNT_DISCONNECTED, AccountDisconnected
from yanzhen.channels.models import Account, Credential
from yanzhen.channels.platforms import platform
from yanzhen.channels.ports import AppKeys, PlatformError, Tokens
from yanzhen.channels.states import ACCOUNT
from yanzhen.channels.vault import VaultClosed, WrongSeal
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require

logger = logging.getLogger(__name__)


def disconnect_account(account: Account, *, by: Member, now: datetime) -> None:
    """Forget the account's tokens, then ask the platform to void them as well, as far as it goes.

    Raises NotAllowed, and MoveRefused when it is disconnected already.
    """
    require(by, Decision.ACCOUNT_CONNECT, workspace_id=account.workspace_id)
    held = _tokens_to_void(account)
    _disconnect(account, by=by, now=now)
    if held is None:
        return
    try:
        platform(account.platform).revoke(*held)
    except PlatformError as error:
        logger.warning("account %s: tokens not revoked at X: %s", account.pk, error.code)


@transaction.atomic
def _disconnect(account: Account, *, by: Member, now: datetime) -> None:
    require(by, Decision.ACCOUNT_CONNECT, workspace_id=account.workspace_id)
    ACCOUNT.apply(account, "disconnect", now=now, problem="", problem_detail="")
    Credential.objects.filter(account=account).delete()
    record(
        ACCOUNT_DISCONNECTED,
        AccountDisconnected(),
        actor=by.ref,
        subject=account.ref,
        workspace_id=account.workspace_id,
        at=now,
    )


def _tokens_to_void(account: Account) -> tuple[AppKeys, Tokens] | None:
    credential = Credential.objects.filter(account=account, kind="oauth2").first()
    row = keys.app_of(account.workspace_id, account.platform, account.origin)
    if credential is None or row is None or row.client_id != credential.client_id:
        return None
    if account.origin != platform(account.platform).origin:
        return None
    try:
        return keys.open_app(row), keys.open_tokens(account, credential)[1]
    except (VaultClosed, WrongSeal) as trouble:
        logger.warning("account %s: tokens not revoked at X: %s", account.pk, trouble)
        return None
