"""How healthy a connection is: the facts one by one, and one sentence of what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from yanzhen.channels.models import Account, Credential
from yanzhen.channels.scopes import NEEDED, SCOPES
from yanzhen.channels.states import AccountState

#: A token that ends this soon should have been renewed by the worker long before.
OVERDUE = timedelta(minutes=5)
#: A connection that nobody has asked X about for this long.
UNSEEN = timedelta(hours=12)


@dataclass(frozen=True)
class Fact:
    """One live check and what came of it: ``ok`` is None where X does not say."""

    title: str
    text: str
    ok: bool | None


@dataclass(frozen=True)
class Granted:
    """One permission: whether X gave it, and whether nothing works without."""

    slug: str
    given: bool
    needed: bool


@dataclass(frozen=True)
class Health:
    """One account's connection as the page shows it. ``tone`` is moss, ochre or line."""

    account: Account
    credential: Credential | None
    scopes: tuple[Granted, ...]
    todo: str
    tone: str


def facts_of(credential: Credential) -> list[Fact]:
    """Return what X has said about new keys, each as a line to read before they are used."""
    told = set(credential.scopes.split())
    by_hand = credential.kind == "oauth1"
    may_write = credential.may_write if by_hand else "tweet.write" in told
    media = credential.may_write if by_hand else "media.write" in told
    unsaid = _("X does not say before the first post.")
    return [
        Fact(_("Identity"), _("X has named the account just now."), ok=True),
        Fact(_("Publishing"), unsaid if may_write is None else _yes(may_write), ok=may_write),
        Fact(_("Pictures and videos"), unsaid if media is None else _yes(media), ok=media),
        Fact(
            _("Staying connected"),
            _("These keys have no end date.") if by_hand else _yes("offline.access" in told),
            ok=by_hand or "offline.access" in told,
        ),
        Fact(_("Credits"), _("X has answered a paid call."), ok=credential.answer == "ok"),
    ]


def _yes(given: bool) -> str:
    return _("Allowed.") if given else _("Not allowed.")


def granted(credential: Credential) -> tuple[Granted, ...]:
    """Return each permission we ask for; pasted keys know none by name."""
    if credential.kind != "oauth2":
        return ()
    told = set(credential.scopes.split())
    return tuple(Granted(s.slug, s.slug in told, s.needed) for s in SCOPES)


def health_of(account: Account, *, now: datetime) -> Health:
    """Return the health of an account whose credential is loaded. ``now`` is aware UTC."""
    credential = getattr(account, "credential", None)
    scopes = granted(credential) if credential else ()
    todo, tone = _to_do(account, credential, now=now)
    return Health(account, credential, scopes, todo, tone)


def _to_do(account: Account, credential: Credential | None, *, now: datetime) -> tuple[str, str]:
    if account.state == AccountState.UNCONFIRMED:
        return _("Say whether it is the right account; until then nothing goes out to it."), "ochre"
    if account.problem:
        return account.get_problem_display(), "ochre"
    if account.state != AccountState.CONNECTED or credential is None:
        return _("Nothing goes out to it. Connect it again when it is needed."), "line"
    return _overdue(credential, now=now) or (_("Nothing to do."), "moss")


def _overdue(credential: Credential, *, now: datetime) -> tuple[str, str] | None:
    if credential.expires_at and credential.expires_at <= now + OVERDUE:
        return _("It should have been renewed by now. See that `yanzhen work` runs."), "ochre"
    if credential.checked_at is None or credential.checked_at <= now - UNSEEN:
        return _("X was not asked for half a day. See that `yanzhen work` runs."), "ochre"
    missing = NEEDED - set(credential.scopes.split())
    if credential.kind == "oauth2" and missing:
        return _("X allows too little. Connect it again."), "ochre"
    if credential.may_write is False:
        return _("These keys may only read. Set “Read and write”, then paste new ones."), "ochre"
    return None
