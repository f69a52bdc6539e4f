"""Keeping roles in step with groups: given and taken only where a mapping says so.

A role that somebody gave by hand is never taken from outside, and a mapping never takes the last
holder of what a workspace cannot be run without.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.actions.keep import LastHolder, lock
from yanzhen.people.actions.members import change_roles
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import POWERS
from yanzhen.signin import events
from yanzhen.signin.actions.outside import NEWCOMER, SCIM, Outside, house
from yanzhen.signin.models import GroupRole, NewcomersRole, RoleFrom

logger = logging.getLogger(__name__)
#: What a role of a member comes from: source and group.
Origin = tuple[str, str]


class NoNewcomersRole(Exception):
    """Every role can take all rights, and nobody has chosen one of them for newcomers."""


def unchosen(role: Role, powers: Iterable[str]) -> bool:
    """Tell whether a role has powers that nobody chose to hand out from outside."""
    return any(each.value in role.granted for each in POWERS - set(powers))


def newcomers_role(workspace_id: int) -> Role:
    """Return what a member made from outside starts as: the chosen role, or what decides least.

    Never one with powers that were not chosen with it. Raises NoNewcomersRole.
    """
    chosen = NewcomersRole.objects.select_related("role").filter(workspace_id=workspace_id).first()
    stands = chosen is not None and chosen.role.retired_at is None
    if chosen is not None and stands and not unchosen(chosen.role, chosen.powers):
        return chosen.role
    roles = Role.objects.filter(workspace_id=workspace_id).in_order()
    harmless = [role for role in roles if not unchosen(role, ())]
    if not harmless:
        raise NoNewcomersRole
    return min(harmless, key=lambda role: len(role.granted))


@transaction.atomic
def follow(
    member: Member, *, source: str, groups: Iterable[str], by: Outside, now: datetime
) -> Member:
    """Bring a member's roles in step with the groups they are in at ``source``.

    ``member`` with_roles. Raises LastHolder.
    """
    lock(by.workspace_id)
    names = {name.casefold(): name for name in groups}
    lines = GroupRole.objects.select_related("role").filter(
        workspace_id=by.workspace_id, source=source, role__retired_at=None
    )
    wanted = {
        (line.role, names[line.group.casefold()])
        for line in lines
        if line.group.casefold() in names and not unchosen(line.role, line.powers)
    }
    return settle(member, source, wanted, by=by, now=now)


@transaction.atomic
def settle(
    member: Member, source: str, wanted: set[tuple[Role, str]], *, by: Outside, now: datetime
) -> Member:
    """Let ``wanted`` (role, group) be all that a member has from ``source``. Raises LastHolder."""
    rows = list(RoleFrom.objects.filter(member=member).select_related("role").order_by("pk"))
    ours = {(row.role, row.group): row for row in rows if row.source == source}
    others = {row.role for row in rows if row.source not in (source, NEWCOMER)}
    held = member.roles
    # What they hold and no mapping gave, somebody gave by hand: no mapping claims or takes it.
    by_hand = [role for role in held if role not in {row.role for row in rows}]
    gone = [row for key, row in ours.items() if key not in wanted]
    fresh = [key for key in wanted if key not in ours and key[0] not in by_hand]
    stay = {role for role, _group in wanted} | others | set(by_hand)
    starting = {row.role for row in rows if row.source == NEWCOMER}
    RoleFrom.objects.filter(pk__in=[row.pk for row in gone]).delete()
    RoleFrom.objects.bulk_create(
        RoleFrom(member=member, role=role, source=source, group=group) for role, group in fresh
    )
    lost = {row.role for row in gone} - stay - starting
    gain = sorted(
        {role for role, _group in wanted} - set(held), key=lambda role: (role.position, role.pk)
    )
    left = [role for role in held if role not in lost] + gain
    # What newcomers start as goes when there is anything else, and comes back when there is not.
    more = [role for role in left if role not in starting or role in stay]
    after = more or left or [_start_again(member, by=by)]
    if starting and more:
        RoleFrom.objects.filter(member=member, source=NEWCOMER).delete()
    return _change(member, source, after, {g for _r, g in wanted}, by=by, now=now)


def _start_again(member: Member, *, by: Outside) -> Role:
    role = newcomers_role(by.workspace_id)
    RoleFrom.objects.get_or_create(member=member, role=role, source=NEWCOMER, group="")
    return role


def _change(
    member: Member, source: str, after: list[Role], groups: set[str], *, by: Outside, now: datetime
) -> Member:
    before = member.roles
    if set(after) == set(before):
        return member
    fresh = change_roles(
        member, primary=after[0], further=after[1:], seen=member.revision, by=by, now=now
    )
    record(
        events.ROLES_FOLLOWED,
        events.RolesFollowed(
            source=by.name,
            groups=", ".join(sorted(groups)) or "–",
            given=[role.slug for role in after if role not in before],
            taken=[role.slug for role in before if role not in after],
        ),
        actor=by.ref,
        subject=member.ref,
        workspace_id=member.workspace_id,
        at=now,
    )
    return fresh


def follow_directory(members: Iterable[Member], *, by: Outside, now: datetime) -> None:
    """Bring members in step with the groups the directory has them in. Raises LastHolder."""
    for member in members:
        groups = list(member.directory_groups.order_by("name").values_list("name", flat=True))
        follow(member, source=SCIM, groups=groups, by=by, now=now)


@transaction.atomic
def forget_line(line: GroupRole, *, by: Outside, now: datetime) -> None:
    """Take the roles that only an ended line gave. Raises LastHolder."""
    rows = RoleFrom.objects.filter(
        member__workspace_id=line.workspace_id, source=line.source, role=line.role
    )
    numbers = [row.member_id for row in rows if row.group.casefold() == line.group.casefold()]
    for member in Member.objects.with_roles().filter(pk__in=numbers).order_by("pk"):
        kept = RoleFrom.objects.select_related("role").filter(member=member, source=line.source)
        wanted = {
            (row.role, row.group)
            for row in kept
            if row.role != line.role or row.group.casefold() != line.group.casefold()
        }
        settle(member, line.source, wanted, by=by, now=now)


def follow_sign_in(
    members: Iterable[Member],
    *,
    provider_id: str,
    name: str,
    groups: Iterable[str],
    now: datetime,
) -> None:
    """Bring somebody who signs in in step with the groups a provider says they are in.

    Where that would leave a workspace without somebody who can run it, they keep what they have.
    """
    for member in members:
        by = house(member.workspace, provider_id=provider_id, name=name)
        try:
            with transaction.atomic():
                follow(member, source=provider_id, groups=groups, by=by, now=now)
        except LastHolder:
            logger.warning("member %s keeps their roles: nobody else can run it", member.pk)
