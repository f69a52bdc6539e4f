"""The verbs of accounts. Nothing else writes this room's tables.

Several of them talk to the platform, so none of those may be called inside a transaction.
"""

from yanzhen.channels.actions.authority import (
    NotConnected,
    OpenSession,
    lost_authority,
    open_session,
    renew_ahead,
)
from yanzhen.channels.actions.checking import check_account
from yanzhen.channels.actions.connecting import (
    CannotConnect,
    connect_with_tokens,
    finish_connecting,
    forget_abandoned,
    paste_keys,
    start_connecting,
)
from yanzhen.channels.actions.leaving import disconnect_account
from yanzhen.channels.actions.settings import change_account, set_developer_app

__all__ = [
    "CannotConnect",
    "NotConnected",
    "OpenSession",
    "change_account",
    "check_account",
    "connect_with_tokens",
    "disconnect_account",
    "finish_connecting",
    "forget_abandoned",
    "lost_authority",
    "open_session",
    "paste_keys",
    "renew_ahead",
    "set_developer_app",
    "start_connecting",
]
