"""What being told announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class OutletChanged:
    """Payload of what happens to an outlet. ``kind`` is slack, teams or webhook."""

    kind: str


@dataclass(frozen=True, slots=True)
class SlackChanged:
    """Payload of what happens to the connection with Slack, which has nothing to say."""


@dataclass(frozen=True, slots=True)
class SlackLinked:
    """Payload of notify.slack_linked and notify.slack_unlinked. ``slack_user`` is Slack's id."""

    slack_user: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Payload of notify.acknowledged. ``kind`` is the event's that was acknowledged."""

    event: int
    kind: str


@dataclass(frozen=True, slots=True)
class LetterRetried:
    """Payload of notify.letter_retried. ``count`` is how many letters are tried again."""

    count: int


OUTLET_ADDED = announce(
    Kind("notify.outlet_added", OutletChanged, _("%(actor)s added the outlet %(subject)s"))
)
OUTLET_CHANGED = announce(
    Kind("notify.outlet_changed", OutletChanged, _("%(actor)s changed the outlet %(subject)s"))
)
OUTLET_REMOVED = announce(
    Kind("notify.outlet_removed", OutletChanged, _("%(actor)s removed the outlet %(subject)s"))
)
SECRET_CHANGED = announce(
    Kind(
        "notify.secret_changed",
        OutletChanged,
        _("%(actor)s changed the secret of the outlet %(subject)s"),
    )
)
SLACK_CONNECTED = announce(
    Kind("notify.slack_connected", SlackChanged, _("%(actor)s connected Slack"))
)
SLACK_DISCONNECTED = announce(
    Kind("notify.slack_disconnected", SlackChanged, _("%(actor)s disconnected Slack"))
)
SLACK_LINKED = announce(
    Kind(
        "notify.slack_linked",
        SlackLinked,
        _("%(subject)s acts from Slack as well, as the user %(slack_user)s"),
    )
)
SLACK_UNLINKED = announce(
    Kind(
        "notify.slack_unlinked",
        SlackLinked,
        _("%(subject)s no longer acts from Slack as the user %(slack_user)s"),
    )
)
ACKNOWLEDGED = announce(
    Kind("notify.acknowledged", Acknowledged, _("%(actor)s acknowledged the news of %(subject)s"))
)
LETTER_RETRIED = announce(
    Kind(
        "notify.letter_retried",
        LetterRetried,
        _("%(actor)s had %(count)d letters tried again"),
    )
)
