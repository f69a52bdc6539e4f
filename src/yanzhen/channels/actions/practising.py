"""The worker's half of a practice account: made at the fake X, connected like any other."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from yanzhen.channels.actions import keys
from yanzhen.channels.actions.connecting import connect_with_tokens
from yanzhen.channels.actions.settings import set_developer_app
from yanzhen.channels.actions.starting import CannotConnect
from yanzhen.channels.diagnosis import words_of
from yanzhen.channels.models import Account, DeveloperApp
from yanzhen.channels.platforms import platform, practice_server
from yanzhen.channels.ports import PlatformError
from yanzhen.channels.vault import VaultClosed, WrongSeal
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require

SHORTEST_HANDLE, LONGEST_HANDLE = 4, 15


def connect_practice_account(member: Member, *, redirect_uri: str, now: datetime) -> Account:
    """Have an account made after the workspace's name, and connect it through the workspace's app.

    Where the workspace has no X app yet, one is made there as well and set. Nobody has to say that
    it is the right account: it was made for this. Raises NotAllowed, CannotConnect.
    """
    require(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
    server, home = practice_server(), member.workspace
    if server is None:
        raise CannotConnect("practice_closed")
    row = DeveloperApp.objects.of(home.pk, "x", platform("x").origin)
    try:
        app, tokens = server.make_account(
            None if row is None else keys.open_app(row),
            handle=handle_for(home),
            name=home.name,
            app_name=f"Yanzhen ({home.slug})",
            redirect_uri=redirect_uri,
            now=now,
        )
    except (VaultClosed, WrongSeal) as closed:
        raise CannotConnect("sealed") from closed
    except PlatformError as error:
        raise CannotConnect("practice_closed", **words_of(error)) from error
    if row is None:
        set_developer_app(
            member,
            client_id=app.client_id,
            client_secret=app.client_secret,
            confidential=bool(app.client_secret),
            now=now,
            checked=True,
        )
    return connect_with_tokens(member, None, app=app, tokens=tokens, now=now)


def handle_for(home: Workspace) -> str:
    """Return a handle made of the workspace's name, or of its slug where no letter of it will do.

    X takes 4 to 15 of A-Z, a-z, 0-9 and the underscore.
    """
    plain = unicodedata.normalize("NFKD", home.name)
    handle = re.sub(r"[^A-Za-z0-9]", "", plain)[:LONGEST_HANDLE]
    if len(handle) < SHORTEST_HANDLE:
        handle = re.sub(r"[^A-Za-z0-9]", "_", home.slug)[:LONGEST_HANDLE]
    return handle if len(handle) >= SHORTEST_HANDLE else f"{handle}_brand"
