"""Setting up, using and giving up second factors. A person's own: nobody's right is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.people.actions.sessions import end_other_sessions, end_sessions_of
from yanzhen.people.models import Member, User
from yanzhen.people.rights import Actor, Decision, require
from yanzhen.signin import events
from yanzhen.signin.queries import has_factor, must_keep_factor
from yanzhen.signin.sealing import unseal
from yanzhen.signin.totp import matching_counter

NAME_LENGTH = 60


class WrongCode(Exception):
    """No app and no unused recovery code of the person gives that code now."""


class AlreadySetUp(Exception):
    """The person has an authenticator app already; it has to be removed first."""


class LastFactor(Exception):
    """It is the person's last second factor, and their role or workspace asks for one."""


class Elsewhere(Exception):
    """The person is a member of another workspace too, whose safety is not this one's to lower."""


def _lock(user: User) -> None:
    """Let changes of one person's factors follow one another."""
    User.objects.select_for_update().get(pk=user.pk)


def _tell(user: User, kind: Kind, payload: Any, *, now: datetime) -> None:
    for member in Member.objects.active().filter(user=user).select_related("user"):
        record(
            kind,
            payload,
            actor=member.ref,
            subject=member.ref,
            workspace_id=member.workspace_id,
            at=now,
        )


def _before_first(user: User, session_key: str, now: datetime) -> None:
    """End what was opened by a password alone: all other sessions, and what goes on telling."""
    if not has_factor(user):
        end_other_sessions(user, but=session_key, now=now)


@transaction.atomic
def set_up_app(user: User, *, secret: str, code: str, session_key: str, now: datetime) -> bool:
    """Take an authenticator app into use once it has shown the right code for ``secret``.

    With the first factor ends what end_other_sessions ends. Returns whether recovery codes were
    made with it. Raises WrongCode and AlreadySetUp.
    """
    counter = matching_counter(secret, code, now=now)
    if counter is None:
        raise WrongCode
    _lock(user)
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        raise AlreadySetUp
    _before_first(user, session_key, now)
    row = TOTP.activate(user, secret).instance
    row.data["counter"] = counter
    row.save(update_fields=["data"])
    _tell(user, events.APP_ADDED, events.Bare(), now=now)
    return _make_codes(user)


@transaction.atomic
def add_passkey(
    user: User, *, name: str, credential: dict[str, Any], session_key: str, now: datetime
) -> bool:
    """Keep a passkey that passkeys.check_new has passed; else as set_up_app."""
    _lock(user)
    _before_first(user, session_key, now)
    WebAuthn.add(user, name[:NAME_LENGTH], credential)
    _tell(user, events.PASSKEY_ADDED, events.Named(name=name[:NAME_LENGTH]), now=now)
    return _make_codes(user)


@transaction.atomic
def remove_factor(user: User, *, factor_id: int, session_key: str, now: datetime) -> None:
    """Give up one factor; with the last one the recovery codes go, and every other session ends.

    Raises LastFactor where one is asked for, and Authenticator.DoesNotExist.
    """
    _lock(user)
    mine = Authenticator.objects.filter(user=user)
    row = mine.exclude(type=Authenticator.Type.RECOVERY_CODES).get(pk=factor_id)
    others = mine.exclude(pk=row.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    last = not others.exists()
    if last and must_keep_factor(user):
        raise LastFactor
    if row.type == Authenticator.Type.TOTP:
        _tell(user, events.APP_REMOVED, events.Bare(), now=now)
    else:
        _tell(user, events.PASSKEY_REMOVED, events.Named(name=str(row.wrap().name)), now=now)
    row.delete()
    if last:
        mine.delete()
        end_sessions_of(user, but=session_key)


def _make_codes(user: User) -> bool:
    """Make recovery codes where there are none; tell whether there were none."""
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists():
        return False
    RecoveryCodes.activate(user)
    return True


@transaction.atomic
def renew_codes(user: User, *, now: datetime) -> None:
    """Make new recovery codes; the old ones stop working. Without a factor nothing is made."""
    _lock(user)
    if not has_factor(user):
        return
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    _tell(user, events.CODES_MADE, events.Bare(), now=now)


@transaction.atomic
def use_code(user: User, *, code: str, now: datetime) -> Authenticator:
    """Take a code of the app, or one recovery code, for good: neither is good a second time.

    Returns what the code was of. Raises WrongCode.
    """
    rows = Authenticator.objects.select_for_update().filter(user=user)
    for row in rows.exclude(type=Authenticator.Type.WEBAUTHN).order_by("-type"):
        use = _use_app if row.type == Authenticator.Type.TOTP else _use_recovery
        if use(row, code, now):
            row.last_used_at = now
            row.save(update_fields=["data", "last_used_at"])
            return row
    raise WrongCode


def _use_app(row: Authenticator, code: str, now: datetime) -> bool:
    """Tell whether it is a code of the app, newer than any before; note it on the row."""
    counter = matching_counter(unseal(row.data["secret"]), code, now=now)
    if counter is None or counter <= row.data.get("counter", 0):
        return False
    row.data["counter"] = counter
    return True


def _use_recovery(row: Authenticator, code: str, now: datetime) -> bool:
    """Tell whether it is an unused recovery code; it is none any more then."""
    if not row.wrap().validate_code(code):
        return False
    row.refresh_from_db(fields=["data"])
    left = len(row.wrap().get_unused_codes())
    _tell(row.user, events.CODE_USED, events.CodeUsed(left=left), now=now)
    return True


@transaction.atomic
def reset_factors(member: Member, *, by: Actor, now: datetime) -> None:
    """Take all second factors from a member who lost them, and end their sessions.

    Rooms above end what else somebody could go on reading by: pushed news, links of calendars and
    of Slack. The next sign-in is by password, and sets up new ones where they are asked for. Raises
    NotAllowed, and Elsewhere when another workspace relies on them too.
    """
    require(by, Decision.MEMBER_ROLES, workspace_id=member.workspace_id)
    theirs = Member.objects.active().filter(user_id=member.user_id)
    if theirs.exclude(workspace_id=member.workspace_id).exists():
        raise Elsewhere
    _reset(member.user, [member], by=by.ref, now=now)


@transaction.atomic
def reset_factors_of(user: User, *, now: datetime) -> None:
    """Take all second factors from a person, for the command line: asks no right."""
    mine = Member.objects.active().filter(user=user).select_related("user")
    _reset(user, mine, by=SYSTEM, now=now)


def _reset(user: User, members: Iterable[Member], *, by: Ref, now: datetime) -> None:
    Authenticator.objects.filter(user=user).delete()
    end_sessions_of(user)
    for member in members:
        record(
            events.FACTORS_RESET,
            events.Bare(),
            actor=by,
            subject=member.ref,
            workspace_id=member.workspace_id,
            at=now,
        )
