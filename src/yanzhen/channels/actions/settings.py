"""What a team sets about its accounts: the X app they come through, and how each is shown."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.channels.actions.losing import lose
from yanzhen.channels.events import (
    ACCOUNT_CHANGED,
    DEVELOPER_APP_SET,
    AccountChanged,
    DeveloperAppSet,
)
from yanzhen.channels.models import Account, Credential, DeveloperApp
from yanzhen.channels.platforms import platform
from yanzhen.channels.states import Problem
from yanzhen.channels.vault import Place, vault
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require


class SecretNeeded(Exception):
    """A client ID came without its secret, and no secret is stored for it."""


@transaction.atomic
def set_developer_app(
    member: Member,
    *,
    client_id: str,
    client_secret: str,
    confidential: bool,
    now: datetime,
    slug: str = "x",
) -> DeveloperApp:
    """Set the workspace's X app. An empty ``client_secret`` keeps the one stored for this ID.

    Accounts that were connected through another app move to "needs reconnecting", because only
    the app that made tokens can renew them. Raises NotAllowed, SecretNeeded.
    """
    require(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
    origin = platform(slug).origin
    old = DeveloperApp.objects.of(member.workspace_id, slug, origin)
    place = Place(member.workspace_id, "", "client_secret", origin)
    if confidential and not client_secret:
        if old is None or old.client_id != client_id or not old.confidential:
            raise SecretNeeded(client_id)
        sealed = bytes(old.sealed)
    else:
        sealed = vault().seal(client_secret.encode() if confidential else b"", place)
    app, _ = DeveloperApp.objects.update_or_create(
        workspace_id=member.workspace_id,
        platform=slug,
        origin=origin,
        defaults={
            "client_id": client_id,
            "confidential": confidential,
            "sealed": sealed,
            "changed_at": now,
        },
    )
    record(
        DEVELOPER_APP_SET,
        DeveloperAppSet(client_id),
        actor=member.ref,
        subject=app.ref,
        workspace_id=member.workspace_id,
        at=now,
    )
    orphans = Credential.objects.filter(
        account__workspace_id=member.workspace_id, account__origin=origin, kind="oauth2"
    ).exclude(client_id=client_id)
    for credential in orphans.select_related("account"):
        lose(credential.account, Problem.APP_CHANGED, now=now)
    return app


@transaction.atomic
def change_account(
    account: Account,
    *,
    by: Member,
    zone: str,
    language: str,
    colour: str,
    premium: bool | None,
    now: datetime,
) -> Account:
    """Change how the account is treated. ``premium`` None follows what the platform says.

    Raises NotAllowed. Changing nothing records nothing.
    """
    require(by, Decision.ACCOUNT_CONNECT, workspace_id=account.workspace_id)
    wanted = {
        "zone": zone,
        "language": language,
        "colour": colour,
        "premium_override": premium,
    }
    changed = [name for name, value in wanted.items() if getattr(account, name) != value]
    if not changed:
        return account
    for name in changed:
        setattr(account, name, wanted[name])
    if premium is not None:
        account.premium = premium
    elif "premium_override" in changed:
        # What the platform says comes with the next check, which is due now.
        Credential.objects.filter(account=account).update(check_due_at=now)
    account.save(update_fields=[*changed, "premium"])
    record(
        ACCOUNT_CHANGED,
        AccountChanged(",".join(name.removesuffix("_override") for name in changed)),
        actor=by.ref,
        subject=account.ref,
        workspace_id=account.workspace_id,
        at=now,
    )
    return account
