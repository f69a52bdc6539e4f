"""Asking the platform whose tokens these are, before a post depends on it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from yanzhen.activity.spine import SYSTEM, record
from yanzhen.channels.actions.authority import NotConnected, lost_authority, open_session
from yanzhen.channels.actions.losing import lose, note, problem_of
from yanzhen.channels.events import ACCOUNT_RENAMED, AccountRenamed
from yanzhen.channels.models import Account, Credential
from yanzhen.channels.ports import PlatformError, Profile
from yanzhen.channels.states import Problem

EVERY = timedelta(hours=4)
AFTER_TROUBLE = timedelta(minutes=10)


def check_account(account: Account, *, now: datetime) -> bool:
    """Ask the platform whose tokens these are and tell whether all is well.

    Takes over handle, name and premium; notes what is wrong; moves the account to "needs
    reconnecting" when the tokens are refused or somebody else's. Raises nothing for either.
    """
    _next_check(account, at=now + AFTER_TROUBLE)
    try:
        found = _ask(account, now=now)
    except NotConnected as gone:
        if account.is_connected:
            note(account, gone.problem)
        _answered(account, gone.problem or account.state, now=now)
        return False
    except PlatformError as error:
        # A refused app shows as such; the words of the call that failed for it say less.
        told = account.problem == Problem.APP_REFUSED
        note(account, account.problem if told else problem_of(error), detail=error.detail)
        _answered(account, error.code, status=error.status, detail=error.detail, now=now)
        if error.retry_at is not None:
            _next_check(account, at=max(error.retry_at, now + AFTER_TROUBLE))
        return False
    if found.id != account.remote_id:
        lose(account, Problem.WRONG_ACCOUNT, detail=f"@{found.handle}", now=now)
        _answered(account, Problem.WRONG_ACCOUNT, status=200, now=now)
        return False
    _take_over(account, found, now=now)
    _answered(account, "ok", status=200, now=now)
    Credential.objects.filter(account=account).update(
        checked_at=now, check_due_at=now + EVERY, may_write=found.may_write
    )
    return True


def _ask(account: Account, *, now: datetime) -> Profile:
    """Return whose tokens these are, after one renewal if the first answer is 401."""
    session = open_session(account, now=now, check=True)
    try:
        return session.me()
    except PlatformError as error:
        if error.code != "unauthorised":
            raise
    if not lost_authority(account, generation=session.generation, now=now):
        raise NotConnected(account, account.problem)
    return open_session(account, now=now, check=True).me()


def _answered(
    account: Account, code: str, *, now: datetime, status: int | None = None, detail: str = ""
) -> None:
    """Remember what this check came to, for the page about the health of connections."""
    Credential.objects.filter(account=account).update(
        answered_at=now, answer=code[:20], answer_status=status, answer_detail=detail[:500]
    )


def _next_check(account: Account, *, at: datetime) -> None:
    Credential.objects.filter(account=account).update(check_due_at=at)


@transaction.atomic
def _take_over(account: Account, found: Profile, *, now: datetime) -> None:
    before = account.handle
    account.handle, account.name, account.avatar_url = found.handle, found.name, found.avatar_url
    if account.premium_override is None:
        account.premium = found.premium
    account.problem = account.problem_detail = ""
    changed = Account.objects.filter(pk=account.pk, state_version=account.state_version).update(
        handle=account.handle,
        name=account.name,
        avatar_url=account.avatar_url,
        premium=account.premium,
        problem="",
        problem_detail="",
    )
    if changed and before != found.handle:
        record(
            ACCOUNT_RENAMED,
            AccountRenamed(before, found.handle),
            actor=SYSTEM,
            subject=account.ref,
            workspace_id=account.workspace_id,
            at=now,
        )
