"""What a person can prove themselves with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from yanzhen.people.models import Member, User
from yanzhen.signin.providers import providers

#: What counts as a second factor; recovery codes only stand in for one.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class Passkey:
    """One passkey. ``used_at`` is aware, None before its first use."""

    pk: int
    name: str
    since_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """A person's second factors. ``app`` is the authenticator app's row number, None without."""

    app: int | None
    app_since_at: datetime | None
    passkeys: list[Passkey]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all."""
        return self.app is not None or bool(self.passkeys)


def factors_of(user: User) -> Factors:
    """Return the person's second factors, in one query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    app = next((row for row in rows if row.type == Authenticator.Type.TOTP), None)
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    keys = [
        Passkey(row.pk, str(row.wrap().name), row.created_at, row.last_used_at)
        for row in rows
        if row.type == Authenticator.Type.WEBAUTHN
    ]
    return Factors(
        app=app.pk if app else None,
        app_since_at=app.created_at if app else None,
        passkeys=keys,
        codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
    )


def has_factor(user: User) -> bool:
    """Tell whether the person has a second factor."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def has_factor_anywhere(user: User) -> bool:
    """Tell whether the person has a second factor here, or with a provider that asks for one."""
    asking = [each.id for each in providers().values() if each.second_factor]
    return has_factor(user) or user.identities.filter(provider__in=asking).exists()


def users_with_factor(users: Iterable[int]) -> set[int]:
    """Return which of these users (numbers) have a second factor."""
    rows = Authenticator.objects.filter(user_id__in=list(users), type__in=FACTORS)
    return set(rows.values_list("user_id", flat=True))


def must_keep_factor(user: User) -> bool:
    """Tell whether any workspace of the person asks for a second factor."""
    mine = Member.objects.active().with_roles().select_related("workspace").filter(user=user)
    return any(member.needs_second_factor for member in mine)
