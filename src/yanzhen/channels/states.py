"""Where an account's connection stands, and what may be wrong with it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.machine import Machine, Move


class AccountState(models.TextChoices):
    """Whether we can act as the account."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("account", "To be confirmed")
    CONNECTED = "connected", pgettext_lazy("account", "Connected")
    RECONNECT = "reconnect", pgettext_lazy("account", "Needs reconnecting")
    DISCONNECTED = "disconnected", pgettext_lazy("account", "Disconnected")


class Problem(models.TextChoices):
    """What the last contact with the platform found wrong. The label says what to do."""

    REFUSED = "refused", _("X no longer accepts this connection. Connect the account again.")
    ANSWER_LOST = (
        "answer_lost",
        _("X renewed the connection but its answer never arrived. Connect the account again."),
    )
    APP_CHANGED = (
        "app_changed",
        _("The X app was replaced. Connect the account again through the new one."),
    )
    APP_REFUSED = (
        "app_refused",
        _("X refuses the X app itself. Check client ID and client secret."),
    )
    WRONG_ACCOUNT = (
        "wrong_account",
        _("The stored tokens belong to another account. Connect the account again."),
    )
    SEALED = (
        "sealed",
        _("The stored tokens cannot be opened. Put back the keys folder, or connect again."),
    )
    ELSEWHERE = (
        "elsewhere",
        _("This connection belongs to another server than the one in use now. Connect it again."),
    )
    FORBIDDEN = (
        "forbidden",
        _("X says this account may not do that. See on X whether it is locked or suspended."),
    )
    NO_CREDITS = "no_credits", _("The X app has no credits left. Buy credits at X.")
    RATE_LIMITED = "rate_limited", _("X asked us to wait. The next check comes by itself.")
    UNREACHABLE = "unreachable", _("X did not answer. The next check comes by itself.")


#: Problems that only a new connection ends.
LOST = frozenset(
    {
        Problem.REFUSED,
        Problem.ANSWER_LOST,
        Problem.APP_CHANGED,
        Problem.WRONG_ACCOUNT,
        Problem.SEALED,
        Problem.ELSEWHERE,
    }
)

#: States in which something is to be done before a post can go out.
UNREADY = frozenset({AccountState.UNCONFIRMED, AccountState.RECONNECT})

S = AccountState
ACCOUNT = Machine(
    initial=S.DISCONNECTED,
    terminal=frozenset(),
    moves={
        # Its keys are here, but nobody has said yet that it is the account that was meant.
        "offer": Move(frozenset({S.DISCONNECTED, S.UNCONFIRMED}), S.UNCONFIRMED),
        "confirm": Move(frozenset({S.UNCONFIRMED}), S.CONNECTED),
        "connect": Move(
            frozenset({S.DISCONNECTED, S.UNCONFIRMED, S.RECONNECT, S.CONNECTED}), S.CONNECTED
        ),
        "lose": Move(frozenset({S.CONNECTED}), S.RECONNECT),
        "disconnect": Move(frozenset({S.UNCONFIRMED, S.CONNECTED, S.RECONNECT}), S.DISCONNECTED),
    },
)


class ErrandState(models.TextChoices):
    """How far something a page asked for has come."""

    ASKED = "asked", pgettext_lazy("errand", "Asked")
    DOING = "doing", pgettext_lazy("errand", "Under way")
    DONE = "done", pgettext_lazy("errand", "Done")
    FAILED = "failed", pgettext_lazy("errand", "Failed")


E = ErrandState
#: state_version is the fence: an answer written under an older number is refused.
ERRAND = Machine(
    initial=E.ASKED,
    terminal=frozenset({E.DONE, E.FAILED}),
    moves={
        "take": Move(frozenset({E.ASKED}), E.DOING),
        "take over": Move(frozenset({E.DOING}), E.DOING),
        "put back": Move(frozenset({E.DOING}), E.ASKED),
        "finish": Move(frozenset({E.DOING}), E.DONE),
        "fail": Move(frozenset({E.ASKED, E.DOING}), E.FAILED),
    },
)
