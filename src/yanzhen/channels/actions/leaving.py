"""Disconnecting: our tokens go at once, and the worker is asked to void them at the platform."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import record
from yanzhen.channels.actions.asking import new_key
from yanzhen.channels.events import ACCOUNT_DISCONNECTED, AccountDisconnected
from yanzhen.channels.models import Account, Credential, Errand
from yanzhen.channels.states import ACCOUNT
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require

#: The errand that voids what a disconnected account had; see runs.
REVOKE = "channels.revoke"


@transaction.atomic
def disconnect_account(account: Account, *, by: Member, now: datetime) -> Errand | None:
    """Forget the account's tokens and ask for them to be voided; None when there were none.

    Nothing can act as the account any more when this returns. Raises NotAllowed, and MoveRefused
    when it is disconnected already.
    """
    require(by, Decision.ACCOUNT_CONNECT, workspace_id=account.workspace_id)
    return leave(account, actor=by.ref, member=by, now=now)


def leave(account: Account, *, actor: Ref, member: Member | None, now: datetime) -> Errand | None:
    """Do so for whoever may; inside the caller's transaction. Raises MoveRefused."""
    ACCOUNT.apply(account, "disconnect", now=now, problem="", problem_detail="")
    credential = Credential.objects.select_for_update().filter(account=account).first()
    errand = None
    if credential is not None:
        errand = _void(account, credential, member=member, now=now)
        # A renewal under way finds no row to write to and voids what it was given.
        credential.delete()
    record(
        ACCOUNT_DISCONNECTED,
        AccountDisconnected(),
        actor=actor,
        subject=account.ref,
        workspace_id=account.workspace_id,
        at=now,
    )
    return errand


def _void(
    account: Account, credential: Credential, *, member: Member | None, now: datetime
) -> Errand:
    """Hand the tokens on exactly as they lie sealed: this process may not open them."""
    return Errand.objects.create(
        key=new_key(),
        kind=REVOKE,
        workspace_id=account.workspace_id,
        account=account,
        member=member,
        origin=account.origin,
        params={"kind": credential.kind, "client_id": credential.client_id},
        sealed=credential.sealed,
        for_account=True,
        due_at=now,
        asked_at=now,
        state_since_at=now,
    )
