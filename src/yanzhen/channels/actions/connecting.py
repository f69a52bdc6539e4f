"""The worker's half of connecting: trading codes, asking whose tokens these are, keeping them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from yanzhen.activity.spine import record
from yanzhen.channels.actions import keys
from yanzhen.channels.actions.checking import EVERY
from yanzhen.channels.actions.starting import CannotConnect, refuse_elsewhere, take_up
from yanzhen.channels.diagnosis import Doing, cause_of, words_of
from yanzhen.channels.events import (
    ACCOUNT_CONNECTED,
    ACCOUNT_OFFERED,
    AccountConnected,
    AccountOffered,
)
from yanzhen.channels.models import Account, Colour, Connecting, Credential, DeveloperApp
from yanzhen.channels.opening import opener
from yanzhen.channels.pictures import take_picture
from yanzhen.channels.platforms import platform
from yanzhen.channels.ports import AppKeys, Platform, PlatformError, Profile, Tokens
from yanzhen.channels.scopes import NEEDED
from yanzhen.channels.states import ACCOUNT, AccountState
from yanzhen.channels.vault import VaultClosed, WrongSeal
from yanzhen.kernel import clock
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require, require_somewhere

#: X refuses signatures from clocks that are further away than this.
CLOCKS_APART_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Proven:
    """Tokens, the app they were made for, and whose they are as the platform said just now."""

    app: AppKeys
    tokens: Tokens
    profile: Profile


def finish_connecting(member: Member, *, state: str, code: str, now: datetime) -> Account:
    """Trade the code the platform sent back, and connect the account it is for.

    ``code`` "" means the owner did not agree. Works once per start, for the member who started. A
    new account waits for confirmation. Raises NotAllowed, CannotConnect.
    """
    require_somewhere(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
    return trade_code(take_up(member, state, now=now), by=member, code=code, now=now)


def trade_code(waiting: Connecting, *, by: Member, code: str, now: datetime) -> Account:
    """Do so for a start that is taken up already. Raises as finish_connecting does."""
    try:
        return _trade_code(by, waiting, code=code, now=now)
    except CannotConnect as refused:
        refused.account = waiting.account
        raise


def _trade_code(member: Member, waiting: Connecting, *, code: str, now: datetime) -> Account:
    if not code:
        raise CannotConnect("denied")
    there = platform(waiting.platform)
    row = DeveloperApp.objects.of(member.workspace_id, waiting.platform, there.origin)
    if row is None or row.client_id != waiting.client_id or there.origin != waiting.origin:
        raise CannotConnect("not_waiting")
    try:
        app = keys.open_app(row)
        verifier = opener().open(waiting.sealed_verifier, waiting.verifier_place)
        tokens = there.exchange(
            app,
            code=code,
            redirect_uri=waiting.redirect_uri,
            code_verifier=verifier.decode(),
            now=now,
        )
    except (VaultClosed, WrongSeal) as closed:
        raise CannotConnect("sealed") from closed
    except PlatformError as error:
        raise refused_by(error, doing=Doing.CODE) from error
    missing = NEEDED - set(tokens.scopes)
    if missing:
        _give_back(there, app, tokens)
        raise CannotConnect("scopes_missing", scopes=" ".join(sorted(missing)))
    return connect_with_tokens(
        member,
        waiting.account,
        app=app,
        tokens=tokens,
        now=now,
        slug=waiting.platform,
        confirmed=False,
    )


def paste_keys(
    member: Member,
    account: Account | None,
    *,
    app: AppKeys,
    access_token: str,
    access_secret: str,
    now: datetime,
    slug: str = "x",
) -> Account:
    """Connect with the four OAuth 1.0a keys of one account, after a live check.

    A new account waits for confirmation. Raises NotAllowed, CannotConnect.
    """
    tokens = Tokens("oauth1", access_token, secret=access_secret)
    return connect_with_tokens(
        member, account, app=app, tokens=tokens, now=now, slug=slug, confirmed=False
    )


def connect_with_tokens(
    member: Member,
    account: Account | None,
    *,
    app: AppKeys,
    tokens: Tokens,
    now: datetime,
    slug: str = "x",
    confirmed: bool = True,
) -> Account:
    """Ask the platform whose ``tokens`` these are and connect that account with them.

    ``account`` insists on one account: tokens of another are refused, and OAuth 2.0 ones revoked.
    Without it and not ``confirmed``, an account that is not in use here yet waits for somebody to
    say that it is the right one; see confirming. Raises NotAllowed, CannotConnect.
    """
    require(
        member,
        Decision.ACCOUNT_CONNECT,
        workspace_id=member.workspace_id,
        account_id=None if account is None else account.pk,
    )
    there = platform(slug)
    refuse_elsewhere(account, there)
    try:
        profile = there.session(app, tokens).me()
    except PlatformError as error:
        raise _not_theirs(error, there, tokens) from error
    if profile.may_write is False:
        raise CannotConnect("read_only", handle=profile.handle)
    if account is not None and account.remote_id != profile.id:
        _give_back(there, app, tokens)
        raise CannotConnect("wrong_account", expected=account.handle, found=profile.handle)
    proven = _Proven(app, tokens, profile)
    found = _connect(member, there, proven, sure=confirmed or account is not None, now=now)
    # Only now: nothing as slow as a picture may stand between X's tokens and their row.
    take_picture(found, there)
    return found


def refused_by(error: PlatformError, *, doing: Doing) -> CannotConnect:
    """Return what to raise for an error of the platform's."""
    return CannotConnect(cause_of(error, doing=doing), **words_of(error))


