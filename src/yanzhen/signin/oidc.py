"""OpenID Connect, as a relying party: code flow with PKCE, state and nonce, and a signed answer.

What comes back is believed only when the issuer's own published key signed it, for us, just now,
and in answer to the very question this browser was sent away with. Calls go out through the
kernel's client: one deadline, no redirects, nothing twice.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import httpx2
import jwt

from yanzhen.kernel.http import CallFailed, Limits, client
from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.signin.providers import Provider

#: No "none", and nothing symmetric: the client secret must sign nobody in.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
#: Seconds the two clocks may differ.
LEEWAY = 60
#: OpenID Connect Core 2: a subject has at most so many characters. Nothing else we keep has more.
MOST_SAID = 255
_LIMITS = Limits(total_seconds=8.0, read_seconds=6.0, answer_bytes=512 * 1024)


class ProviderFailed(Exception):
    """The provider could not be reached, or did not answer as OpenID Connect wants."""


class AnswerRefused(Exception):
    """What came back is no proof: forged, stale, for somebody else, or not asked for."""


def must_keep(*said: str) -> None:
    """Raise AnswerRefused for what a provider says and no column can hold."""
    for each in said:
        if len(each) > MOST_SAID:
            raise AnswerRefused("longer than 255 characters")
        try:
            clean_text(each)
        except TextRefused:
            raise AnswerRefused("characters that nothing can keep") from None


@dataclass(frozen=True)
class Question:
    """What a browser is sent away with; kept in its session until it comes back, once."""

    provider: str
    state: str
    nonce: str
    verifier: str
    redirect_uri: str

    def kept(self) -> dict[str, str]:
        """Return it as the session keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Claims:
    """Who the provider says it is. ``email`` is in lower case, "" when not verified.

    ``groups`` None: it says nothing about groups.
    """

    subject: str
    email: str
    name: str
    groups: tuple[str, ...] | None = None


def ask(provider: Provider, *, redirect_uri: str) -> tuple[Question, str]:
    """Return a new question and the address to send the browser to. Raises ProviderFailed."""
    question = Question(
        provider=provider.id,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        redirect_uri=redirect_uri,
    )
    digest = hashlib.sha256(question.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": f"openid email profile {provider.scope}".strip(),
        "state": question.state,
        "nonce": question.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    goal = _endpoint(_described(provider), "authorization_endpoint")
    return question, f"{goal}{'&' if '?' in goal else '?'}{urlencode(query)}"


def answer(
    provider: Provider, question: Question, *, state: str, code: str, issuer: str = ""
) -> Claims:
    """Return who came back with ``code``. ``issuer`` is the answer's own ``iss``, where it has one.

    Raises ProviderFailed and AnswerRefused.
    """
    # Good for one try, so there is nothing to be learned from how long it takes.
    if question.provider != provider.id or state != question.state:
        raise AnswerRefused("not the answer to this question")
    if issuer and issuer.rstrip("/") != provider.issuer:
        raise AnswerRefused("another issuer answered")
    described = _described(provider)
    said = _post(
        _endpoint(described, "token_endpoint"),
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": question.redirect_uri,
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "code_verifier": question.verifier,
        },
    )
    claims = _believed(provider, described, str(said.get("id_token", "")))
    if claims.get("nonce") != question.nonce:
        raise AnswerRefused("the nonce is another's")
    verified = claims.get("email_verified") in (True, "true")
    email = str(claims.get("email", "")).strip().lower() if verified else ""
    subject, name = str(claims["sub"]), str(claims.get("name", "")).strip()
    must_keep(subject, email, name)
    return Claims(subject, email, name, _groups(provider, claims))


def _groups(provider: Provider, claims: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the groups a token names; None for none asked for, or a claim of another kind."""
    said = claims.get(provider.groups) if provider.groups else None
    if isinstance(said, list) and all(isinstance(each, str) for each in said):
        return tuple(said)
    return None


def _believed(provider: Provider, described: dict[str, Any], token: str) -> dict[str, Any]:
    """Return the claims of an ID token that the issuer signed for us and that is still good."""
    try:
        keys = jwt.PyJWKSet.from_dict(_get(_endpoint(described, "jwks_uri")))
        kid = jwt.get_unverified_header(token).get("kid")
        fitting = [key for key in keys.keys if kid is None or key.key_id == kid]
        if len(fitting) != 1:
            raise AnswerRefused("signed with a key the provider does not publish")
        claims: dict[str, Any] = jwt.decode(
            token,
            fitting[0],
            algorithms=list(ALGORITHMS),
            audience=provider.client_id,
            issuer=described["issuer"],
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise AnswerRefused(type(error).__name__) from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if several and claims.get("azp") != provider.client_id:
        raise AnswerRefused("made out to another party")
    return claims


def _described(provider: Provider) -> dict[str, Any]:
    """Return the provider's own description, which must be about the issuer we know."""
    said = _get(f"{provider.issuer}/.well-known/openid-configuration")
    if str(said.get("issuer", "")).rstrip("/") != provider.issuer:
        raise ProviderFailed("it calls itself by another name")
    return said


def _endpoint(described: dict[str, Any], name: str) -> str:
    address = described.get(name)
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        raise ProviderFailed(f"it names no {name}")
    return address


def _get(address: str) -> dict[str, Any]:
    with client(limits=_LIMITS) as http:
        return _said(lambda: http.get(address, headers={"accept": "application/json"}))


def _post(address: str, form: dict[str, str]) -> dict[str, Any]:
    with client(limits=_LIMITS) as http:
        return _said(lambda: http.post(address, data=form, headers={"accept": "application/json"}))


def _said(call: Any) -> dict[str, Any]:
    """Return the JSON object of a call that went well. Raises ProviderFailed for all else."""
    try:
        response: httpx2.Response = call()
        body = response.json() if response.is_success else None
    except (CallFailed, ValueError, RecursionError) as error:
        raise ProviderFailed(type(error).__name__) from None
    if not isinstance(body, dict):
        raise ProviderFailed(f"it answered {response.status_code}")
    return body
