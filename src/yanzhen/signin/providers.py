"""The houses people may sign in through, as the operator wrote them down.

The setting ``YANZHEN_SIGN_IN`` (best given as a file) holds JSON::

    {"oidc": [{"id": "okta", "name": "Ferrow ID", "issuer": "https://ferrow.okta.com",
               "client_id": "…", "client_secret": "…", "trust_email": true,
               "second_factor": true}],
     "saml": [{"id": "entra", "name": "Ferrow", "entity_id": "https://sts.example/ferrow",
               "sign_in": "https://login.example/ferrow/saml2", "certificates": ["MIIC…"],
               "trust_email": true, "domains": ["ferrow.example"]}]}

docs/signing-in.md says what each entry means.
"""

from __future__ import annotations

import base64
import json
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class BadProviders(Exception):
    """The setting cannot be read; the message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What is known of every provider. ``id`` stands in addresses and rows: never change it.

    ``trust_email``: an address the provider calls verified is enough to know a member by. Only for
    a provider where nobody else can get such an address; ``domains``, where there are any, are the
    only ones it is believed about. ``second_factor``: it asks for one itself, so we do not ask
    again. ``groups`` names what tells the groups somebody is in, "" for none.
    """

    id: str
    name: str
    trust_email: bool = False
    domains: tuple[str, ...] = ()
    second_factor: bool = False
    groups: str = ""

    def vouches_for(self, email: str) -> bool:
        """Tell whether a verified address (in lower case, "" for none) is enough to know by."""
        domain = email.rpartition("@")[2]
        known = not self.domains or domain in {each.lower() for each in self.domains}
        return self.trust_email and bool(email) and known


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider(House):
    """An OpenID Connect provider. ``scope`` is asked for beside the usual ones."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlProvider(House):
    """A SAML 2.0 identity provider.

    ``certificates`` are those it signs with, as PEM or its base64 alone. ``email`` and
    ``full_name`` name attributes; without ``email`` the address is the NameID. ``unsolicited``:
    answers count that nobody here asked for.
    """

    entity_id: str
    sign_in: str
    certificates: tuple[str, ...]
    email: str = ""
    full_name: str = ""
    unsolicited: bool = False


_PROTOCOLS: dict[str, type[House]] = {"oidc": Provider, "saml": SamlProvider}


def read(text: str) -> dict[str, House]:
    """Return the providers by id. Raises BadProviders."""
    if not text.strip():
        return {}
    try:
        said = json.loads(text)
    except ValueError as error:
        raise BadProviders(f"YANZHEN_SIGN_IN is not JSON: {error}.") from None
    good = isinstance(said, dict) and said and set(said) <= set(_PROTOCOLS)
    if not good or not all(isinstance(rows, list) for rows in said.values()):
        raise BadProviders('YANZHEN_SIGN_IN must look like {"oidc": [...], "saml": [...]}.')
    found: dict[str, House] = {}
    for protocol, rows in said.items():
        for number, row in enumerate(rows, 1):
            where = f"YANZHEN_SIGN_IN: {protocol} provider {number}"
            provider = _provider(_PROTOCOLS[protocol], row, where)
            if provider.id in found:
                raise BadProviders(f"YANZHEN_SIGN_IN names the provider {provider.id} twice.")
            found[provider.id] = provider
    return found


def _provider(kind: type[House], row: Any, where: str) -> House:
    if not isinstance(row, dict):
        raise BadProviders(f"{where} must be an object.")
    known = {each.name: each for each in fields(kind)}
    for name, value in row.items():
        if name not in known:
            raise BadProviders(f"{where} has the unknown entry {name}.")
        _check_kind(str(known[name].type), value, f"{where}: {name}")
    needed = [name for name, each in known.items() if each.default is MISSING]
    missing = [name for name in needed if not row.get(name)]
    if missing:
        raise BadProviders(f"{where} needs {missing[0]}.")
    if not row["id"].replace("-", "").isalnum() or not row["id"].isascii():
        raise BadProviders(f"{where}: id may hold letters, digits and hyphens only.")
    values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in row.items()}
    if kind is Provider:
        _check_address(row["issuer"], f"{where}: issuer")
        values["issuer"] = row["issuer"].rstrip("/")
    else:
        _check_saml(row, where)
    return kind(**values)


def _check_kind(kind: str, value: Any, where: str) -> None:
    if kind == "bool":
        if not isinstance(value, bool):
            raise BadProviders(f"{where} must be true or false.")
    elif kind == "str":
        if not isinstance(value, str):
            raise BadProviders(f"{where} must be a text.")
    elif not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadProviders(f"{where} must be a list of texts.")


def _check_address(address: str, where: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise BadProviders(f"{where} must be an https address.")


def _check_saml(row: dict[str, Any], where: str) -> None:
    _check_address(row["sign_in"], f"{where}: sign_in")
    if row.get("trust_email") and not row.get("domains"):
        # SAML has no word for a verified address: the operator says whose addresses these are.
        raise BadProviders(f"{where}: trust_email needs domains, the ones that are yours alone.")
    for number, each in enumerate(row["certificates"], 1):
        _check_certificate(each, f"{where}: certificate {number}")
    if find_spec("onelogin") is None:
        raise BadProviders(f"{where} needs python3-saml: install yanzhen[saml].")


def _check_certificate(text: str, where: str) -> None:
    bare = "".join(line for line in text.split() if "-" not in line)
    try:
        x509.load_der_x509_certificate(base64.b64decode(bare, validate=True))
    except ValueError:
        raise BadProviders(f"{where} cannot be read: give PEM, or its base64 alone.") from None


@cache
def _of(text: str) -> dict[str, House]:
    return read(text)


def providers() -> dict[str, House]:
    """Return the providers of this installation by id."""
    return _of(settings.SIGN_IN_PROVIDERS)
