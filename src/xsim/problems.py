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
        name: value if isinstance(value, list) else [str(value)]
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


def invalid_media(media_ids: list[str]) -> Refused:
    """400. Seen in field reports, for every media id that cannot be posted."""
    return invalid_request("Your media IDs are invalid.", **{"media.media_ids": media_ids})


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


def engagement_gate() -> Refused:
    """403. Seen in field reports later in 2026 in place of the two gates' sentences."""
    return _about_blank(
        403,
        "Forbidden",
        "You can only reply to or quote posts where you are mentioned or are the author.",
    )


def daily_cap() -> Refused:
    """403. The sentence is that of the documented code 185 of v1.1; the flat form is a guess."""
    return _about_blank(403, "Forbidden", "User is over daily status update limit.")


def suspended() -> Refused:
    """403. The sentence is that of the documented code 64 of v1.1; the flat form is a guess."""
    return _about_blank(
        403,
        "Forbidden",
        "Your account is suspended and is not permitted to access this feature.",
    )


def not_premium() -> Refused:
    """403. Field reports say that a long text of an ordinary account is refused so; the sentence is
    the general one.
    """
    return not_permitted()


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


def user_token_forbidden() -> Refused:
    """403. The mirror of the above, for calls that an app makes alone; the sentence is ours."""
    refusal = app_only_forbidden()
    detail = "OAuth 2.0 Application-Only is needed for this endpoint."
    return Refused(403, {**refusal.body, "detail": detail})


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


def usage_capped() -> Refused:
    """429. The documented type usage-capped with its fields; the sentence is ours."""
    return Refused(
        429,
        {
            "title": "UsageCapExceeded",
            "detail": "Usage cap exceeded: Monthly product cap",
            "account_id": "",
            "product_name": "pay-per-use",
            "period": "Monthly",
            "scope": "Product",
            "type": TYPES + "usage-capped",
            "status": 429,
        },
    )


def too_many_connections() -> Refused:
    """429. Written in the documentation of streams; there without a status."""
    return Refused(
        429,
        {
            "title": "ConnectionException",
            "detail": "This stream is currently at the maximum allowed connection limit.",
            "connection_issue": "TooManyConnections",
            "type": TYPES + "streaming-connection",
        },
    )


def no_rules() -> Refused:
    """409. Status and type are documented; the issue is a value of the published schema, the
    sentence is ours.
    """
    return Refused(
        409,
        {
            "title": "ConnectionException",
            "detail": "This stream has no rules.",
            "connection_issue": "RuleConfigurationIssue",
            "type": TYPES + "streaming-connection",
        },
    )


def operational_disconnect() -> dict[str, Any]:
    """Word the last line of a stream that X ends. Written in the documentation of streams."""
    return {
        "errors": [
            {
                "title": "operational-disconnect",
                "disconnect_type": "UpstreamOperationalDisconnect",
                "detail": "This stream has been disconnected upstream for operational reasons.",
                "type": TYPES + "operational-disconnect",
            }
        ]
    }


def bad_rule(value: str, detail: str) -> dict[str, Any]:
    """Describe one rule that cannot be kept, inside ``errors``. Documented type and fields."""
    return {
        "value": value,
        "title": "UnprocessableEntity",
        "details": [detail],
        "detail": detail,
        "type": TYPES + "invalid-rules",
    }


def duplicate_rule(value: str, rule_id: str) -> dict[str, Any]:
    """Describe one rule that is there already, inside ``errors``. Documented type and fields."""
    return {
        "value": value,
        "id": rule_id,
        "title": "DuplicateRule",
        "detail": "A rule with this value exists already.",
        "type": TYPES + "duplicate-rules",
    }


def rule_cap(value: str) -> dict[str, Any]:
    """Describe the rule that is one too many, inside ``errors``. Documented type."""
    return {
        "value": value,
        "title": "RulesCapExceeded",
        "detail": "The app has as many rules as it may have.",
        "type": TYPES + "rule-cap",
    }


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
