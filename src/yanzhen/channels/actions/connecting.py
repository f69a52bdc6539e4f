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
from yanzhen.channels.events import ACCOUNT_CONNECTED, AccountConnected
from yanzhen.channels.models import Account, Colour, Connecting, Credential, DeveloperApp
from yanzhen.channels.opening import opener
from yanzhen.channels.platforms import platform
from yanzhen.channels.ports import AppKeys, Platform, PlatformError, Profile, Tokens
from yanzhen.channels.states import ACCOUNT
from yanzhen.channels.vault import VaultClosed, WrongSeal
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require

#: Without these nothing can be published, or not for longer than two hours.
NEEDED_SCOPES = frozenset({"tweet.read", "tweet.write", "users.read", "offline.access"})


@dataclass(frozen=True, slots=True)
class _Proven:
    """Tokens, the app they were made for, and whose they are as the platform said just now."""

    app: AppKeys
    tokens: Tokens
    profile: Profile


def finish_connecting(member: Member, *, state: str, code: str, now: datetime) -> Account:
    """Trade the code the platform sent back, and connect the account it is for.

    ``code`` "" means the owner did not agree. Works once per start, for the member who started.
    Raises NotAllowed, CannotConnect.
    """
    require(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
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
        raise _why_not(error, unauthorised="code_refused", forbidden="app_refused") from error
    missing = NEEDED_SCOPES - set(tokens.scopes)
    if missing:
        _give_back(there, app, tokens)
        raise CannotConnect("scopes_missing", scopes=" ".join(sorted(missing)))
    return connect_with_tokens(
        member, waiting.account, app=app, tokens=tokens, now=now, slug=waiting.platform
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

    Raises NotAllowed, CannotConnect.
    """
    tokens = Tokens("oauth1", access_token, secret=access_secret)
    return connect_with_tokens(member, account, app=app, tokens=tokens, now=now, slug=slug)


def connect_with_tokens(
    member: Member,
    account: Account | None,
    *,
    app: AppKeys,
    tokens: Tokens,
    now: datetime,
    slug: str = "x",
) -> Account:
    """Ask the platform whose ``tokens`` these are and connect that account with them.

    ``account`` insists on one account: tokens of another are refused, and OAuth 2.0 ones revoked.
    Raises NotAllowed, CannotConnect.
    """
    require(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
    there = platform(slug)
    refuse_elsewhere(account, there)
    try:
        profile = there.session(app, tokens).me()
    except PlatformError as error:
        raise _why_not(error, unauthorised="keys_refused", forbidden="forbidden") from error
    if account is not None and account.remote_id != profile.id:
        _give_back(there, app, tokens)
        raise CannotConnect("wrong_account", expected=account.handle, found=profile.handle)
    return _connect(member, there, _Proven(app, tokens, profile), now=now)


@transaction.atomic
def _connect(member: Member, there: Platform, proven: _Proven, *, now: datetime) -> Account:
    require(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
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
    override = account.premium_override
    ACCOUNT.apply(
        account,
        "connect",
        now=now,
        handle=profile.handle,
        name=profile.name,
        avatar_url=profile.avatar_url,
        premium=profile.premium if override is None else override,
        problem="",
        problem_detail="",
        connected_by=member,
    )
    _store(account, proven, now=now)
    record(
        ACCOUNT_CONNECTED,
        AccountConnected(proven.tokens.kind, again=not is_new),
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


def _why_not(error: PlatformError, *, unauthorised: str, forbidden: str) -> CannotConnect:
    codes = {
        "unauthorised": unauthorised,
        "forbidden": forbidden,
        "refused": "callback_refused" if unauthorised == "code_refused" else "forbidden",
        "no_credits": "no_credits",
        "spend_cap": "no_credits",
        "rate_limited": "rate_limited",
    }
    return CannotConnect(codes.get(error.code, "unreachable"), detail=error.detail)
