"""Signed webhooks over real HTTP: what arrives, what is refused, where they may not go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from yanzhen.adapters.tools.webhook.messenger import WebhookMessenger
from yanzhen.adapters.tools.webhook.tests.receiver import receiver
from yanzhen.kernel import clock
from yanzhen.notify.ports import Card, Refused, Target
from yanzhen.people.tests.cast import NOW

SECRET = "whsec_" + base64.b64encode(b"a" * 24).decode()
OLD = "whsec_" + base64.b64encode(b"b" * 24).decode()
CARD = Card(
    key="letter-7",
    kind="publishing.stuck",
    workspace="Ferrow 雁",
    text="A post is stuck",
    at="2026-03-02T09:00:00+00:00",
    when="2 Mar, 10:00 Berlin",
    url="https://desk.example.com/posts/1/",
    open_label="Open",
    urgent_label="Urgent",
    data={"number": 3},
)


def verified(headers, body, secret):
    """Verify as a receiver does that knows nothing of us but the specification."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join(
        [headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body]
    )
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [each.partition(",")[2] for each in headers["webhook-signature"].split(" ")]
    return wanted in given


def test_webhook_arrives_signed_by_every_secret_in_use():
    with receiver() as server, clock.set_to(NOW):
        WebhookMessenger(public_only=False).post(CARD, Target(server.url, (SECRET, OLD)))
    ((headers, body),) = server.taken
    assert headers["webhook-id"] == "letter-7"
    assert int(headers["webhook-timestamp"]) == NOW.timestamp()
    assert verified(headers, body, SECRET)
    assert verified(headers, body, OLD)
    assert not verified(headers, body + b" ", SECRET)
    told = json.loads(body)
    assert told["type"] == "publishing.stuck"
    assert told["data"]["workspace"] == "Ferrow 雁"
    assert told["data"]["urgent"] is True
    assert told["data"]["event"] == {"number": 3}


@pytest.mark.parametrize(
    ("status", "headers", "permanent", "after"),
    [
        (500, {}, False, None),
        (503, {"retry-after": "30"}, False, 30.0),
        (429, {"retry-after": "Mon, 02 Mar 2026 09:02:00 GMT"}, False, 120.0),
        (408, {}, False, None),
        (404, {}, True, None),
        (410, {}, True, None),
        (302, {"location": "http://127.0.0.1/"}, True, None),
    ],
)
def test_webhook_that_is_refused_says_whether_to_try_again(status, headers, permanent, after):
    with receiver() as server, clock.set_to(NOW):
        server.answers.append((status, headers))
        with pytest.raises(Refused) as refused:
            WebhookMessenger(public_only=False).post(CARD, Target(server.url, (SECRET,)))
    assert (refused.value.permanent, refused.value.after_seconds) == (permanent, after)
    assert str(status) in refused.value.words
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:80/",
        "http://localhost/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://0x7f.1/",
        "http://user:secret@93.184.216.34/",
        "http://93.184.216.34:22/",
    ],
)
def test_webhook_to_a_private_place_is_refused_for_good_and_its_address_not_repeated(address):
    with pytest.raises(Refused) as refused:
        WebhookMessenger().post(CARD, Target(address, (SECRET,)))
    assert refused.value.permanent
    assert address not in refused.value.words
    assert "secret" not in refused.value.words


def test_webhook_to_nobody_is_tried_again():
    with receiver() as server:
        address = server.url
    with pytest.raises(Refused) as refused:
        WebhookMessenger(public_only=False).post(CARD, Target(address, (SECRET,)))
    assert not refused.value.permanent
