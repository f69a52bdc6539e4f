"""Calendar links: making and revoking addresses under which other calendars read the plan."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import record
from yanzhen.channels.models import Account
from yanzhen.people.actions.invitations import token_hash
from yanzhen.people.models import Member
from yanzhen.planning.events import (
    CALENDAR_LINKED,
    CALENDAR_UNLINKED,
    CalendarLinked,
    CalendarUnlinked,
)
from yanzhen.planning.models import CalendarLink

MOST_LINKS = 20
_USE_NOTED_EVERY = timedelta(minutes=10)


class TooManyLinks(Exception):
    """The member has MOST_LINKS open links; one must be revoked first."""


class LinkRevoked(Exception):
    """The link was revoked already."""


@transaction.atomic
def make_link(
    *, shows: str, account: Account | None, titled: bool, by: Member, now: datetime
) -> tuple[CalendarLink, str]:
    """Make a link of the member's own; return it with its secret, which is kept nowhere.

    It shows what any member sees, so it needs no right. ``account`` is for ONE_ACCOUNT alone and of
    the member's workspace. Raises Account.DoesNotExist and TooManyLinks.
    """
    if account is not None and account.workspace_id != by.workspace_id:
        raise Account.DoesNotExist(account.pk)
    # Links made at the same time are counted one after the other.
    Member.objects.select_for_update().get(pk=by.pk)
    if CalendarLink.objects.of(by).open().count() >= MOST_LINKS:
        raise TooManyLinks
    secret = secrets.token_urlsafe(32)
    link = CalendarLink.objects.create(
        workspace_id=by.workspace_id,
        member=by,
        shows=shows,
        account=account,
        titled=titled,
        secret_hash=token_hash(secret),
        created_at=now,
    )
    record(
        CALENDAR_LINKED,
        CalendarLinked(shows=shows, titled=titled),
        actor=by.ref,
        subject=link.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
    return link, secret


@transaction.atomic
def revoke_link(link: CalendarLink, *, by: Member, now: datetime) -> None:
    """Make a link of the member's own useless. Raises LinkRevoked when it is."""
    if link.member_id != by.pk:
        raise CalendarLink.DoesNotExist(link.pk)
    _revoke(link, by=by.ref, now=now)


@transaction.atomic
def revoke_links_of(member_id: int, *, by: Ref, now: datetime) -> None:
    """Make all links of a member useless; ``by`` is who let the member go."""
    for link in CalendarLink.objects.filter(member_id=member_id, revoked_at=None):
        _revoke(link, by=by, now=now)


def _revoke(link: CalendarLink, *, by: Ref, now: datetime) -> None:
    rows = CalendarLink.objects.filter(pk=link.pk, revoked_at=None)
    if rows.update(revoked_at=now) != 1:
        raise LinkRevoked
    record(
        CALENDAR_UNLINKED,
        CalendarUnlinked(),
        actor=by,
        subject=link.ref,
        workspace_id=link.workspace_id,
        at=now,
    )


def note_use(link: CalendarLink, *, now: datetime) -> None:
    """Remember that a calendar has just read the link, at most once in ten minutes."""
    stale = Q(used_at=None) | Q(used_at__lt=now - _USE_NOTED_EVERY)
    CalendarLink.objects.filter(stale, pk=link.pk).update(used_at=now)
