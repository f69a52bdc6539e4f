"""Reading the body of a create request: its form alone, whatever is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from xsim import text as words
from xsim.problems import invalid_request

REPLY_SETTINGS = frozenset({"following", "mentionedUsers", "subscribers", "verified"})
POLL_CHOICES, POLL_CHOICE_LENGTH, POLL_MINUTES = range(2, 5), range(1, 26), range(5, 10_081)
MEDIA_MAX, TAGGED_MAX = 4, 10
PLAIN_FIELDS = {
    "text": str,
    "quote_tweet_id": str,
    "reply_settings": str,
    "card_uri": str,
    "community_id": str,
    "direct_message_deep_link": str,
    "for_super_followers_only": bool,
    "made_with_ai": bool,
    "nullcast": bool,
    "paid_partnership": bool,
    "share_with_followers": bool,
}
OBJECT_FIELDS = frozenset({"reply", "poll", "media", "geo", "edit_options"})
# A community is taken and kept, and has no effect.
KEPT_EXTRAS = (
    "made_with_ai",
    "paid_partnership",
    "community_id",
    "nullcast",
    "for_super_followers_only",
)
REPLY_FIELDS = frozenset(
    {"in_reply_to_tweet_id", "exclude_reply_user_ids", "auto_populate_reply_metadata"}
)
# A post takes one of these.
EXCLUSIVE = ("poll", "quote_tweet_id", "media", "card_uri", "direct_message_deep_link")


@dataclass
class Draft:
    """A create request that has been read and found well formed.

    ``edits`` is the id of the post that this one replaces.
    """

    text: str
    reply_to: str | None = None
    quoted: str | None = None
    poll: dict[str, Any] | None = None
    media_ids: tuple[str, ...] = ()
    edits: str | None = None
    reply_settings: str = "everyone"
    extras: dict[str, Any] = field(default_factory=dict)


def read_draft(body: dict[str, Any]) -> Draft:
    """Check the form of a create request. Raises Refused (400)."""
    for name, value in body.items():
        if name not in PLAIN_FIELDS and name not in OBJECT_FIELDS:
            raise invalid_request(f"[{name}] is not one of the known fields", **{name: value})
        if value is not None and not isinstance(value, PLAIN_FIELDS.get(name, dict)):
            raise invalid_request(f"[{name}] has the wrong type", **{name: value})
    body = {name: value for name, value in body.items() if value is not None}
    for name, what in (("direct_message_deep_link", "direct message links"), ("card_uri", "cards")):
        if name in body:
            raise invalid_request(f"{what} are not supported by this server", **{name: body[name]})
    chosen = [name for name in EXCLUSIVE if name in body]
    if len(chosen) > 1:
        raise invalid_request(
            "a post takes one of poll, quote_tweet_id and media", **{chosen[0]: body[chosen[0]]}
        )
    if body.get("reply_settings", "following") not in REPLY_SETTINGS:
        raise invalid_request(
            "[reply_settings] is not one of the known values", reply_settings=body["reply_settings"]
        )
    media_ids = _media_ids(body.get("media"))
    return Draft(
        text=_clean_text(body.get("text", ""), needed=not media_ids),
        reply_to=_reply_target(body.get("reply")),
        quoted=body.get("quote_tweet_id"),
        poll=_poll(body.get("poll")),
        media_ids=media_ids,
        edits=_edited(body.get("edit_options")),
        reply_settings=body.get("reply_settings", "everyone"),
        extras={name: body[name] for name in KEPT_EXTRAS if name in body},
    )


def _clean_text(text: str, *, needed: bool) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise invalid_request("[text] holds half a surrogate pair", text="") from None
    if "\x00" in text or words.FORBIDDEN & set(text):
        raise invalid_request("[text] holds characters that cannot be posted", text=text)
    if needed and not text.strip():
        raise invalid_request("[text] is needed when there is no media", text=text)
    return text


def _are_ids(values: object, most: int) -> bool:
    return (
        isinstance(values, list)
        and 1 <= len(values) <= most
        and all(isinstance(value, str) and value.isdigit() for value in values)
    )


def _media_ids(media: dict[str, Any] | None) -> tuple[str, ...]:
    if media is None:
        return ()
    ids, tagged = media.get("media_ids"), media.get("tagged_user_ids")
    if set(media) - {"media_ids", "tagged_user_ids"} or not _are_ids(ids, MEDIA_MAX):
        raise invalid_request("[media.media_ids] needs 1 to 4 strings of digits", media=media)
    if tagged is not None and not _are_ids(tagged, TAGGED_MAX):
        raise invalid_request("[media.tagged_user_ids] takes up to 10 user ids", media=media)
    if len(set(media["media_ids"])) != len(media["media_ids"]):
        raise invalid_request("[media.media_ids] names the same media twice", media=media)
    return tuple(media["media_ids"])


def _edited(options: dict[str, Any] | None) -> str | None:
    if options is None:
        return None
    previous = options.get("previous_post_id")
    if set(options) - {"previous_post_id"} or not _are_ids([previous], 1):
        raise invalid_request(
            "[edit_options] needs previous_post_id, a string of digits", edit_options=options
        )
    return str(previous)


def _reply_target(reply: dict[str, Any] | None) -> str | None:
    if reply is None:
        return None
    target = reply.get("in_reply_to_tweet_id")
    if set(reply) - REPLY_FIELDS or not isinstance(target, str) or not target.isdigit():
        raise invalid_request("[reply] needs in_reply_to_tweet_id, a string of digits", reply=reply)
    return target


def _poll(poll: dict[str, Any] | None) -> dict[str, Any] | None:
    if poll is None:
        return None
    options, minutes = poll.get("options"), poll.get("duration_minutes")
    if not isinstance(options, list) or len(options) not in POLL_CHOICES:
        raise invalid_request("[poll.options] needs 2 to 4 choices", poll=poll)
    if not all(isinstance(option, str) and len(option) in POLL_CHOICE_LENGTH for option in options):
        raise invalid_request("[poll.options] needs choices of 1 to 25 characters", poll=poll)
    if not isinstance(minutes, int) or minutes not in POLL_MINUTES:
        raise invalid_request("[poll.duration_minutes] needs 5 to 10,080", poll=poll)
    return {"options": options, "duration_minutes": minutes}
