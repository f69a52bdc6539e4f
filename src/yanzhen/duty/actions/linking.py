"""Calendar links: making and revoking addresses under which other calendars read the rota."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import record
from yanzhen.duty.events import CALENDAR_LINKED, CALENDAR_UNLINKED, Bare, Linked
from yanzhen.duty.models import DutyLink
from yanzhen.people.actions.invitations import token_hash
from yanzhen.people.models import Member

MOST_LINKS = 10
_USE_NOTED_EVERY = timedelta(minutes=10)


class TooManyLinks(Exception):
    """The member has MOST_LINKS open links; one must be revoked first."""


class LinkRevoked(Exception):
    """The link was revoked already."""


@transaction.atomic
def make_link(*, shows: str, by: Member, now: datetime) -> tuple[DutyLink, str]:
    """Make a link of the member's own; return it with its secret, which is kept nowhere.

    It shows what any member sees, so it needs no right. Raises TooManyLinks.
    """
    # Links made at the same time are counted one after the other.
    Member.objects.select_for_update().get(pk=by.pk)
    if DutyLink.objects.of(by).open().count() >= MOST_LINKS:
        raise TooManyLinks
    secret = secrets.token_urlsafe(32)
    link = DutyLink.objects.create(
        member=by, shows=shows, secret_hash=token_hash(secret), created_at=now
    )
    record(
        CALENDAR_LINKED,
        Linked(shows=shows),
        actor=by.ref,
        subject=link.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
    return link, secret


@transaction.atomic
def revoke_link(link: DutyLink, *, by: Member, now: datetime) -> None:
    """Make a link of the member's own useless. Raises LinkRevoked when it is."""
    if link.member_id != by.pk:
        raise DutyLink.DoesNotExist(link.pk)
    _revoke(link, by.workspace_id, by=by.ref, now=now)


@transaction.atomic
def revoke_links_of(member_id: int, *, by: Ref, now: datetime) -> None:
    """Make all links of a member useless; ``by`` is who let the member go."""
    rows = DutyLink.objects.filter(member_id=member_id, revoked_at=None)
    for link in rows.select_related("member"):
        _revoke(link, link.member.workspace_id, by=by, now=now)


def note_use(link: DutyLink, *, now: datetime) -> None:
    """Remember that a calendar has just read the link, at most once in ten minutes."""
    stale = Q(used_at=None) | Q(used_at__lt=now - _USE_NOTED_EVERY)
    DutyLink.objects.filter(stale, pk=link.pk).update(used_at=now)


def _revoke(link: DutyLink, workspace_id: int, *, by: Ref, now: datetime) -> None:
    rows = DutyLink.objects.filter(pk=link.pk, revoked_at=None)
    if rows.update(revoked_at=now) != 1:
        raise LinkRevoked
    record(CALENDAR_UNLINKED, Bare(), actor=by, subject=link.ref, workspace_id=workspace_id, at=now)
