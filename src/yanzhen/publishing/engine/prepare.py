"""Preparing: keys, the proof whose keys they are, and the exact payload. Nothing leaves yet."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yanzhen.channels.actions import NotConnected, OpenSession, lost_authority, open_session
from yanzhen.channels.models import Account
from yanzhen.channels.platforms import platform
from yanzhen.channels.ports import OutgoingPost, PlatformError
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState, HoldReason

#: (account, generation of its tokens) whose owner this process has asked X for.
_known_owners: set[tuple[int, int]] = set()


class CannotSend(Exception):
    """This delivery must not go out as things are. ``reason`` tells why, ``note`` in X's words."""

    def __init__(self, reason: HoldReason, note: str = "") -> None:
        super().__init__(f"{reason}: {note}")
        self.reason = reason
        self.note = note


class NotNow(Exception):
    """Preparing failed for a cause that passes by itself; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything an intent needs: who sends, exactly what, and where a look-up would begin."""

    session: OpenSession
    post: OutgoingPost
    payload: dict[str, Any]
    payload_hash: str
    since_id: str


def payload_of(post: OutgoingPost) -> dict[str, Any]:
    """Return what is written down of an outgoing post."""
    return {"text": post.text, "reply_to_id": post.reply_to_id}


def hash_of(payload: dict[str, Any]) -> str:
    """Return the hex SHA-256 of a payload."""
    body = json.dumps(payload, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def newest_known_id(account: Account) -> str:
    """Return the highest id we know of this X account's posts, "" for none.

    Another workspace may publish to the same X account, so ids are compared by the account at X.
    """
    known = (
        Delivery.objects.filter(
            account__remote_id=account.remote_id,
            account__origin=account.origin,
            state=DeliveryState.PUBLISHED,
        )
        .order_by("-published_at")
        .values_list("remote_id", flat=True)[:50]
    )
    return str(max((int(i) for i in known if i.isdigit()), default=0) or "")


def _open(account: Account, *, now: datetime) -> OpenSession:
    """Open the account's session, having asked X once for each set of tokens whose they are.

    Raises CannotSend and NotNow.
    """
    try:
        session = open_session(account, now=now)
        if (account.pk, session.generation) in _known_owners:
            return session
        owner = session.me()
    except NotConnected as gone:
        raise CannotSend(HoldReason.AUTHORITY, str(gone)) from gone
    except PlatformError as error:
        if error.code == "unauthorised":
            _ask_for_authority(account, session.generation, now=now)
        raise NotNow(str(error)) from error
    if owner.id != account.remote_id:
        raise CannotSend(HoldReason.MISMATCH, f"@{owner.handle}")
    _known_owners.add((account.pk, session.generation))
    return session


def _ask_for_authority(account: Account, generation: int, *, now: datetime) -> None:
    """After a 401, return when there are new tokens to try. Raises CannotSend, NotNow."""
    try:
        renewed = lost_authority(account, generation=generation, now=now)
    except PlatformError as error:
        raise NotNow(str(error)) from error
    if not renewed:
        raise CannotSend(HoldReason.AUTHORITY, str(account.problem))


def prepare(delivery: Delivery, *, now: datetime) -> Prepared:
    """Open the account's session and build the payload.

    Raises CannotSend when a person must act, NotNow when trying again soon may help.
    """
    account = delivery.account
    here = platform(account.platform).origin
    if not delivery.origin == account.origin == here:
        raise CannotSend(HoldReason.MISMATCH, f"{delivery.origin} ≠ {here}")
    session = _open(account, now=now)
    reply_to_id = ""
    if delivery.after is not None:
        if delivery.after.state != DeliveryState.PUBLISHED:
            raise CannotSend(HoldReason.BEFORE)
        reply_to_id = delivery.after.remote_id
    post = OutgoingPost(delivery.text, reply_to_id)
    payload = payload_of(post)
    return Prepared(session, post, payload, hash_of(payload), newest_known_id(account))
