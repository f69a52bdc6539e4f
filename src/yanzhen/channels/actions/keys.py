"""Between rows and the vault: sealing and opening tokens and app secrets. For the worker."""

from __future__ import annotations

import json
from dataclasses import replace

from yanzhen.channels.models import Account, Credential, DeveloperApp
from yanzhen.channels.opening import opener
from yanzhen.channels.ports import AppKeys, Tokens
from yanzhen.channels.vault import Place, WrongSeal


def seal_tokens(account: Account, app: AppKeys, tokens: Tokens) -> bytes:
    """Seal what acts as ``account``. Pasted OAuth 1.0a keys include those of their own app."""
    secrets = {"access": tokens.access, "secret": tokens.secret, "refresh": tokens.refresh}
    if tokens.kind == "oauth1":
        secrets["consumer_key"] = app.consumer_key
        secrets["consumer_secret"] = app.consumer_secret
    return opener().seal(json.dumps(secrets).encode(), account.tokens_place)


def open_tokens(account: Account, credential: Credential) -> tuple[AppKeys, Tokens]:
    """Return the account's tokens, and for OAuth 1.0a the app keys that sign with them.

    Raises VaultClosed and WrongSeal.
    """
    app, tokens = unseal_tokens(credential.sealed, account.tokens_place, kind=credential.kind)
    scopes = tuple(credential.scopes.split())
    return app, replace(tokens, expires_at=credential.expires_at, scopes=scopes)


def unseal_tokens(sealed: bytes | memoryview, place: Place, *, kind: str) -> tuple[AppKeys, Tokens]:
    """Return what ``seal_tokens`` sealed, without the parts that lie beside it in the row.

    Raises VaultClosed and WrongSeal.
    """
    try:
        secrets = json.loads(opener().open(sealed, place))
        tokens = Tokens(
            kind=kind,
            access=secrets["access"],
            secret=secrets["secret"],
            refresh=secrets["refresh"],
        )
    except (ValueError, KeyError, TypeError):
        raise WrongSeal("A stored secret is damaged. Connect the account again.") from None
    app = AppKeys(
        consumer_key=secrets.get("consumer_key", ""),
        consumer_secret=secrets.get("consumer_secret", ""),
    )
    return app, tokens


def open_app(app: DeveloperApp) -> AppKeys:
    """Return the app's OAuth 2.0 keys. Raises VaultClosed and WrongSeal."""
    secret = opener().open(app.sealed, app.secret_place).decode()
    return AppKeys(client_id=app.client_id, client_secret=secret)
