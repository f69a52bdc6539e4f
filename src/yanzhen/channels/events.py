"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class AccountConnected:
    """``how`` is oauth2 or oauth1; ``again`` when the account had been connected before."""

    how: str
    again: bool


@dataclass(frozen=True, slots=True)
class AccountOffered:
    """Its keys are here and wait for somebody to say that it is the right account."""

    how: str


@dataclass(frozen=True, slots=True)
class AccountTurnedAway:
    """It was not the account that was meant; its keys are gone."""


@dataclass(frozen=True, slots=True)
class AccountDisconnected:
    """Our tokens are gone; whether X voided them too is not part of the decision."""


@dataclass(frozen=True, slots=True)
class AccountLost:
    """``problem`` is a states.Problem slug."""

    problem: str


@dataclass(frozen=True, slots=True)
class AccountRenamed:
    """The handle changed at the platform. Both without @."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """``fields`` names what was changed, comma separated: zone, language, colour, premium."""

    fields: str


@dataclass(frozen=True, slots=True)
class DeveloperAppSet:
    """``client_id`` is public; the secret is never told."""

    client_id: str


ACCOUNT_CONNECTED = announce(
    Kind("channels.account_connected", AccountConnected, _("%(actor)s connected %(subject)s"))
)
ACCOUNT_OFFERED = announce(
    Kind(
        "channels.account_offered",
        AccountOffered,
        _("%(actor)s brought the keys of %(subject)s, to be confirmed"),
    )
)
ACCOUNT_TURNED_AWAY = announce(
    Kind(
        "channels.account_turned_away",
        AccountTurnedAway,
        _("%(actor)s turned %(subject)s away: another account was meant"),
    )
)
ACCOUNT_DISCONNECTED = announce(
    Kind(
        "channels.account_disconnected",
        AccountDisconnected,
        _("%(actor)s disconnected %(subject)s"),
    )
)
ACCOUNT_LOST = announce(
    Kind("channels.account_lost", AccountLost, _("%(subject)s needs connecting again"))
)
ACCOUNT_RENAMED = announce(
    Kind(
        "channels.account_renamed",
        AccountRenamed,
        _("@%(before)s is now called @%(after)s on X"),
    )
)
ACCOUNT_CHANGED = announce(
    Kind("channels.account_changed", AccountChanged, _("%(actor)s changed settings of %(subject)s"))
)
DEVELOPER_APP_SET = announce(
    Kind("channels.developer_app_set", DeveloperAppSet, _("%(actor)s set the X app %(subject)s"))
)
