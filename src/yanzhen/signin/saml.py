"""SAML 2.0, as a service provider: what we ask, and what is believed of an answer.

python3-saml checks the schema, the signature of the one assertion, its times, audience and issuer.
What it lets pass where an answer leaves something out is asked for here: an audience, a recipient,
an end, and whose question it answers, each read from the assertion that was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from yanzhen.people.mail import address_of
from yanzhen.signin.oidc import AnswerRefused, Claims, ProviderFailed, must_keep
from yanzhen.signin.providers import SamlProvider

#: Base64 of an answer; one with hundreds of groups has some 60 KB.
MOST_BYTES = 256 * 1024
#: What the library allows two clocks to differ.
LEEWAY = timedelta(minutes=5)
_NS = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
_TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


@dataclass(frozen=True)
class Answer:
    """What a provider says, proven but for whose question it is and that it is new.

    ``assertion`` is its own number at the provider, ``asked`` the question's, "" for none;
    ``ends_at`` (aware) is when nobody believes it any more.
    """

    assertion: str
    asked: str
    ends_at: datetime
    claims: Claims


def ask(provider: SamlProvider) -> tuple[str, str]:
    """Return the number of a new question, and the address to send the browser to.

    Raises ProviderFailed where the operator wrote something down that the library does not take.
    """
    from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request  # noqa: PLC0415 -- an extra
    from onelogin.saml2.errors import OneLogin_Saml2_Error  # noqa: PLC0415 -- an extra

    try:
        question = OneLogin_Saml2_Authn_Request(_settings(provider))
    except OneLogin_Saml2_Error as error:
        raise ProviderFailed(str(error)) from None
    query = urlencode({"SAMLRequest": question.get_request()})
    joint = "&" if "?" in provider.sign_in else "?"
    return question.get_id(), f"{provider.sign_in}{joint}{query}"


def metadata(provider: SamlProvider) -> bytes:
    """Return what the provider must know of us, as XML."""
    said = _settings(provider).get_sp_metadata()
    return said if isinstance(said, bytes) else str(said).encode()


def answer(provider: SamlProvider, raw: str) -> Answer:
    """Return what an answer (base64, as posted) says. Raises AnswerRefused."""
    from onelogin.saml2.response import OneLogin_Saml2_Response  # noqa: PLC0415 -- an extra

    if len(raw) > MOST_BYTES:
        raise AnswerRefused("too long")
    try:
        response = OneLogin_Saml2_Response(_settings(provider), raw)
        response.is_valid(_request(provider), raise_exceptions=True)
        return _read(provider, response)
    except AnswerRefused:
        raise
    except Exception as error:  # noqa: BLE001 -- the library raises whatever its parsers raise
        raise AnswerRefused(f"{type(error).__name__}: {error}"[:200]) from None


def _read(provider: SamlProvider, response: Any) -> Answer:
    if response.encrypted:
        raise AnswerRefused("encrypted, and we have no key")
    (assertion,) = response.get_xml_document().findall("saml:Assertion", _NS)
    references = assertion.findall("ds:Signature/ds:SignedInfo/ds:Reference", _NS)
    if [each.get("URI") for each in references] != [f"#{assertion.get('ID')}"]:
        raise AnswerRefused("the signature is not of the assertion")
    if _entity(provider) not in response.get_audiences():
        raise AnswerRefused("made out to nobody")
    asked, ends_at = _confirmed(provider, assertion)
    name_id = response.get_nameid_data()
    if name_id.get("Format") == _TRANSIENT:
        raise AnswerRefused("another name at every sign-in")
    claims = _claims(provider, str(name_id["Value"]).strip(), response.get_attributes())
    number = str(assertion.get("ID"))
    must_keep(number, asked, claims.subject, claims.email, claims.name)
    return Answer(assertion=number, asked=asked, ends_at=ends_at, claims=claims)


def _confirmed(provider: SamlProvider, assertion: Any) -> tuple[str, datetime]:
    """Return whose question the bearer answers, and until when; both from what was signed."""
    for each in assertion.findall("saml:Subject/saml:SubjectConfirmation", _NS):
        data = each.find("saml:SubjectConfirmationData", _NS)
        if each.get("Method") != _BEARER or data is None:
            continue
        ends_at = _moment(data.get("NotOnOrAfter", ""))
        if data.get("Recipient") == _desk(provider) and ends_at > datetime.now(UTC):
            return data.get("InResponseTo", ""), ends_at + LEEWAY
    raise AnswerRefused("nobody here may bring it")


def _moment(said: str) -> datetime:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise AnswerRefused("it has no end") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _claims(provider: SamlProvider, subject: str, said: dict[str, list[str]]) -> Claims:
    if not subject:
        raise AnswerRefused("it names nobody")
    emails = said.get(provider.email) or [""] if provider.email else [subject]
    email = str(emails[0]).strip().lower()
    names = said.get(provider.full_name) or [""]
    groups = said.get(provider.groups) if provider.groups else None
    return Claims(
        subject=subject,
        email=email if "@" in email else "",
        name=str(names[0]).strip(),
        groups=None if groups is None else tuple(str(each) for each in groups),
    )


def _entity(provider: SamlProvider) -> str:
    return address_of("elsewhere-metadata", provider_id=provider.id)


def _desk(provider: SamlProvider) -> str:
    """Return where answers are posted."""
    return address_of("elsewhere-answer", provider_id=provider.id)


def _request(provider: SamlProvider) -> dict[str, Any]:
    parts = urlsplit(_desk(provider))
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
        "get_data": {},
        "post_data": {},
    }


def _settings(provider: SamlProvider) -> Any:
    from onelogin.saml2.settings import OneLogin_Saml2_Settings  # noqa: PLC0415 -- an extra

    desk = {"url": _desk(provider), "binding": _POST}
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "debug": False,
            "sp": {
                "entityId": _entity(provider),
                "assertionConsumerService": desk,
                "NameIDFormat": _UNSPECIFIED,
            },
            "idp": {
                "entityId": provider.entity_id,
                "singleSignOnService": {"url": provider.sign_in, "binding": _REDIRECT},
                "x509certMulti": {"signing": list(provider.certificates)},
            },
            "security": {
                "wantAssertionsSigned": True,
                "wantAttributeStatement": False,
                "wantNameId": True,
                "rejectDeprecatedAlgorithm": True,
                "requestedAuthnContext": False,
                "allowSingleLabelDomains": True,
            },
        }
    )
