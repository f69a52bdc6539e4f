"""What a directory does to the members of a workspace, by its key."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.actions.keep import lock
from yanzhen.people.actions.members import deactivate_member, reactivate_member
from yanzhen.people.actions.workspaces import add_member
from yanzhen.people.models import Member, Role, User, Workspace
from yanzhen.people.rights import Decision, require
from yanzhen.signin import events
from yanzhen.signin.actions.following import NoNewcomersRole, newcomers_role, settle
from yanzhen.signin.actions.outside import NEWCOMER, SCIM_ROLE, Outside
from yanzhen.signin.models import Provisioned, RoleFrom, ScimToken
from yanzhen.signin.scim import Said, ScimRefused


def directory_of(token: ScimToken) -> Outside:
    """Return a directory as it acts, in the workspace of its key, which must be loaded."""
    return Outside(token.workspace, token.ref, "SCIM")


def secret_hash(secret: str) -> str:
    """Return what is stored of a key: its SHA-256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(workspace: Workspace, *, by: Member, now: datetime) -> str:
    """Make a key for a directory and return it; the one before it ends. Raises NotAllowed."""
    require(by, Decision.WORKSPACE_EDIT, workspace_id=workspace.pk)
    require(by, Decision.MEMBER_ROLES, workspace_id=workspace.pk)
    lock(workspace.pk)
    ScimToken.objects.open().filter(workspace=workspace).update(revoked_at=now)
    secret = secrets.token_urlsafe(40)
    ScimToken.objects.create(
        workspace=workspace, secret_hash=secret_hash(secret), made_by=by, created_at=now
    )
    record(
        events.SCIM_TOKEN_MADE,
        events.Bare(),
        actor=by.ref,
        subject=workspace.ref,
        workspace_id=workspace.pk,
        at=now,
    )
    return secret


@transaction.atomic
def revoke_token(workspace: Workspace, *, by: Member, now: datetime) -> None:
    """End the key of the workspace's directory. Raises NotAllowed."""
    require(by, Decision.WORKSPACE_EDIT, workspace_id=workspace.pk)
    if ScimToken.objects.open().filter(workspace=workspace).update(revoked_at=now):
        record(
            events.SCIM_TOKEN_REVOKED,
            events.Bare(),
            actor=by.ref,
            subject=workspace.ref,
            workspace_id=workspace.pk,
            at=now,
        )


def members_known(by: Outside) -> list[tuple[Member, str]]:
    """Return the workspace's members with their numbers at the directory, but for removed ones."""
    rows = Member.objects.with_roles().filter(workspace_id=by.workspace_id).order_by("pk")
    known = {each.member_id: each for each in _provisioned(by)}
    return [
        (member, known[member.pk].external_id if member.pk in known else "")
        for member in rows
        if member.pk not in known or not known[member.pk].gone
    ]


def known(by: Outside, pk: str) -> tuple[Member, str]:
    """Return one of members_known by number. Raises ScimRefused (404)."""
    found = [each for each in members_known(by) if str(each[0].pk) == pk]
    if not found:
        raise ScimRefused(404, "There is no such user.")
    return found[0]


def all_known(by: Outside, numbers: Iterable[str]) -> dict[str, Member]:
    """Return those of members_known by number, loaded at once. Raises ScimRefused (404)."""
    here = {str(member.pk): member for member, _external in members_known(by)}
    wanted = list(numbers)
    if any(number not in here for number in wanted):
        raise ScimRefused(404, "There is no such user.")
    return {number: here[number] for number in wanted}


def holders(by: Outside, role: Role) -> list[Member]:
    """Return those of members_known who hold a role."""
    return [member for member, _number in members_known(by) if member.has_role(role.pk)]


def _provisioned(by: Outside) -> Iterable[Provisioned]:
    return Provisioned.objects.filter(member__workspace_id=by.workspace_id)


@transaction.atomic
def provision(said: Said, *, by: Outside, now: datetime) -> Member:
    """Make a member of what a directory says, or bring a removed one back.

    Raises ScimRefused (409) for an address that is a member already, here or in another workspace:
    who that is, and when their sessions end, is not for this directory to say. Such a person joins
    by an invitation, and is kept in step from then on.
    """
    if not said.email:
        raise ScimRefused(400, "userName must be an email address.", "invalidValue")
    lock(by.workspace_id)
    rows = Member.objects.with_roles().filter(workspace_id=by.workspace_id)
    member = rows.filter(user__email=said.email).first()
    if member is None:
        user = User.objects.filter(email=said.email).first()
        if user is not None and Member.objects.active().filter(user=user).exists():
            raise ScimRefused(
                409, "This userName has an account elsewhere here. Invite them.", "uniqueness"
            )
        user = user or User.objects.create_user(
            said.email,
            None,
            name=(said.name or said.email.partition("@")[0])[:80],
            zone=by.workspace.zone,
        )
        member = _new_member(user, by=by, now=now)
    elif not Provisioned.objects.filter(member=member, gone=True).exists():
        raise ScimRefused(409, "There is a member with this userName.", "uniqueness")
    Provisioned.objects.update_or_create(
        member=member, defaults={"external_id": said.external_id or "", "gone": False}
    )
    active = True if said.active is None else said.active
    return update_member(_fresh(member), Said(active=active), by=by, now=now)


