"""Where an account's connection stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.machine import Machine, Move


class AccountState(models.TextChoices):
    """Whether we can act as the account."""

    CONNECTED = "connected", pgettext_lazy("account", "Connected")
    RECONNECT = "reconnect", pgettext_lazy("account", "Needs reconnecting")
    DISCONNECTED = "disconnected", pgettext_lazy("account", "Disconnected")


S = AccountState
ACCOUNT = Machine(
    initial=S.DISCONNECTED,
    terminal=frozenset(),
    moves={
        "connect": Move(frozenset({S.DISCONNECTED, S.RECONNECT, S.CONNECTED}), S.CONNECTED),
        "lose": Move(frozenset({S.CONNECTED}), S.RECONNECT),
        "disconnect": Move(frozenset({S.CONNECTED, S.RECONNECT}), S.DISCONNECTED),
    },
)
