"""Whether it is still the same person: a sign-in or a proof not long ago, and giving a new one.

Who has a second factor proves with it, who has none with the password. A proof counts for the
session it was given in.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yanzhen.kernel.clock import now
from yanzhen.people.limits import wait_words
from yanzhen.people.models import User
from yanzhen.signin import passkeys
from yanzhen.signin.actions.factors import WrongCode, use_code
from yanzhen.signin.queries import factors_of

FRESH_FOR = timedelta(minutes=15)
PROVED_AT = "signin.proved_at"
#: What a proof is posted as, beside the form it is for.
FIELDS = ("proof_password", "proof_code", "proof_passkey")


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether the person signed in or proved themselves in this session not long ago.

    By the real clock, which no test holds: proofs are about people, not about the plan.
    """
    oldest = time.time() - FRESH_FOR.total_seconds()
    if request.session.get(PROVED_AT, 0) > oldest:
        return True
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    signed_in_at = rows.values_list("created_at", flat=True).first()
    return signed_in_at is not None and signed_in_at.timestamp() > oldest


@dataclass(frozen=True)
class Ways:
    """How a person can prove themselves. ``options`` are for the browser; None without passkeys."""

    password: bool
    code: bool
    options: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def any(self) -> bool:
        """Whether there is a way at all; who signs in elsewhere may have none here."""
        return self.password or self.code or self.options is not None


def ways_of(user: User) -> Ways:
    """Return how ``user`` can prove themselves now, with a new challenge for the browser."""
    factors = factors_of(user)
    if not factors.any:
        return Ways(password=user.has_usable_password(), code=False)
    return Ways(
        password=False,
        code=factors.app is not None or factors.codes_left > 0,
        options=passkeys.request_options(user) if factors.passkeys else None,
    )


def offers_proof(request: HttpRequest) -> bool:
    """Tell whether the request carries a proof."""
    return any(request.POST.get(name) for name in FIELDS)


def take_proof(request: HttpRequest, user: User) -> str:
    """Judge the proof a request carries; return "" and count it, or say what is wrong with it."""
    if not ratelimit.consume(request, action="prove", user=user):
        return wait_words("prove")
    wrong = _wrong(request, user)
    if not wrong:
        ratelimit.clear(request, action="prove", user=user)
        request.session[PROVED_AT] = int(time.time())
    return wrong


def _wrong(request: HttpRequest, user: User) -> str:
    given = {name: request.POST.get(name, "") for name in FIELDS}
    factors = factors_of(user)
    if not factors.any:
        good = user.has_usable_password() and user.check_password(given["proof_password"])
        return "" if good else _("That is not your password.")
    if given["proof_passkey"]:
        try:
            row = passkeys.check_used(json.loads(given["proof_passkey"]), user=user)
        except (ValueError, RecursionError, passkeys.BadPasskey):
            return _("That passkey did not work. Try again, or use a code.")
        row.record_usage()
        return ""
    try:
        use_code(user, code=given["proof_code"], now=now())
    except WrongCode:
        return _("That code is wrong, or was used already. Wait for the next one.")
    return ""
