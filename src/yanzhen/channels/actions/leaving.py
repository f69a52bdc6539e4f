"""Disconnecting: our tokens go at once, and the worker is asked to void them at the platform."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import SYSTEM, record
from yanzhen.channels.actions.asking import new_key
from yanzhen.channels.actions.starting import CONNECT, KEYS, PRACTICE
from yanzhen.channels.errands import NOT_ALLOWED
from yanzhen.channels.events import ACCOUNT_DISCONNECTED, AccountDisconnected
from yanzhen.channels.models import Account, Connecting, Credential, Errand
from yanzhen.channels.states import ACCOUNT, ERRAND, AccountState, ErrandState
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require

#: The errand that voids what a disconnected account had; see runs.
REVOKE = "channels.revoke"
CONNECTS = (CONNECT, KEYS, PRACTICE)
MOST_TRIES = 5


@transaction.atomic
def disconnect_account(account: Account, *, by: Member, now: datetime) -> Errand | None:
    """Forget the account's tokens and ask for them to be voided; None when there were none.

    Nothing can act as the account any more when this returns. Raises NotAllowed, and MoveRefused
    when it is disconnected already.
    """
    require(by, Decision.ACCOUNT_CONNECT, workspace_id=account.workspace_id, account_id=account.pk)
    return leave(account, actor=by.ref, member=by, now=now)


def revoke_all(workspace: Workspace, *, by: Member | None, now: datetime) -> list[Errand]:
    """Disconnect every account of the workspace and ask for all their keys to be voided.

    Connections that are being made come to nothing as well. ``by`` None is the operator at the
    command line. Each account goes by itself, so that one in trouble holds up none. Raises
    NotAllowed.
    """
    if by is not None:
        require(by, Decision.ACCOUNT_CONNECT, workspace_id=workspace.pk)
    _stop_connecting(workspace, now=now)
    held = Account.objects.filter(workspace=workspace).exclude(state=AccountState.DISCONNECTED)
    errands = []
    for account in held.in_order():
        errand = _leave_surely(account, by=by, now=now)
        if errand is not None:
            errands.append(errand)
    return errands


def _leave_surely(account: Account, *, by: Member | None, now: datetime) -> Errand | None:
    actor = SYSTEM if by is None else by.ref
    for _try in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return leave(account, actor=actor, member=by, now=now)
        except MoveRefused:
            # Something moved it at this very moment; it goes all the same.
            account.refresh_from_db()
            if account.state == AccountState.DISCONNECTED:
                return None
    raise MoveRefused(account, "disconnect", account.state)


def _stop_connecting(workspace: Workspace, *, now: datetime) -> None:
    Connecting.objects.filter(member__workspace=workspace, used_at=None).update(used_at=now)
    for errand in Errand.objects.filter(
        workspace=workspace, kind__in=CONNECTS, state=ErrandState.ASKED
    ):
        try:
            answer = {"code": NOT_ALLOWED, "words": {}}
            ERRAND.apply(errand, "fail", now=now, done_at=now, sealed=b"", answer=answer)
        except MoveRefused:
            continue


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
