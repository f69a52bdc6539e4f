"""Error answers.

Each says where its wording was seen, because a client is tested against these very bytes.

"Seen" refers to bodies reported from the real service or written in its public documentation. Where
only the problem type is known and not the words, the comment says so.
"""

from __future__ import annotations

from typing import Any

# The host as the official client of 2026 insists on it; older answers named api.twitter.com.
TYPES = "https://api.x.com/2/problems/"


class Refused(Exception):
    """The request is answered with an error: ``status`` and a JSON ``body``."""

    def __init__(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = headers or {}


def _about_blank(status: int, title: str, detail: str) -> Refused:
    return Refused(
        status, {"detail": detail, "type": "about:blank", "title": title, "status": status}
    )


def invalid_request(message: str, **parameters: object) -> Refused:
    """400.

    Seen in the API documentation: type invalid-request with errors[].message and
    errors[].parameters.
    """
    shown = {
        name: [value if isinstance(value, str) else str(value)]
        for name, value in parameters.items()
    }
    return Refused(
        400,
        {
            "errors": [{"parameters": shown, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": TYPES + "invalid-request",
        },
    )


def unauthorized() -> Refused:
    """401. Seen on the real service and on its playground: the flat form."""
    return Refused(
        401,
        {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"},
    )


def credits_depleted() -> Refused:
    """402. Seen in field reports since the move to paid credits."""
    return Refused(
        402,
        {
            "title": "Payment Required",
            "detail": "credits depleted",
            "status": 402,
            "type": TYPES + "credits-depleted",
        },
    )


def duplicate_content() -> Refused:
    """403. Seen verbatim in akrherz/iembot#163 (2026-02)."""
    return _about_blank(
        403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."
    )


def reply_gate() -> Refused:
    """403. Seen in field reports since the reply rule of 2026-02-23."""
    return _about_blank(
        403,
        "Forbidden",
        "Reply to this conversation is not allowed because you have not been mentioned or "
        "otherwise engaged by the author of the post you are replying to.",
    )


def quote_gate() -> Refused:
    """403. Seen in field reports since the quote rule of 2026-04-20."""
    return _about_blank(
        403,
        "Forbidden",
        "Quoting this post is not allowed because you have not been mentioned or are not part of "
        "the conversation thread.",
    )


def not_permitted() -> Refused:
    """403. Seen in field reports: no write permission, locked account, somebody else's post."""
    return _about_blank(403, "Forbidden", "You are not permitted to perform this action.")


def spend_cap(reset_date: str) -> Refused:
    """403. Title, field and type seen in field reports; the sentence is ours."""
    return Refused(
        403,
        {
            "title": "SpendCapReached",
            "detail": "The spend cap of this billing cycle is reached.",
            "reset_date": reset_date,
            "status": 403,
            "type": TYPES + "credits",
        },
    )


def app_only_forbidden() -> Refused:
    """403. The type and its flat shape are documented; the sentence is ours."""
    return Refused(
        403,
        {
            "title": "Unsupported Authentication",
            "detail": "OAuth 2.0 Application-Only is forbidden for this endpoint.",
            "type": TYPES + "unsupported-authentication",
            "status": 403,
        },
    )


def missing_resource(kind: str, value: str, parameter: str) -> dict[str, Any]:
    """Describe one missing thing, as it stands inside ``errors`` of a 200 answer.

    Documented shape.
    """
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": TYPES + "resource-not-found",
    }


def not_found(kind: str, value: str, parameter: str) -> Refused:
    """404. The documented resource-not-found problem, alone."""
    return Refused(404, {**missing_resource(kind, value, parameter), "status": 404})


def no_such_route() -> Refused:
    """404 for a path this server does not know, in the flat form of the other problems."""
    return _about_blank(404, "Not Found", "Not Found")


def too_large() -> Refused:
    """413 in the flat form of the other problems; the words are ours."""
    return _about_blank(413, "Payload Too Large", "Payload Too Large")


def too_many_requests(headers: dict[str, str]) -> Refused:
    """429. Seen on the real service: title Too Many Requests, flat form."""
    return Refused(
        429,
        {
            "title": "Too Many Requests",
            "detail": "Too Many Requests",
            "type": "about:blank",
            "status": 429,
        },
        headers,
    )


def service_fault(status: int) -> Refused:
    """5xx. The 503 is verbatim from akrherz/iembot#171; the others follow its form."""
    title = {
        500: "Internal Server Error",
        502: "Bad Gateway",
        503: "Service Unavailable",
        504: "Gateway Timeout",
    }[status]
    return Refused(
        status, {"title": title, "detail": title, "type": "about:blank", "status": status}
    )


def oauth_error(status: int, error: str, description: str) -> Refused:
    """Form an OAuth 2 error as RFC 6749 section 5.2 does."""
    return Refused(status, {"error": error, "error_description": description})


def invalid_token_value() -> Refused:
    """400.

    Seen in field reports when a refresh token is used twice; given for every unusable code or
    token.
    """
    return oauth_error(400, "invalid_request", "Value passed for the token was invalid.")
