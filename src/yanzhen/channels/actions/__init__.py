"""The verbs of accounts. Nothing else writes this room's tables.

Several of them talk to the platform, so none of those may be called inside a transaction. What this
package offers as a whole is for processes that may open stored secrets: pages import the modules
that need none (asking, leaving, settings, starting) one by one, and a contract holds them to it.
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
    connect_with_tokens,
    finish_connecting,
    paste_keys,
)
from yanzhen.channels.actions.leaving import disconnect_account
from yanzhen.channels.actions.settings import change_account, set_developer_app
from yanzhen.channels.actions.starting import CannotConnect, forget_abandoned, start_connecting

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
