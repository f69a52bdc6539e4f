"""Saying which group makes somebody what, and what newcomers are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.people.actions.keep import lock
from yanzhen.people.models import Member, Role, Workspace
from yanzhen.people.rights import POWERS, Decision, NotAllowed, require
from yanzhen.signin import events
from yanzhen.signin.actions.following import follow_directory, forget_line
from yanzhen.signin.actions.outside import SCIM, Outside
from yanzhen.signin.models import GroupRole, NewcomersRole


class MappedAlready(Exception):
    """That group gives that role already."""


class NotYours(NotAllowed):
    """The role has a power that whoever would hand it out does not have themselves."""


def powers_of(role: Role) -> list[str]:
    """Return those of a role's decisions by which somebody could take all others."""
    return sorted(decision.value for decision in POWERS if decision.value in role.granted)


def _require(by: Member, role: Role | None) -> None:
    """Ask every right: nobody hands out from outside what they could not take back inside."""
    require(by, Decision.WORKSPACE_EDIT, workspace_id=by.workspace_id)
    require(by, Decision.MEMBER_ROLES, workspace_id=by.workspace_id)
    if role is None:
        return
    if role.workspace_id != by.workspace_id or role.retired_at is not None:
        raise Role.DoesNotExist(role.slug)
    for power in powers_of(role):
        if power not in by.own_decisions():
            raise NotYours(Decision(power), "no_right")


@transaction.atomic
def choose_newcomers_role(role: Role | None, *, by: Member, now: datetime) -> None:
    """Say what members made from outside start as; None: the role that decides least.

    Raises NotAllowed, NotYours for a role with powers that ``by`` lacks, and Role.DoesNotExist.
    """
    _require(by, role)
    lock(by.workspace_id)
    rows = NewcomersRole.objects.filter(workspace_id=by.workspace_id)
    if role is None:
        rows.delete()
        return
    if rows.filter(role=role, powers=powers_of(role)).exists():
        return
    NewcomersRole.objects.update_or_create(
        workspace_id=by.workspace_id,
        defaults={"role": role, "powers": powers_of(role), "chosen_by": by, "chosen_at": now},
    )
    record(
        events.NEWCOMERS_ROLE,
        events.Named(name=role.shown_title),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )


@transaction.atomic
def map_group(
    *, source: str, name: str, group: str, role: Role, by: Member, now: datetime
) -> GroupRole:
    """Let whoever is in ``group`` at ``source`` (called ``name``) hold ``role`` from now on.

    Groups of the directory are followed at once, those of a provider at the next sign-in. Raises
    NotAllowed and NotYours as choose_newcomers_role, MappedAlready and Role.DoesNotExist.
    """
    _require(by, role)
    lock(by.workspace_id)
    try:
        with transaction.atomic():
            line = GroupRole.objects.create(
                workspace_id=by.workspace_id,
                source=source,
                group=group,
                role=role,
                powers=powers_of(role),
                made_by=by,
                made_at=now,
            )
    except IntegrityError:
        raise MappedAlready from None
    _tell(events.GROUP_MAPPED, line, name, by=by, now=now)
    _follow(line, by=by, now=now)
    return line


@transaction.atomic
def unmap_group(line: GroupRole, *, name: str, by: Member, now: datetime) -> None:
    """End a line of the mapping, and take the roles that only it gave.

    Raises NotAllowed, and LastHolder when the workspace could not be run then.
    """
    _require(by, None)
    lock(by.workspace_id)
    _tell(events.GROUP_UNMAPPED, line, name, by=by, now=now)
    line.delete()
    outside = Outside(by.workspace, by.ref, name)
    forget_line(line, by=outside, now=now)


def _follow(line: GroupRole, *, by: Member, now: datetime) -> None:
    if line.source == SCIM:
        outside = Outside(by.workspace, by.ref, "SCIM")
        follow_directory(_in_group(line), by=outside, now=now)


def _in_group(line: GroupRole) -> Iterable[Member]:
    rows = Member.objects.with_roles().filter(workspace_id=line.workspace_id)
    return rows.filter(directory_groups__name__iexact=line.group).distinct().order_by("pk")


def _tell(kind: Kind, line: GroupRole, name: str, *, by: Member, now: datetime) -> None:
    workspace: Workspace = by.workspace
    record(
        kind,
        events.Mapped(source=name, group=line.group, role=line.role.shown_title),
        actor=by.ref,
        subject=workspace.ref,
        workspace_id=workspace.pk,
        at=now,
    )
