"""How the account library behaves here once a second step stands behind the password."""

from __future__ import annotations

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter

from yanzhen.people import accounts
from yanzhen.signin.sealing import seal, unseal

NAME = "Yanzhen"


class AccountAdapter(accounts.AccountAdapter):
    """Leads from the password to our own page of the second step."""

    def get_login_stages(self) -> list[str]:
        """Return the one step between a proven password and being signed in."""
        return ["yanzhen.signin.stages.SecondStage"]

    def is_reauthentication_required(self, *, app: str, **_more: object) -> bool:
        """Leave it to our own proofs, which stand before the view and lose no input."""
        return False


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library is untyped
    """Seals secrets and names the site."""

    def get_totp_issuer(self) -> str:
        """Return what the app on the phone shows beside the code."""
        return NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the site a passkey is bound to: the host name the person typed."""
        return {"id": context.request.get_host().partition(":")[0], "name": NAME}

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret."""
        return unseal(encrypted_text)
