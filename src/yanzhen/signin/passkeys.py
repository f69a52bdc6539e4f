"""Passkeys, over the library's WebAuthn: what the browser is asked, and whether it answered well.

Each question carries a challenge that is kept in the session and used up by the first answer.
"""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError

from yanzhen.people.models import User

#: Apart from the challenge of a proof, which may be asked for on the way.
_MAKING = "signin.making_passkey"
#: What an answer that is not WebAuthn's raises on its way through two libraries.
_BAD = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError)


class BadPasskey(Exception):
    """The browser's answer proves nothing: wrong key, wrong site, used challenge, or no answer."""


def creation_options(user: User) -> dict[str, Any]:
    """Return what the browser needs to make a passkey that can sign ``user`` in by itself."""
    options = auth.begin_registration(user, passwordless=True)
    context.request.session[_MAKING] = context.request.session.pop(auth.STATE_SESSION_KEY)
    return dict(options)


def check_new(credential: Any) -> dict[str, Any]:
    """Return a new passkey that was made for the last creation_options. Raises BadPasskey."""
    session = context.request.session
    session[auth.STATE_SESSION_KEY] = session.pop(_MAKING, None)
    try:
        auth.parse_registration_response(credential)
        made = auth.complete_registration(credential)
    except _BAD as error:
        raise BadPasskey from error
    finally:
        auth.clear_state()
    if not made.is_user_verified():
        raise BadPasskey
    return dict(credential)


def request_options(user: User | None) -> dict[str, Any]:
    """Return what the browser needs to prove a passkey of ``user``; None: whoever's it is."""
    return dict(auth.begin_authentication(user))


def check_used(credential: Any, *, user: User | None) -> Authenticator:
    """Return whose passkey answered the last request_options. Raises BadPasskey.

    With ``user`` None the answer says who it is; the owner's account may still be closed.
    """
    try:
        auth.parse_authentication_response(credential)
        owner = user or auth.extract_user_from_response(credential)
        return auth.complete_authentication(owner, credential)
    except _BAD as error:
        raise BadPasskey from error
    finally:
        auth.clear_state()