def _not_theirs(error: PlatformError, there: Platform, tokens: Tokens) -> CannotConnect:
    doing = Doing.KEYS if tokens.kind == "oauth1" else Doing.OWNER
    if doing == Doing.KEYS and error.code == "unauthorised":
        # A signature holds the time, so a wrong clock looks just like wrong keys.
        theirs = there.their_time()
        apart = abs((clock.now() - theirs).total_seconds()) if theirs else 0
        if apart > CLOCKS_APART_SECONDS:
            return CannotConnect("clock_wrong", seconds=str(round(apart)), **words_of(error))
    return refused_by(error, doing=doing)


@transaction.atomic
def _connect(
    member: Member, there: Platform, proven: _Proven, *, sure: bool, now: datetime
) -> Account:
    require_somewhere(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
    profile = proven.profile
    position = Account.objects.filter(workspace_id=member.workspace_id).count()
    account, is_new = Account.objects.get_or_create(
        workspace_id=member.workspace_id,
        origin=there.origin,
        remote_id=profile.id,
        defaults={
            "platform": there.slug,
            "handle": profile.handle,
            "name": profile.name,
            "premium": profile.premium,
            "zone": member.workspace.zone,
            "position": position,
            "colour": Colour.values[position % len(Colour.values)],
            "state_since_at": now,
        },
    )
    # Whoever may connect some accounts only brings no other one in, nor any new one.
    require(
        member,
        Decision.ACCOUNT_CONNECT,
        workspace_id=member.workspace_id,
        account_id=account.pk,
    )
    override = account.premium_override
    sure = sure or account.state in (AccountState.CONNECTED, AccountState.RECONNECT)
    ACCOUNT.apply(
        account,
        "connect" if sure else "offer",
        now=now,
        handle=profile.handle,
        name=profile.name,
        avatar_url=profile.avatar_url,
        premium=profile.premium if override is None else override,
        problem="",
        problem_detail="",
        turned_away=False,
        connected_by=member,
    )
    _store(account, proven, now=now)
    how = proven.tokens.kind
    record(
        ACCOUNT_CONNECTED if sure else ACCOUNT_OFFERED,
        AccountConnected(how, again=not is_new) if sure else AccountOffered(how),
        actor=member.ref,
        subject=account.ref,
        workspace_id=account.workspace_id,
        at=now,
    )
    return account


def _store(account: Account, proven: _Proven, *, now: datetime) -> None:
    tokens = proven.tokens
    fields = {
        "kind": tokens.kind,
        "client_id": proven.app.client_id if tokens.kind == "oauth2" else "",
        "sealed": keys.seal_tokens(account, proven.app, tokens),
        "scopes": " ".join(tokens.scopes),
        "expires_at": tokens.expires_at,
        "refreshing_until_at": None,
        "checked_at": now,
        "check_due_at": now + EVERY,
        "answered_at": now,
        "answer": "ok",
        "answer_status": 200,
        "answer_detail": "",
        "may_write": proven.profile.may_write,
        "renewed_at": None,
        "changed_at": now,
    }
    # A renewal of the old tokens may be under way: a higher generation makes its result void.
    rows = Credential.objects.filter(account=account)
    if not rows.update(generation=F("generation") + 1, **fields):
        Credential.objects.create(account=account, **fields)


def _give_back(there: Platform, app: AppKeys, tokens: Tokens) -> None:
    try:
        there.revoke(app, tokens)
    except PlatformError:
        # They are kept nowhere, so nobody can use them; X lets them run out by itself.
        return
