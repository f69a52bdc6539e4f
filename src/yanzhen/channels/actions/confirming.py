"""Saying that the account whose keys have come is the one that was meant, or that it is not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.channels.actions.leaving import leave
from yanzhen.channels.actions.stepping import finish_steps
from yanzhen.channels.events import (
    ACCOUNT_CONNECTED,
    ACCOUNT_TURNED_AWAY,
    AccountConnected,
    AccountTurnedAway,
)
from yanzhen.channels.models import Account, Credential, Errand
from yanzhen.channels.states import ACCOUNT
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require


@transaction.atomic
def confirm_account(account: Account, *, by: Member, now: datetime) -> Account:
    """Let posts go out to an account that was waiting for this.

    Raises NotAllowed, and MoveRefused when it does not wait any more.
    """
    require(by, Decision.ACCOUNT_CONNECT, workspace_id=account.workspace_id, account_id=account.pk)
    ACCOUNT.apply(account, "confirm", now=now, connected_by=by)
    finish_steps(by)
    kind = Credential.objects.values_list("kind", flat=True).get(account=account)
    record(
        ACCOUNT_CONNECTED,
        AccountConnected(kind, again=False),
        actor=by.ref,
        subject=account.ref,
        workspace_id=account.workspace_id,
        at=now,
    )
    return account


@transaction.atomic
def turn_away(account: Account, *, by: Member, now: datetime) -> Errand | None:
    """Say that another account was meant: its keys go and are voided, and nobody sees it again.

    Raises NotAllowed, and MoveRefused when it does not wait any more.
    """
    require(by, Decision.ACCOUNT_CONNECT, workspace_id=account.workspace_id, account_id=account.pk)
    if not account.waits_for_word:
        raise MoveRefused(account, "turn away", account.state)
    Account.objects.filter(pk=account.pk).update(turned_away=True)
    errand = leave(account, actor=by.ref, member=by, now=now)
    record(
        ACCOUNT_TURNED_AWAY,
        AccountTurnedAway(),
        actor=by.ref,
        subject=account.ref,
        workspace_id=account.workspace_id,
        at=now,
    )
    return errand
