"""A small SAML identity provider: real keys, real signatures, and ready to lie."""

from __future__ import annotations

import base64
import html
import threading
import uuid
import zlib
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

ENTITY = "https://ids.example/ferrow"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_NAMES = (
    'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
    'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
)
NS = {"samlp": "urn:oasis:names:tc:SAML:2.0:protocol"}


class Keys:
    """A private key and the certificate of it, both as PEM."""

    def __init__(self) -> None:
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ids.example")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(made.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(made, hashes.SHA256())
        )
        self.private = made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()


class HouseOfSaml:
    """Vouches for ``subject`` with ``attributes``; what it says can be bent by each answer."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.subject = ""
        self.format = EMAIL
        self.attributes: dict[str, list[str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.sign_in = f"http://127.0.0.1:{self.server.server_port}/sso"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def asked(self, goal: str) -> dict[str, str]:
        """Read the question a browser was sent with."""
        said = parse_qs(urlsplit(goal).query)["SAMLRequest"][0]
        root = etree.fromstring(zlib.decompress(base64.b64decode(said), -15))
        issuer = root.findtext("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer")
        assert root.get("Destination") == self.sign_in
        return {
            "id": root.get("ID"),
            "acs": root.get("AssertionConsumerServiceURL"),
            "audience": issuer,
        }

    def assertion(self, question: dict[str, str], /, **lies: Any) -> str:
        """Write an assertion, unsigned. A lie of None leaves the thing out."""
        now = datetime.now(UTC)
        said = {
            "issuer": ENTITY,
            "audience": question["audience"],
            "recipient": question["acs"],
            "asked": question["id"],
            "ends": now + timedelta(minutes=3),
            "id": f"_{uuid.uuid4().hex}",
            "subject": html.escape(self.subject),
            **lies,
        }
        data = {"InResponseTo": said["asked"], "Recipient": said["recipient"]}
        data["NotOnOrAfter"] = said["ends"] and _stamp(said["ends"])
        held = " ".join(f'{name}="{value}"' for name, value in data.items() if value)
        audience = said["audience"] and (
            f"<saml:AudienceRestriction><saml:Audience>{said['audience']}</saml:Audience>"
            "</saml:AudienceRestriction>"
        )
        rows = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(
                f"<saml:AttributeValue>{html.escape(v)}</saml:AttributeValue>" for v in values
            )
            + "</saml:Attribute>"
            for name, values in self.attributes.items()
        )
        statement = f"<saml:AttributeStatement>{rows}</saml:AttributeStatement>" if rows else ""
        conditions_end = _stamp(said["ends"] or now + timedelta(minutes=3))
        return (
            f'<saml:Assertion {_NAMES} Version="2.0" ID="{said["id"]}"'
            f' IssueInstant="{_stamp(now)}"><saml:Issuer>{said["issuer"]}</saml:Issuer>'
            f'<saml:Subject><saml:NameID Format="{self.format}">{said["subject"]}</saml:NameID>'
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f"<saml:SubjectConfirmationData {held}/></saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{_stamp(now - timedelta(minutes=1))}"'
            f' NotOnOrAfter="{conditions_end}">{audience or ""}</saml:Conditions>'
            f'<saml:AuthnStatement AuthnInstant="{_stamp(now)}"><saml:AuthnContext>'
            "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
            "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
            f"{statement}</saml:Assertion>"
        )

    def sign(self, xml: str, keys: Keys | None = None) -> str:
        by = keys or self.keys
        return bytes(Utils.add_sign(xml, by.private, by.certificate)).decode()

    def response(
        self, asked: dict[str, str], *inside: str, to: str | None = "", **more: Any
    ) -> str:
        """Put assertions into a response. ``to``: which question it says it answers."""
        answers = asked["id"] if to == "" else to
        irt = f' InResponseTo="{answers}"' if answers else ""
        goal = more.get("destination", asked["acs"])
        return (
            f'<samlp:Response {_NAMES} Version="2.0" ID="_{uuid.uuid4().hex}"{irt}'
            f' IssueInstant="{_stamp(datetime.now(UTC))}" Destination="{goal}">'
            f"<saml:Issuer>{ENTITY}</saml:Issuer>{more.get('before', '')}"
            f'<samlp:Status><samlp:StatusCode Value="{_SUCCESS}"/></samlp:Status>'
            f"{''.join(inside)}</samlp:Response>"
        )

    def answer(self, goal: str, **lies: Any) -> str:
        """Return the base64 of a good answer to the question in ``goal``."""
        asked = self.asked(goal)
        return encoded(self.response(asked, self.sign(self.assertion(asked, **lies))))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        house = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if not self.path.startswith("/sso?"):
                    self.send_error(404)
                    return
                goal = f"http://127.0.0.1{self.path}"
                acs, said = house.asked(goal)["acs"], house.answer(goal)
                body = (
                    f'<!doctype html><title>Ferrow</title><form method="post" action="{acs}">'
                    f'<input type="hidden" name="SAMLResponse" value="{said}">'
                    "<button>It is me</button></form>"
                ).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def encoded(xml: str) -> str:
    """Return an answer as a form carries it."""
    return base64.b64encode(xml.encode()).decode()
