"""Acting as an account: opening its tokens, renewing them once, and noticing when they are gone.

A refresh token is good for one use, and two renewals at once would end the connection. So a renewal
is claimed by compare-and-set on the credential's row before the platform is asked, and its result
is written only where the generation is still the same. A process that dies in between leaves its
mark behind: the next one tries the old token once more, and when the platform has used it up the
account moves to "needs reconnecting" and says why. Nothing is ever lost in silence.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from yanzhen.channels.actions import keys
from yanzhen.channels.actions.losing import lose, note, problem_of
from yanzhen.channels.models import Account, Credential, DeveloperApp
from yanzhen.channels.platforms import platform
from yanzhen.channels.ports import (
    AppKeys,
    PlatformError,
    Profile,
    Reader,
    RemotePost,
    Tokens,
    Writer,
)
from yanzhen.channels.states import Problem
from yanzhen.channels.vault import VaultClosed, WrongSeal

logger = logging.getLogger(__name__)

RENEW_EARLY = timedelta(minutes=5)
#: How long a renewal may be under way before another process takes over. Longer than any call.
RENEWAL = timedelta(seconds=60)
#: Tokens this young that are refused are not renewed again.
FRESH = timedelta(minutes=2)
#: How exact "last used" is. Every look at X would otherwise be a write.
USED_STEP = timedelta(minutes=1)
WAIT_SECONDS = 25.0
SHORT_WAIT_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 0.1

#: Answers to a renewal that say the refresh token is used up or void.
_USED_UP = frozenset({"unauthorised", "refused", "not_found"})
#: Answers, or the lack of one, after which the refresh token is surely still good.
_UNTOUCHED = frozenset({"unsent", "rate_limited", "no_credits", "spend_cap", "forbidden"})


class NotConnected(Exception):
    """We cannot act as the account, and waiting does not help. ``problem`` is a Problem, or ""."""

    def __init__(self, account: Account, problem: str = "") -> None:
        super().__init__(f"{account} is not connected: {problem or account.state}")
        self.account = account
        self.problem = problem


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A ports.Reader that also knows which ``generation`` of tokens it uses."""

    inner: Reader
    generation: int

    def me(self) -> Profile:
        """See ports.Reader."""
        return self.inner.me()

    def own_posts(
        self, account_id: str, *, since_id: str, until_id: str = "", limit: int = 20
    ) -> Sequence[RemotePost]:
        """See ports.Reader."""
        return self.inner.own_posts(account_id, since_id=since_id, until_id=until_id, limit=limit)

    def posts(self, ids: Sequence[str]) -> Mapping[str, RemotePost]:
        """See ports.Reader."""
        return self.inner.posts(ids)


@dataclass(frozen=True, slots=True)
class _Held:
    """An account's credential, opened."""

    account: Account
    credential: Credential
    app: AppKeys
    tokens: Tokens

    def good_until(self, moment: datetime) -> bool:
        expires_at = self.tokens.expires_at
        return expires_at is None or expires_at > moment

    def session(self) -> OpenSession:
        inner = platform(self.account.platform).session(self.app, self.tokens)
        return OpenSession(inner, self.credential.generation)

    def writer(self) -> tuple[Writer, int]:
        """Return a writer and the generation of the tokens it uses; see actions.writing."""
        inner = platform(self.account.platform).writer(self.app, self.tokens)
        return inner, self.credential.generation


def open_session(account: Account, *, now: datetime, check: bool = False) -> OpenSession:
    """Return a session that reads as ``account``, its tokens renewed when they end soon.

    ``now`` is aware UTC. ``account`` is read again. A ``check`` does not count as a use. Raises
    NotConnected, after which only people can help, and PlatformError when a needed renewal did not
    work this time.
    """
    return good_tokens(account, now=now, check=check).session()


def good_tokens(account: Account, *, now: datetime, check: bool = False) -> _Held:
    """Return the account's tokens, renewed when they end soon. Raises as open_session does."""
    held = _hold(account, now=now)
    if not held.good_until(now + RENEW_EARLY):
        held = _renew(held, now=now)
    used_at = held.credential.used_at
    if not check and (used_at is None or used_at <= now - USED_STEP):
        Credential.objects.filter(pk=held.credential.pk).update(used_at=now)
    return held


def renew_ahead(account: Account, *, now: datetime, within: timedelta) -> bool:
    """Renew tokens that end ``within`` that time; tell whether there was something to renew.

    Raises as open_session does.
    """
    held = _hold(account, now=now)
    if held.good_until(now + within):
        return False
    _renew(held, now=now)
    return True


def lost_authority(account: Account, *, generation: int, now: datetime) -> bool:
    """Tell whether there is new authority after a 401 to tokens of ``generation``.

    True: open_session again; somebody renewed the tokens since, or it was done now. False: the
    account has moved to "needs reconnecting". Raises PlatformError when that cannot be told now.
    """
    try:
        held = _hold(account, now=now)
        if held.credential.generation != generation:
            return True
        if held.tokens.refresh and now - held.credential.changed_at > FRESH:
            _renew(held, now=now)
            return True
        # Nothing to renew, or renewed a moment ago: one 401 alone does not end a connection.
        held.session().me()
    except NotConnected:
        return False
    except PlatformError as error:
        if error.code != "unauthorised":
            raise
        lose(account, Problem.REFUSED, detail=error.detail, now=now)
        return False
    return True


