"""The houses people may sign in through, as the operator wrote them down.

The setting ``YANZHEN_SIGN_IN`` (best given as a file) holds JSON::

    {"oidc": [{"id": "okta", "name": "Ferrow ID", "issuer": "https://ferrow.okta.com",
               "client_id": "…", "client_secret": "…", "trust_email": true,
               "second_factor": true}]}

``groups`` names the claim with the groups somebody is in, "" for none; ``scope`` is asked for beside
the usual ones. ``trust_email``: an address the provider calls verified is enough to know a member by. Only for a
provider where nobody else can get such an address. ``second_factor``: it asks for one itself, so
we do not ask again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class BadProviders(Exception):
    """The setting cannot be read; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One OpenID Connect provider. ``id`` stands in addresses and rows: never change it."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    trust_email: bool = False
    second_factor: bool = False
    groups: str = ""
    scope: str = ""


_KINDS = {each.name: bool if each.type == "bool" else str for each in fields(Provider)}
_NEEDED = ("id", "name", "issuer", "client_id")


def read(text: str) -> dict[str, Provider]:
    """Return the providers by id. Raises BadProviders."""
    if not text.strip():
        return {}
    try:
        said = json.loads(text)
    except ValueError as error:
        raise BadProviders(f"YANZHEN_SIGN_IN is not JSON: {error}.") from None
    rows = said.get("oidc") if isinstance(said, dict) else None
    if not isinstance(rows, list) or set(said) != {"oidc"}:
        raise BadProviders('YANZHEN_SIGN_IN must look like {"oidc": [...]}.')
    found: dict[str, Provider] = {}
    for number, row in enumerate(rows, 1):
        provider = _provider(row, f"YANZHEN_SIGN_IN: provider {number}")
        if provider.id in found:
            raise BadProviders(f"YANZHEN_SIGN_IN names the provider {provider.id} twice.")
        found[provider.id] = provider
    return found


def _provider(row: Any, where: str) -> Provider:
    if not isinstance(row, dict):
        raise BadProviders(f"{where} must be an object.")
    for name, value in row.items():
        if name not in _KINDS:
            raise BadProviders(f"{where} has the unknown entry {name}.")
        if not isinstance(value, _KINDS[name]):
            kind = "true or false" if _KINDS[name] is bool else "a text"
            raise BadProviders(f"{where}: {name} must be {kind}.")
    missing = [name for name in _NEEDED if not row.get(name)]
    if missing:
        raise BadProviders(f"{where} needs {missing[0]}.")
    _check_values(row, where)
    return Provider(**{**row, "issuer": row["issuer"].rstrip("/")})


def _check_values(row: dict[str, Any], where: str) -> None:
    if not row["id"].replace("-", "").isalnum() or not row["id"].isascii():
        raise BadProviders(f"{where}: id may hold letters, digits and hyphens only.")
    issuer = urlsplit(row["issuer"])
    if issuer.scheme != "https" and not (issuer.scheme == "http" and issuer.hostname in _LOCAL):
        raise BadProviders(f"{where}: issuer must be an https address.")


@cache
def _of(text: str) -> dict[str, Provider]:
    return read(text)


def providers() -> dict[str, Provider]:
    """Return the providers of this installation by id."""
    return _of(settings.SIGN_IN_PROVIDERS)
