"""Outlets: added, changed, given a new secret, tried, removed. What is secret is sealed at once."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F

from yanzhen.activity.spine import Kind, record
from yanzhen.channels.vault import Place, vault
from yanzhen.notify.events import (
    OUTLET_ADDED,
    OUTLET_CHANGED,
    OUTLET_REMOVED,
    SECRET_CHANGED,
    OutletChanged,
)
from yanzhen.notify.models import TEST, Letter, Outlet
from yanzhen.notify.states import Level, OutletKind, Way
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require

#: How long the secret before signs too, so that the other side can change it without a gap.
BOTH_SIGN = timedelta(hours=24)
_SECRET_BYTES, _KEY_BYTES = 24, 12


class OutletStale(Exception):
    """Somebody changed the outlet since the page was shown."""


def new_secret() -> str:
    """Return a new signing secret, in the form receivers know: whsec_ and Base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def new_key() -> str:
    """Return a key that names a row where a number could be guessed."""
    return secrets.token_urlsafe(_KEY_BYTES)


@transaction.atomic
def add_outlet(
    by: Member,
    *,
    kind: OutletKind,
    name: str,
    address: str,
    language: str,
    level: Level,
    topics: Iterable[str],
    now: datetime,
) -> tuple[Outlet, str]:
    """Add an outlet; return it with the new signing secret of a webhook, which is shown once.

    ``address`` is a channel, a webhook's URL, or a workflow's URL, of which only the host is kept
    readable. Raises NotAllowed, and VaultClosed while there is no key to seal with.
    """
    require(by, Decision.WORKSPACE_EDIT, workspace_id=by.workspace_id)
    key = new_key()
    place = Place(by.workspace_id, key, "secret", "outlet")
    secret, sealed, shown = "", b"", address
    if kind == OutletKind.WEBHOOK:
        secret = new_secret()
        sealed = vault().seal(secret.encode(), place)
    elif kind == OutletKind.TEAMS:
        sealed = vault().seal(address.encode(), place)
        address, shown = "", urlsplit(address).hostname or ""
    outlet = Outlet.objects.create(
        workspace_id=by.workspace_id,
        key=key,
        kind=kind,
        name=name,
        address=address,
        shown=shown[:200],
        sealed=sealed,
        language=language,
        level=level,
        topics=sorted(topics),
        created_at=now,
    )
    _tell(OUTLET_ADDED, outlet, by=by, now=now)
    return outlet, secret


def _tell(kind: Kind, outlet: Outlet, *, by: Member, now: datetime) -> None:
    record(
        kind,
        OutletChanged(kind=outlet.kind),
        actor=by.ref,
        subject=outlet.ref,
        workspace_id=outlet.workspace_id,
        at=now,
    )


@transaction.atomic
def change_outlet(
    outlet: Outlet,
    *,
    by: Member,
    seen: int,
    name: str,
    language: str,
    level: Level,
    topics: Iterable[str],
    active: bool,
    now: datetime,
) -> None:
    """Change what an outlet is told. ``seen`` is the revision the page showed.

    Raises NotAllowed and OutletStale.
    """
    require(by, Decision.WORKSPACE_EDIT, workspace_id=outlet.workspace_id)
    changed = Outlet.objects.filter(pk=outlet.pk, revision=seen).update(
        name=name,
        language=language,
        level=level,
        topics=sorted(topics),
        active=active,
        revision=F("revision") + 1,
    )
    if not changed:
        raise OutletStale
    outlet.refresh_from_db()
    _tell(OUTLET_CHANGED, outlet, by=by, now=now)


@transaction.atomic
def change_secret(outlet: Outlet, *, by: Member, now: datetime) -> str:
    """Give a webhook a new secret and return it; the one before signs too for a day.

    The secret before that one signs no more. Raises NotAllowed, VaultClosed, and ValueError for an
    outlet that signs nothing.
    """
    require(by, Decision.WORKSPACE_EDIT, workspace_id=outlet.workspace_id)
    if outlet.kind != OutletKind.WEBHOOK:
        raise ValueError("only webhooks are signed")
    secret = new_secret()
    sealed = vault().seal(secret.encode(), outlet.place)
    locked = Outlet.objects.select_for_update().get(pk=outlet.pk)
    Outlet.objects.filter(pk=outlet.pk).update(
        sealed=sealed,
        sealed_before=bytes(locked.sealed),
        before_until_at=now + BOTH_SIGN,
        revision=F("revision") + 1,
    )
    _tell(SECRET_CHANGED, outlet, by=by, now=now)
    return secret


@transaction.atomic
def try_outlet(outlet: Outlet, *, by: Member, now: datetime) -> Letter:
    """Owe a test message to an outlet, and return its letter. Raises NotAllowed."""
    require(by, Decision.WORKSPACE_EDIT, workspace_id=outlet.workspace_id)
    return Letter.objects.create(
        workspace_id=outlet.workspace_id,
        way=Way.OUTLET,
        outlet=outlet,
        kind=TEST,
        url="/outlets/",
        owed_at=now,
        due_at=now,
    )


@transaction.atomic
def remove_outlet(outlet: Outlet, *, by: Member, now: datetime) -> None:
    """Remove an outlet with its letters. Raises NotAllowed."""
    require(by, Decision.WORKSPACE_EDIT, workspace_id=outlet.workspace_id)
    _tell(OUTLET_REMOVED, outlet, by=by, now=now)
    Outlet.objects.filter(pk=outlet.pk).delete()
