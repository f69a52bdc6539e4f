"""Inviting people and letting them in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.actions.keep import lock
from yanzhen.people.actions.members import require_reach
from yanzhen.people.actions.workspaces import add_member
from yanzhen.people.events import INVITATION_WITHDRAWN, MEMBER_INVITED, Bare, MemberInvited
from yanzhen.people.models import Invitation, Member, Role, User, Workspace
from yanzhen.people.rights import Actor, Decision, require

GOOD_FOR = timedelta(days=7)


class AlreadyMember(Exception):
    """That email belongs to ``member``, who is one already, or was one and can be brought back."""

    def __init__(self, member: Member) -> None:
        super().__init__(f"member {member.pk}")
        self.member = member


class InvitationClosed(Exception):
    """The invitation lets nobody in any more. ``reason``: taken, withdrawn, expired or removed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OtherPerson(Exception):
    """The invitation is for another email address, or an account with that address exists."""


def token_hash(token: str) -> str:
    """Return what is stored of a link's secret: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_invitation(
    workspace: Workspace,
    *,
    email: str,
    name: str,
    language: str,
    role: Role,
    invited_by: Member | None,
    now: datetime,
) -> tuple[Invitation, str]:
    """Write an invitation and return it with the link's secret, which is kept nowhere.

    An earlier invitation of the same email stops working. Asks no right: callers are invite_member
    and the command line.
    """
    email = email.strip().lower()
    earlier = Invitation.objects.filter(workspace=workspace, email=email)
    earlier.filter(taken_at=None, withdrawn_at=None).update(withdrawn_at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        workspace=workspace,
        email=email,
        name=name,
        language=language,
        role=role,
        invited_by=invited_by,
        token_hash=token_hash(token),
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    return invitation, token


@transaction.atomic
def invite_member(
    workspace: Workspace,
    *,
    email: str,
    name: str,
    language: str,
    role: Role,
    by: Member,
    now: datetime,
) -> tuple[Invitation, str]:
    """Invite an email address to join with ``role``; return the invitation and its link's secret.

    Raises NotAllowed, AlreadyMember, and Role.DoesNotExist for another workspace's role.
    """
    require_reach(by, role.granted, workspace_id=workspace.pk)
    if role.workspace_id != workspace.pk or role.retired_at is not None:
        raise Role.DoesNotExist(role.slug)
    lock(workspace.pk)
    known = Member.objects.filter(workspace=workspace, user__email=email.strip().lower())
    member = known.select_related("user").first()
    if member is not None:
        raise AlreadyMember(member)
    invitation, token = open_invitation(
        workspace, email=email, name=name, language=language, role=role, invited_by=by, now=now
    )
    record(
        MEMBER_INVITED,
        MemberInvited(role=role.slug, title=role.shown_title),
        actor=by.ref,
        subject=invitation.ref,
        workspace_id=workspace.pk,
        at=now,
    )
    return invitation, token


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Actor, now: datetime) -> Invitation:
    """Make an invitation's link useless. Raises NotAllowed, and InvitationClosed when it is."""
    require(by, Decision.MEMBER_INVITE, workspace_id=invitation.workspace_id)
    rows = Invitation.objects.filter(pk=invitation.pk, taken_at=None, withdrawn_at=None)
    if rows.update(withdrawn_at=now) != 1:
        raise InvitationClosed(why_closed(Invitation.objects.get(pk=invitation.pk)))
    record(
        INVITATION_WITHDRAWN,
        Bare(),
        actor=by.ref,
        subject=invitation.ref,
        workspace_id=invitation.workspace_id,
        at=now,
    )
    return invitation


def why_closed(invitation: Invitation) -> str:
    """Return taken, withdrawn or, when neither, expired."""
    if invitation.taken_at:
        return "taken"
    return "withdrawn" if invitation.withdrawn_at else "expired"


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, name: str, password: str, zone: str, language: str, now: datetime
) -> Member:
    """Make a user for the invited email and a member of the workspace.

    ``zone`` is an IANA name. Raises InvitationClosed, and OtherPerson when that email has an
    account: then its owner signs in and uses join_workspace.
    """
    _take(invitation, now=now)
    if User.objects.filter(email=invitation.email).exists():
        raise OtherPerson
    user = User.objects.create_user(
        invitation.email, password, name=name, zone=zone, language=language
    )
    return _join(invitation, user, now=now)


@transaction.atomic
def join_workspace(invitation: Invitation, *, user: User, now: datetime) -> Member:
    """Make a signed-in user a member. Raises InvitationClosed; OtherPerson for another email."""
    if user.email != invitation.email:
        raise OtherPerson
    _take(invitation, now=now)
    return _join(invitation, user, now=now)


def _take(invitation: Invitation, *, now: datetime) -> None:
    lock(invitation.workspace_id)
    if Invitation.objects.open(now=now).filter(pk=invitation.pk).update(taken_at=now) != 1:
        raise InvitationClosed(why_closed(Invitation.objects.get(pk=invitation.pk)))


def _join(invitation: Invitation, user: User, *, now: datetime) -> Member:
    known = Member.objects.filter(workspace_id=invitation.workspace_id, user=user).first()
    if known is not None:
        # Invited twice under two pages, or let go since: an old link brings nobody back.
        raise InvitationClosed("taken" if known.active else "removed")
    return add_member(invitation.workspace, user, role=invitation.role.slug, now=now)
