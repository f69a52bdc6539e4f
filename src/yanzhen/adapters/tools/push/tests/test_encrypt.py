"""Push messages: the example of RFC 8291, a browser of our own, and who we say we are."""

from __future__ import annotations

import json
import os

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yanzhen.adapters.tools.push.encryption import (
    MOST_BYTES,
    BadKeys,
    BrowserKeys,
    authorization,
    decode,
    encode,
    encrypt,
    new_key,
)
from yanzhen.adapters.tools.push.messenger import PushMessenger
from yanzhen.adapters.tools.slack.tests.test_speak_to_slack import card
from yanzhen.adapters.tools.webhook.tests.receiver import receiver
from yanzhen.kernel import clock
from yanzhen.notify.ports import Gone, Refused, Target
from yanzhen.people.tests.cast import NOW

#: RFC 8291, appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
ONCE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


class Browser:
    """Somebody's browser: its keys, and reading what was pushed to it."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        numbers = self.key.public_key().public_numbers()
        self.public = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")

    @property
    def given(self):
        return encode(self.public), encode(self.auth)

    def read(self, body):
        salt, length = body[:16], body[20]
        theirs, rest = body[21 : 21 + length], body[21 + length :]
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.key.exchange(ec.ECDH(), point)

        def derive(secret, salt, info, size):
            return HKDF(hashes.SHA256(), size, salt, info).derive(secret)

        secret = derive(shared, self.auth, b"WebPush: info\0" + self.public + theirs, 32)
        key = derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derive(secret, salt, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, rest, None)
        assert plain.endswith(b"\x02")
        return plain[:-1]


def test_encrypt_gives_what_the_standard_gives():
    once = ec.derive_private_key(int.from_bytes(decode(ONCE), "big"), ec.SECP256R1())
    keys = BrowserKeys.read(PUBLIC, AUTH)
    assert encode(encrypt(PLAIN, keys, salt=decode(SALT), once=once)) == BODY


def test_encrypt_is_read_by_its_browser_alone_and_differs_each_time():
    browser = Browser()
    keys = BrowserKeys.read(*browser.given)
    bodies = {encrypt(b"\xe9\x9b\x81" * 100, keys) for _time in range(2)}
    assert len(bodies) == 2
    assert {browser.read(body) for body in bodies} == {b"\xe9\x9b\x81" * 100}
    assert len(encrypt(b"x" * MOST_BYTES, keys)) <= 4096
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (MOST_BYTES + 1), keys)


@pytest.mark.parametrize(
    ("public", "auth"),
    [("", ""), (PUBLIC, "AA"), (PUBLIC[:-4], AUTH), ("é", AUTH), ("B" * 87, AUTH)],
)
def test_keys_that_are_none_are_refused(public, auth):
    with pytest.raises(BadKeys):
        BrowserKeys.read(public, auth)


def test_authorization_is_signed_for_that_service_and_ends():
    pem, public = new_key()
    told = authorization(
        pem, endpoint="https://push.example:443/x/y", subject="mailto:a@example.com", now=NOW
    )
    token, key = told.removeprefix("vapid t=").split(", k=")
    assert key == public
    head, claims, signature = token.split(".")
    assert json.loads(decode(claims)) == {
        "aud": "https://push.example:443",
        "exp": int(NOW.timestamp()) + 12 * 3600,
        "sub": "mailto:a@example.com",
    }
    raw = decode(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(key))
    point.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))


def test_push_arrives_encrypted_and_urgent_where_it_is():
    browser, (pem, _public) = Browser(), new_key()
    messenger = PushMessenger(subject="mailto:a@example.com", public_only=False)
    with receiver() as server, clock.set_to(NOW):
        messenger.post(card(urgent_label="Urgent"), Target(server.url, (*browser.given, pem)))
    ((headers, body),) = server.taken
    told = json.loads(browser.read(body))
    assert told["tag"] == "letter-1"
    assert told["title"] == "Ferrow · Urgent"
    assert (headers["urgency"], headers["content-encoding"]) == ("high", "aes128gcm")
    assert b"Zhou" not in body


@pytest.mark.parametrize(("status", "kind"), [(410, Gone), (404, Gone), (500, Refused)])
def test_push_to_a_browser_that_is_gone_says_so(status, kind):
    browser, (pem, _public) = Browser(), new_key()
    messenger = PushMessenger(subject="mailto:a@example.com", public_only=False)
    with receiver() as server:
        server.answers.append((status, {}))
        with pytest.raises(Refused) as refused:
            messenger.post(card(), Target(server.url, (*browser.given, pem)))
    assert type(refused.value) is kind
