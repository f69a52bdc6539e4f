"""Preparing: keys, the proof whose keys they are, and the exact payload. Nothing leaves yet."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yanzhen.channels.actions import NotConnected, lost_authority
from yanzhen.channels.models import Account
from yanzhen.channels.platforms import platform
from yanzhen.channels.ports import OutgoingPoll, OutgoingPost, PlatformError
from yanzhen.library.windows import Standing
from yanzhen.planning.content import Content, PostKind, Terms
from yanzhen.planning.models import content_of
from yanzhen.publishing.engine.send import Line, Reposting, open_line
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState, HoldReason, UploadState

#: (account, generation of its tokens) whose owner this process has asked X for.
_known_owners: set[tuple[int, int]] = set()


class CannotSend(Exception):
    """This delivery must not go out as things are. ``reason`` tells why, ``note`` in X's words."""

    def __init__(self, reason: HoldReason, note: str = "") -> None:
        super().__init__(f"{reason}: {note}")
        self.reason = reason
        self.note = note


class Missed(Exception):
    """It is later than a post may still go out by itself; nothing was sent."""


class NotNow(Exception):
    """Preparing failed for a cause that passes by itself; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything an intent needs: who sends, exactly what, and where a look-up would begin."""

    line: Line
    what: OutgoingPost | Reposting
    payload: dict[str, Any]
    payload_hash: str
    since_id: str


def payload_of(delivery: Delivery, content: Content, *, reply_to_id: str) -> dict[str, Any]:
    """Return what is written down of a send: all that X will show, media by their bytes.

    ``content`` is the version's. Empty parts are left out. Raises IndexError when the version has
    no such segment.
    """
    segment = content.segments[delivery.position]
    if content.kind == PostKind.REPOST:
        return {"reposts_id": content.target}
    payload: dict[str, Any] = {"text": segment.text, "reply_to_id": reply_to_id}
    payload |= segment.extras()
    terms = content.terms.as_json()
    terms.pop("reply_to", None)
    if delivery.position:
        # Who may answer and what is quoted belong to the post itself, not to what follows it.
        terms = {name: terms[name] for name in terms if name not in ("reply_settings", "quote")}
    if terms:
        payload["terms"] = terms
    if content.kind == PostKind.EDIT:
        payload["edits_id"] = content.target
    return payload


def hash_of(payload: dict[str, Any]) -> str:
    """Return the hex SHA-256 of a payload."""
    body = json.dumps(payload, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def outgoing(
    payload: dict[str, Any], *, account: Account, media_ids: tuple[str, ...]
) -> OutgoingPost | Reposting:
    """Return what the adapter is given: the payload, its media by their ids at the platform."""
    if "reposts_id" in payload:
        return Reposting(account.remote_id, payload["reposts_id"])
    terms = Terms.read(payload.get("terms", {}))
    poll = payload.get("poll")
    return OutgoingPost(
        text=payload["text"],
        reply_to_id=payload["reply_to_id"],
        media_ids=media_ids,
        poll=None if poll is None else OutgoingPoll(tuple(poll["options"]), poll["minutes"]),
        quote_id=terms.quote,
        reply_settings=terms.reply_settings,
        made_with_ai=terms.made_with_ai,
        paid_partnership=terms.paid_partnership,
        edits_id=payload.get("edits_id", ""),
    )


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


def _open(account: Account, *, now: datetime) -> Line:
    """Open the account's line, having asked X once for each set of tokens whose they are.

    Raises CannotSend and NotNow.
    """
    try:
        line = open_line(account, now=now)
        if (account.pk, line.generation) in _known_owners:
            return line
        owner = line.me()
    except NotConnected as gone:
        raise CannotSend(HoldReason.AUTHORITY, str(gone)) from gone
    except PlatformError as error:
        if error.code == "unauthorised":
            _ask_for_authority(account, line.generation, now=now)
        raise NotNow(str(error)) from error
    if owner.id != account.remote_id:
        raise CannotSend(HoldReason.MISMATCH, f"@{owner.handle}")
    _known_owners.add((account.pk, line.generation))
    return line


def _ask_for_authority(account: Account, generation: int, *, now: datetime) -> None:
    """After a 401, return when there are new tokens to try. Raises CannotSend, NotNow."""
    try:
        renewed = lost_authority(account, generation=generation, now=now)
    except PlatformError as error:
        raise NotNow(str(error)) from error
    if not renewed:
        raise CannotSend(HoldReason.AUTHORITY, str(account.problem))


def _media_ids(delivery: Delivery, content: Content, *, now: datetime) -> tuple[str, ...]:
    """Return X's ids of the segment's media, in order. Raises NotNow and CannotSend."""
    segment = content.segments[delivery.position]
    if not segment.media:
        return ()
    uploads = list(delivery.uploads.select_related("media__asset").order_by("position"))
    if [u.media.sha256 for u in uploads] != [use.sha256 for use in segment.media]:
        raise CannotSend(HoldReason.EDITED, "the media are not those that were passed")
    for upload in uploads:
        if upload.media.asset.standing(now) in (Standing.OVER, Standing.EARLY):
            raise CannotSend(HoldReason.EXPIRED, upload.media.asset.name)
        if upload.state == UploadState.FAILED:
            raise CannotSend(HoldReason.MEDIA, f"{upload.media.name}: {upload.detail}")
        gone = upload.expires_at is not None and upload.expires_at <= now
        if upload.state != UploadState.READY or gone:
            raise NotNow(f"{upload.media.name} is not at X yet")
    return tuple(upload.remote_id for upload in uploads)


def prepare(delivery: Delivery, *, now: datetime) -> Prepared:
    """Open the account's line and build the payload.

    Raises CannotSend when a person must act, NotNow when trying again soon may help.
    """
    account = delivery.account
    here = platform(account.platform).origin
    if not delivery.origin == account.origin == here:
        raise CannotSend(HoldReason.MISMATCH, f"{delivery.origin} ≠ {here}")
    content = content_of(delivery.version)
    try:
        payload = payload_of(delivery, content, reply_to_id=parent_of(delivery, content))
    except IndexError:
        raise CannotSend(HoldReason.EDITED, "the version has no such segment") from None
    media_ids = _media_ids(delivery, content, now=now)
    line = _open(account, now=now)
    what = outgoing(payload, account=account, media_ids=media_ids)
    return Prepared(line, what, payload, hash_of(payload), newest_known_id(account))


def parent_of(delivery: Delivery, content: Content) -> str:
    """Return the id at X that this delivery answers, "" for none. Raises CannotSend."""
    if delivery.after is None:
        return content.terms.reply_to
    if delivery.after.state != DeliveryState.PUBLISHED:
        raise CannotSend(HoldReason.BEFORE)
    return delivery.after.remote_id
