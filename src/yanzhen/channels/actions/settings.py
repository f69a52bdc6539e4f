"""What a team sets about its accounts: the X app they come through, and how each is shown."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.channels.actions.asking import ask_errand
from yanzhen.channels.actions.losing import lose
from yanzhen.channels.events import (
    ACCOUNT_CHANGED,
    DEVELOPER_APP_SET,
    AccountChanged,
    DeveloperAppSet,
)
from yanzhen.channels.models import Account, Credential, DeveloperApp, Errand
from yanzhen.channels.platforms import platform
from yanzhen.channels.states import Problem
from yanzhen.channels.vault import Place, vault
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require

#: The errand that asks whether the platform knows an app; see runs.
PAIR = "channels.pair"


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
    checked: bool = False,
) -> DeveloperApp:
    """Set the workspace's X app. An empty ``client_secret`` keeps the one stored for this ID.

    ``checked`` says that the platform has just said that it knows this pair.
    Accounts that were connected through another app move to "needs reconnecting", because only
    the app that made tokens can renew them. Raises NotAllowed, SecretNeeded.
    """
    require(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
    origin = platform(slug).origin
    old = DeveloperApp.objects.of(member.workspace_id, slug, origin)
    place = Place(member.workspace_id, "", "client_secret", origin)
    if old is not None and _keeps_secret(old, client_id, client_secret, confidential=confidential):
        sealed = bytes(old.sealed)
    elif confidential and not client_secret:
        raise SecretNeeded(client_id)
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
            "checked_at": now if checked else None,
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


def ask_about_app(
    member: Member,
    again: Account | None,
    *,
    client_id: str,
    client_secret: str,
    confidential: bool,
    now: datetime,
) -> Errand:
    """Have the worker ask the platform whether it knows this app, and set it only then.

    So a typing mistake replaces nothing. ``again`` is the account that is to be connected again
    afterwards. Raises NotAllowed, SecretNeeded.
    """
    old = DeveloperApp.objects.of(member.workspace_id, "x", platform("x").origin)
    if confidential and not client_secret:
        keeps = old is not None and _keeps_secret(old, client_id, "", confidential=True)
        if not keeps:
            raise SecretNeeded(client_id)
    return ask_errand(
        PAIR,
        by=member,
        decision=Decision.ACCOUNT_CONNECT,
        account=again,
        secret={"client_secret": client_secret if confidential else ""},
        params={"client_id": client_id, "confidential": confidential},
        now=now,
    )


def _keeps_secret(
    old: DeveloperApp, client_id: str, client_secret: str, *, confidential: bool
) -> bool:
    same = old.confidential and confidential and old.client_id == client_id
    return same and not client_secret


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
    require(by, Decision.ACCOUNT_CONNECT, workspace_id=account.workspace_id, account_id=account.pk)
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
