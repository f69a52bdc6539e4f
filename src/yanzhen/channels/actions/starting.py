"""The site's half of connecting: sending people to the platform, and taking up what comes back.

Everything that needs a secret opened is handed to the worker; see connecting.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from yanzhen.channels.actions.asking import ask_errand
from yanzhen.channels.models import Account, Connecting, DeveloperApp, Errand
from yanzhen.channels.platforms import platform, practice_server
from yanzhen.channels.ports import AppKeys, Platform
from yanzhen.channels.vault import Place, vault
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require, require_somewhere

#: The errands that connect; see runs.
CONNECT = "channels.connect"
KEYS = "channels.keys"
PRACTICE = "channels.practice"
AWAY = timedelta(minutes=10)
ABANDONED = timedelta(days=1)


class NoPractice(Exception):
    """X is the real X here: nobody makes accounts for the asking."""


class CannotConnect(Exception):
    """The account was not connected. ``code`` says why, ``words`` fill the sentence about it.

    Codes: no_app, not_waiting, denied, app_refused, code_refused, callback_refused, keys_refused,
    wrong_account, elsewhere, practice_closed, scopes_missing, forbidden, no_credits, rate_limited,
    unreachable, sealed. See diagnosis.
    """

    def __init__(self, code: str, **words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
        #: Which account was to be connected again, when that is known.
        self.account: Account | None = None


def start_connecting(
    member: Member, account: Account | None, *, redirect_uri: str, now: datetime, slug: str = "x"
) -> str:
    """Return the platform's page where the account's owner agrees; good for ten minutes.

    ``account`` is the one to connect again, None for a new one. Raises NotAllowed, CannotConnect.
    """
    require(
        member,
        Decision.ACCOUNT_CONNECT,
        workspace_id=member.workspace_id,
        account_id=None if account is None else account.pk,
    )
    there = platform(slug)
    refuse_elsewhere(account, there)
    app = DeveloperApp.objects.of(member.workspace_id, slug, there.origin)
    if app is None:
        raise CannotConnect("no_app")
    verifier = secrets.token_urlsafe(64)
    state = secrets.token_urlsafe(32)
    Connecting.objects.create(
        state=state,
        member=member,
        account=account,
        platform=slug,
        origin=there.origin,
        client_id=app.client_id,
        redirect_uri=redirect_uri,
        sealed_verifier=vault().seal(
            verifier.encode(), Place(member.workspace_id, state, "code_verifier", there.origin)
        ),
        expires_at=now + AWAY,
    )
    return there.authorize_url(
        AppKeys(client_id=app.client_id),
        redirect_uri=redirect_uri,
        state=state,
        code_challenge=_challenge(verifier),
    )


def take_up(member: Member, state: str, *, now: datetime) -> Connecting:
    """Use up the start that ``state`` belongs to. Raises CannotConnect when there is none left."""
    rows = Connecting.objects.filter(state=state, member=member, used_at=None, expires_at__gt=now)
    if rows.update(used_at=now) != 1:
        raise CannotConnect("not_waiting")
    return Connecting.objects.select_related("account").get(state=state)


@transaction.atomic
def answer_connecting(
    member: Member, *, state: str, code: str, now: datetime, error: str = ""
) -> Errand:
    """Take what the platform sent the member back with, and have the worker trade the code.

    ``code`` "" means the owner did not agree or, with an ``error`` of the platform's, could not.
    Works once per start, for the member who started. Raises NotAllowed, CannotConnect.
    """
    require_somewhere(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
    waiting = take_up(member, state, now=now)
    if not code:
        words = {"detail": error[:100]} if error else {}
        refused = CannotConnect("x_page_error" if error else "denied", **words)
        refused.account = waiting.account
        raise refused
    return ask_errand(
        CONNECT,
        by=member,
        decision=Decision.ACCOUNT_CONNECT,
        account=waiting.account,
        secret={"state": state, "code": code},
        now=now,
    )


def ask_about_keys(
    member: Member, account: Account | None, *, keys: Mapping[str, str], now: datetime
) -> Errand:
    """Have the worker check four pasted OAuth 1.0a keys and connect with them.

    ``keys`` by their names in KeysForm. ``account`` is the one to connect again, None for a new
    one. Raises NotAllowed, CannotConnect.
    """
    refuse_elsewhere(account, platform("x"))
    return ask_errand(
        KEYS,
        by=member,
        decision=Decision.ACCOUNT_CONNECT,
        account=account,
        secret=keys,
        now=now,
    )


def ask_for_practice(member: Member, *, now: datetime, then: str = "") -> Errand:
    """Have the practice server make an account after the workspace's name, and connect it.

    ``then`` names the address that the member goes on to, "" for the account's own page. Raises
    NotAllowed, NoPractice.
    """
    require(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
    if practice_server() is None:
        raise NoPractice
    params = {"then": then} if then else {}
    return ask_errand(
        PRACTICE, by=member, decision=Decision.ACCOUNT_CONNECT, params=params, now=now
    )


def forget_abandoned(*, now: datetime) -> int:
    """Delete starts that ended a day ago or more; return how many."""
    return Connecting.objects.filter(expires_at__lt=now - ABANDONED).delete()[0]


def refuse_elsewhere(account: Account | None, there: Platform) -> None:
    """Raise CannotConnect when the account belongs to another server than the one in use."""
    if account is not None and account.origin != there.origin:
        raise CannotConnect("elsewhere", handle=account.handle)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
