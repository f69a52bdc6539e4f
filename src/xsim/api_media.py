"""Calls that upload and describe media."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from xsim import media, money
from xsim.accounts import User
from xsim.api_posts import body_of
from xsim.calls import Call
from xsim.media_facts import read_facts
from xsim.media_limits import ALT_TEXT_MAX, CATEGORIES, SEGMENT_MAX, SEGMENTS
from xsim.multipart import is_multipart, read_parts
from xsim.problems import invalid_media, invalid_request
from xsim.wire import BadBody, Response, json_response

MATERIAL = {"TweetVideo": "tweet_video", "AmplifyVideo": "amplify_video"}
LANGUAGE_MAX = 16
POLLS, REASON = 3, "Unsupported video format"


def _uploader(call: Call) -> User:
    return call.caller.act_as_user("media.write")


def _fields(call: Call) -> dict[str, Any]:
    """Read a multipart or JSON body; ``media`` becomes bytes. Raises Refused (400)."""
    if is_multipart(call.request):
        try:
            parts: dict[str, Any] = dict(read_parts(call.request))
        except BadBody as error:
            raise invalid_request(str(error)) from error
        plain = {
            name: value.decode("utf-8", "replace")
            for name, value in parts.items()
            if name != "media"
        }
        return plain | ({"media": parts["media"]} if "media" in parts else {})
    body = body_of(call)
    if "media" in body:
        try:
            body["media"] = base64.b64decode(str(body["media"]), validate=True)
        except binascii.Error as error:
            raise invalid_request("[media] is not base64") from error
    return body


def _owners(value: object) -> list[str]:
    owners = value.split(",") if isinstance(value, str) else value or []
    if not isinstance(owners, list) or not all(str(one).isdigit() for one in owners):
        raise invalid_request("[additional_owners] is a list of user ids", additional_owners=value)
    return [str(one) for one in owners]


def initialize(call: Call) -> Response:
    """POST /2/media/upload/initialize."""
    user, body = _uploader(call), _fields(call)
    size, mime = body.get("total_bytes"), body.get("media_type")
    if isinstance(size, str) and size.isdigit():
        size = int(size)
    if not isinstance(size, int) or isinstance(size, bool):
        raise invalid_request("[total_bytes] is needed, a whole number", total_bytes=size)
    if not isinstance(mime, str):
        raise invalid_request("[media_type] is needed", media_type=mime)
    begun = media.initialize(
        call.world,
        user,
        mime=mime,
        total_bytes=size,
        category=body.get("media_category"),
        co_owners=_owners(body.get("additional_owners")),
    )
    return json_response(200, {"data": media.upload_json(call.world, begun)})


def append(call: Call) -> Response:
    """POST /2/media/upload/:id/append."""
    user, body = _uploader(call), _fields(call)
    segment, data = body.get("segment_index"), body.get("media")
    if isinstance(segment, str) and segment.isdigit():
        segment = int(segment)
    if not isinstance(segment, int) or isinstance(segment, bool) or segment not in SEGMENTS:
        raise invalid_request("[segment_index] takes 0 to 999", segment_index=segment)
    if not isinstance(data, bytes):
        raise invalid_request("[media] is needed")
    known = media.owned(call.world, user, call.path["id"])
    if not call.struck("media_lost_segment"):
        media.append(call.world, user, call.path["id"], segment, data)
    return json_response(200, {"data": {"expires_at": known.expires_ms // 1000}})


def finalize(call: Call) -> Response:
    """POST /2/media/upload/:id/finalize."""
    return _end(call, _uploader(call), call.path["id"])


def _end(call: Call, user: User, media_id: str) -> Response:
    slow, broken = call.struck("media_in_progress"), call.struck("media_failed")
    done = media.finalize(
        call.world,
        user,
        media_id,
        polls=int(slow.settings.get("polls", POLLS)) if slow else None,
        reason=str(broken.settings.get("reason", REASON)) if broken else None,
    )
    if call.struck("media_expired"):
        media.expire(call.world, done.id)
    return json_response(200, {"data": media.upload_json(call.world, done)})


def upload_at_once(call: Call) -> Response:
    """POST /2/media/upload."""
    user, body = _uploader(call), _fields(call)
    data, category = body.get("media"), body.get("media_category")
    if not isinstance(data, bytes) or not data:
        raise invalid_request("[media] is needed")
    if category not in CATEGORIES or CATEGORIES[category].page == "video":
        raise invalid_request(
            "[media_category] names a kind that can be sent at once", media_category=category
        )
    mime = body.get("media_type") or read_facts(data).get("mime")
    if not isinstance(mime, str):
        raise invalid_request("Media type unrecognized.")
    begun = media.initialize(
        call.world,
        user,
        mime=mime,
        total_bytes=len(data),
        category=category,
        co_owners=_owners(body.get("additional_owners")),
    )
    step = SEGMENT_MAX
    for segment, at in enumerate(range(0, len(data), step)):
        media.append(call.world, user, str(begun.id), segment, data[at : at + step])
    return _end(call, user, str(begun.id))


def status(call: Call) -> Response:
    """GET /2/media/upload?media_id=&command=STATUS."""
    user, query = _uploader(call), call.request.query
    if query.get("command", "STATUS") != "STATUS":
        raise invalid_request("The `command` query parameter takes STATUS", **query)
    found = media.status(call.world, user, query.get("media_id", ""))
    return json_response(200, {"data": media.upload_json(call.world, found, asked=True)})


def describe(call: Call) -> Response:
    """POST /2/media/metadata."""
    user, body = _uploader(call), body_of(call)
    metadata = body.get("metadata") or {}
    alt = metadata.get("alt_text") if isinstance(metadata, dict) else None
    alt_text = alt.get("text") if isinstance(alt, dict) else None
    if not isinstance(body.get("id"), str) or not isinstance(metadata, dict):
        raise invalid_request("[id] and [metadata] are needed", id=body.get("id"))
    if alt is not None and (
        not isinstance(alt_text, str) or not 1 <= len(alt_text) <= ALT_TEXT_MAX
    ):
        raise invalid_request("[metadata.alt_text.text] takes 1 to 1,000 characters")
    money.refuse_unpaid(call.world, call.caller.app, money.PRICES["media_metadata"])
    done = media.set_alt_text(call.world, user, body["id"], alt_text)
    money.charge(call.world, call.caller.app, "media_metadata", body["id"])
    answer = {"id": str(done.id), "associated_metadata": metadata}
    return json_response(200, {"data": answer})


def _video(call: Call, user: User, body: dict[str, Any]) -> media.Media:
    video = media.owned(call.world, user, str(body.get("id", "")))
    if video.use.kind != "video" or MATERIAL.get(body.get("media_category", "")) != video.category:
        raise invalid_request(
            "[media_category] is TweetVideo or AmplifyVideo, as the video was uploaded",
            media_category=body.get("media_category"),
        )
    return video


def _language(value: object) -> str:
    if not isinstance(value, str) or not 1 < len(value) <= LANGUAGE_MAX:
        raise invalid_request("[language_code] is needed", language_code=value)
    return value


def create_subtitles(call: Call) -> Response:
    """POST /2/media/subtitles."""
    user, body = _uploader(call), body_of(call)
    video, wish = _video(call, user, body), body.get("subtitles")
    if not isinstance(wish, dict) or not isinstance(wish.get("id"), str):
        raise invalid_request("[subtitles] needs id, language_code and display_name")
    text = media.owned(call.world, user, wish["id"])
    if text.category != "subtitles" or text.state != "succeeded":
        raise invalid_media([wish["id"]])
    kept = {
        "id": wish["id"],
        "language_code": _language(wish.get("language_code")),
        "display_name": str(wish.get("display_name", "")),
    }
    media.set_subtitle(call.world, video, kept["language_code"], kept)
    return json_response(
        200,
        {
            "data": {
                "id": str(video.id),
                "media_category": body["media_category"],
                "associated_subtitles": kept,
            }
        },
    )


def delete_subtitles(call: Call) -> Response:
    """DELETE /2/media/subtitles."""
    user, body = _uploader(call), body_of(call)
    video = _video(call, user, body)
    known = media.set_subtitle(call.world, video, _language(body.get("language_code")), None)
    return json_response(200, {"data": {"deleted": known}})
