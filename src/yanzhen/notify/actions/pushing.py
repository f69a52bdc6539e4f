"""Browsers that take pushed news: added by their member, and removed."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction

from yanzhen.channels.vault import Place, vault
from yanzhen.notify import wired
from yanzhen.notify.models import Browser, PushKey
from yanzhen.people.models import Member

#: More browsers than anybody has; the oldest goes.
MOST_BROWSERS = 10


def ensure_key(*, now: datetime) -> PushKey:
    """Return this installation's key for pushing, making it once. Raises VaultClosed."""
    known = PushKey.objects.first()
    if known is not None:
        return known
    pem, public = wired.new_push_key()
    sealed = vault().seal(pem.encode(), PushKey().place)
    try:
        with transaction.atomic():
            return PushKey.objects.create(public=public, sealed=sealed, made_at=now)
    except IntegrityError:
        # Another process was faster; whatever browser was given its key goes by that one.
        return PushKey.objects.get()


@transaction.atomic
def add_browser(
    by: Member,
    *,
    endpoint: str,
    p256dh: str,
    auth: str,
    shown: str,
    session_key: str = "",
    now: datetime,
) -> Browser:
    """Keep a browser that takes news for the member, in place of what was known of it.

    ``session_key`` is of the session it was added in, with which it ends when that is ended.
    Raises VaultClosed while there is no key to seal with.
    """
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    place = Place(by.workspace_id, digest, "browser", "push")
    sealed = vault().seal(json.dumps([endpoint, p256dh, auth]).encode(), place)
    browser, _new = Browser.objects.update_or_create(
        member=by,
        endpoint_hash=digest,
        defaults={
            "sealed": sealed,
            "shown": shown[:80],
            "added_at": now,
            "signed_in": UserSession.objects.filter(session_key=session_key).first(),
        },
    )
    mine = Browser.objects.filter(member=by).order_by("-added_at", "-pk")
    Browser.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST_BROWSERS:])).delete()
    return browser


def remove_other_browsers(member_id: int, *, signed_in: int) -> None:
    """Push nothing more to a member's browsers but those added in this sign-in (number)."""
    Browser.objects.filter(member=member_id).exclude(signed_in=signed_in).delete()


def remove_browsers_of(member_id: int) -> None:
    """Push nothing more to any browser of a member."""
    Browser.objects.filter(member=member_id).delete()


@transaction.atomic
def remove_browser(browser: Browser) -> None:
    """Push nothing more to a browser."""
    Browser.objects.filter(pk=browser.pk).delete()