def _new_member(user: User, *, by: Outside, now: datetime) -> Member:
    try:
        role = newcomers_role(by.workspace_id)
    except NoNewcomersRole:
        words = "Every role here can take all rights. Choose in the workspace what newcomers are."
        raise ScimRefused(409, words) from None
    member = add_member(by.workspace, user, role=role.slug, now=now, by=by.ref)
    RoleFrom.objects.create(member=member, role=role, source=NEWCOMER)
    return member


@transaction.atomic
def update_member(member: Member, said: Said, *, by: Outside, now: datetime) -> Member:
    """Bring a member in line with what a directory says of them.

    Raises ScimRefused for another address and for opening whom a person let go, LastHolder, and
    ChangedMeanwhile.
    """
    if said.email is not None and said.email != member.user.email:
        raise ScimRefused(400, "userName cannot be changed here.", "mutability")
    if said.external_id is not None:
        Provisioned.objects.update_or_create(
            member=member, defaults={"external_id": said.external_id}
        )
    # Somebody with other workspaces is named by themselves alone.
    if said.name and member.user.memberships.count() == 1:
        User.objects.filter(pk=member.user_id).update(name=said.name[:80])
    if said.active is False and member.active:
        deactivate_member(member, seen=member.revision, by=by, now=now)
    elif said.active and not member.active:
        if not Provisioned.objects.filter(member=member, closed=True).exists():
            words = "Somebody let this member go in the workspace. Bring them back there first."
            raise ScimRefused(403, words)
        reactivate_member(member, seen=member.revision, by=by, now=now)
    return _fresh(member)


def note_who_closed(member_id: int, *, by_directory: bool) -> None:
    """Remember whether the directory let a member go, so that it may bring them back."""
    if by_directory:
        Provisioned.objects.update_or_create(member_id=member_id, defaults={"closed": True})
    else:
        Provisioned.objects.filter(member_id=member_id).update(closed=False)


@transaction.atomic
def remove_member(member: Member, *, by: Outside, now: datetime) -> None:
    """Let a member go and show them to the directory no more. Raises LastHolder."""
    update_member(member, Said(active=False), by=by, now=now)
    Provisioned.objects.update_or_create(member=member, defaults={"gone": True})


@transaction.atomic
def give_role(role: Role, member: Member, *, by: Outside, now: datetime) -> None:
    """Give a member a role; in place of the newcomer's, where they have that from us."""
    settle(member, SCIM_ROLE, {*_given(member), (role, role.slug)}, by=by, now=now)


@transaction.atomic
def take_role(role: Role, member: Member, *, by: Outside, now: datetime) -> None:
    """Take a role from a member who has it from the directory; one given by hand stays.

    Whoever has no other gets the newcomer's. Raises LastHolder.
    """
    settle(member, SCIM_ROLE, _given(member) - {(role, role.slug)}, by=by, now=now)


def _given(member: Member) -> set[tuple[Role, str]]:
    rows = RoleFrom.objects.select_related("role").filter(member=member, source=SCIM_ROLE)
    return {(row.role, row.group) for row in rows}


@transaction.atomic
def change_holders(
    role: Role, operations: Iterable[tuple[str, list[str]]], *, by: Outside, now: datetime
) -> None:
    """Let exactly those hold a role whom a directory names: all of it, or nothing.

    ``operations`` are (add, remove or replace, numbers of members). Raises ScimRefused for somebody
    it cannot know, and LastHolder.
    """
    for op, numbers in operations:
        named = all_known(by, numbers)
        if op != "remove":
            for member in named.values():
                give_role(role, member, by=by, now=now)
        if op != "add":
            for member in holders(by, role):
                if (str(member.pk) in named) == (op == "remove"):
                    take_role(role, member, by=by, now=now)


def _fresh(member: Member) -> Member:
    return Member.objects.with_roles().get(pk=member.pk)