def _hold(account: Account, *, now: datetime) -> _Held:
    """Read and open the account's credential. Raises NotConnected."""
    account.refresh_from_db()
    if not account.is_connected:
        raise NotConnected(account, account.problem)
    if account.origin != platform(account.platform).origin:
        # Not lost: the tokens are good again as soon as the settings point back to their server.
        raise NotConnected(account, Problem.ELSEWHERE)
    credential = Credential.objects.filter(account=account).first()
    if credential is None:
        lose(account, Problem.REFUSED, now=now)
        raise NotConnected(account, Problem.REFUSED)
    try:
        app, tokens = keys.open_tokens(account, credential)
    except VaultClosed as closed:
        logger.error("account %s: %s", account.pk, closed)  # noqa: TRY400 -- the trace adds nothing
        raise NotConnected(account, Problem.SEALED) from None
    except WrongSeal:
        lose(account, Problem.SEALED, now=now)
        raise NotConnected(account, Problem.SEALED) from None
    return _Held(account, credential, app, tokens)


def _renew(held: _Held, *, now: datetime) -> _Held:
    """Trade the refresh token, or wait for whoever is doing so. Raises as open_session does."""
    if not held.tokens.refresh:
        lose(held.account, Problem.REFUSED, now=now)
        raise NotConnected(held.account, Problem.REFUSED)
    app = _app_for(held, now=now)
    until = now + RENEWAL
    mine = Credential.objects.filter(pk=held.credential.pk, generation=held.credential.generation)
    free = Q(refreshing_until_at=None) | Q(refreshing_until_at__lte=now)
    if mine.filter(free).update(refreshing_until_at=until) != 1:
        return _wait_for_other(held, now=now)
    try:
        fresh = platform(held.account.platform).refresh(app, held.tokens, now=now)
    except PlatformError as error:
        return _without_renewal(held, error, until=until, now=now)
    return _keep(held, app, fresh, now=now)


def _app_for(held: _Held, *, now: datetime) -> AppKeys:
    """Return the keys of the app this pair was made for. Raises NotConnected."""
    account = held.account
    app = DeveloperApp.objects.of(account.workspace_id, account.platform, account.origin)
    if app is None or app.client_id != held.credential.client_id:
        lose(account, Problem.APP_CHANGED, now=now)
        raise NotConnected(account, Problem.APP_CHANGED)
    try:
        return keys.open_app(app)
    except (VaultClosed, WrongSeal) as trouble:
        logger.error("x app %s: %s", app.pk, trouble)  # noqa: TRY400 -- the trace adds nothing
        raise NotConnected(account, Problem.SEALED) from None


def _keep(held: _Held, app: AppKeys, fresh: Tokens, *, now: datetime) -> _Held:
    """Write the new pair where the old one still stands; else what happened meanwhile counts."""
    account = held.account
    old = held.credential.generation
    kept = Credential.objects.filter(pk=held.credential.pk, generation=old).update(
        sealed=keys.seal_tokens(account, app, fresh),
        scopes=" ".join(fresh.scopes),
        expires_at=fresh.expires_at,
        generation=old + 1,
        refreshing_until_at=None,
        renewed_at=now,
        changed_at=now,
    )
    if kept == 1:
        if account.problem:
            note(account, "")
        return _hold(account, now=now)
    if not Credential.objects.filter(account=account).exists():
        # Disconnected meanwhile: what X has just handed out must not stay usable.
        try:
            platform(account.platform).revoke(app, fresh)
        except PlatformError as error:
            logger.warning("account %s: new tokens not revoked: %s", account.pk, error.code)
    return _hold(account, now=now)


def _without_renewal(held: _Held, error: PlatformError, *, until: datetime, now: datetime) -> _Held:
    """Tell what a failed renewal means. Returns the old pair while it holds, else raises."""
    left_open = held.credential.refreshing_until_at
    if error.code in _USED_UP:
        # A mark from before says that an earlier renewal never heard X's answer.
        problem = Problem.REFUSED if left_open is None else Problem.ANSWER_LOST
        lose(held.account, problem, detail=error.detail, now=now)
        raise NotConnected(held.account, problem)
    if error.code in _UNTOUCHED:
        Credential.objects.filter(pk=held.credential.pk, refreshing_until_at=until).update(
            refreshing_until_at=left_open
        )
    app_refused = error.code == "forbidden"
    problem = Problem.APP_REFUSED if app_refused else problem_of(error)
    note(held.account, problem, detail=error.detail)
    if held.good_until(now):
        return held
    raise error


def _wait_for_other(held: _Held, *, now: datetime) -> _Held:
    """Wait for the renewal that another thread or process has begun."""
    usable = held.good_until(now)
    wait_seconds = SHORT_WAIT_SECONDS if usable else WAIT_SECONDS
    deadline = time.monotonic() + wait_seconds
    while time.monotonic() < deadline:
        time.sleep(LOOK_AGAIN_SECONDS)
        seen = (
            Credential.objects.filter(account=held.account)
            .values_list("generation", "refreshing_until_at", "account__state_version")
            .first()
        )
        if seen is None or seen[0] != held.credential.generation:
            return _hold(held.account, now=now)
        if seen[2] != held.account.state_version:
            return _hold(held.account, now=now)
        if seen[1] is None or seen[1] <= now:
            break
    if usable:
        return held
    raise PlatformError("timeout", "the renewal that another process began has not ended")
