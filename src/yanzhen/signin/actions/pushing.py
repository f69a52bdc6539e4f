"""Groups that a directory pushes: who is in them, which the mapping turns into roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from yanzhen.people.actions.keep import lock
from yanzhen.people.models import Member, Role
from yanzhen.signin.actions.following import follow_directory
from yanzhen.signin.actions.outside import Outside
from yanzhen.signin.actions.provisioning import all_known
from yanzhen.signin.models import DirectoryGroup
from yanzhen.signin.scim import ScimRefused


def pushed(by: Outside) -> list[DirectoryGroup]:
    """Return the groups of the directory, by name."""
    return list(_with_members(by).order_by("name", "pk"))


def _with_members(by: Outside) -> QuerySet[DirectoryGroup]:
    rows = DirectoryGroup.objects.filter(workspace_id=by.workspace_id)
    return rows.prefetch_related("members__user")


def pushed_one(by: Outside, pk: int) -> DirectoryGroup:
    """Return one of them. Raises ScimRefused (404)."""
    found = _with_members(by).filter(pk=pk).first()
    if found is None:
        raise ScimRefused(404, "There is no such group.")
    return found


@transaction.atomic
def push_group(name: str, numbers: Iterable[str], *, by: Outside, now: datetime) -> DirectoryGroup:
    """Make a group with these members (numbers).

    Raises ScimRefused for a name that is taken, also by a role, and LastHolder.
    """
    lock(by.workspace_id)
    group = DirectoryGroup(workspace_id=by.workspace_id)
    _name(group, name)
    return change_group(group, [("replace", list(numbers))], by=by, now=now)


def _name(group: DirectoryGroup, name: str) -> None:
    if not name:
        raise ScimRefused(400, "displayName is needed.", "invalidValue")
    others = DirectoryGroup.objects.filter(workspace_id=group.workspace_id, name__iexact=name)
    roles = Role.objects.filter(workspace_id=group.workspace_id).in_order()
    if others.exclude(pk=group.pk).exists() or any(
        role.shown_title.casefold() == name.casefold() for role in roles
    ):
        raise ScimRefused(409, "There is a group with this displayName.", "uniqueness")
    group.name = name
    group.save()


@transaction.atomic
def change_group(
    group: DirectoryGroup,
    operations: Iterable[tuple[str, list[str]]],
    *,
    name: str = "",
    by: Outside,
    now: datetime,
) -> DirectoryGroup:
    """Change who is in a group, and its name unless "", and let their roles follow.

    ``operations`` as in provisioning.change_holders. Raises ScimRefused and LastHolder.
    """
    lock(by.workspace_id)
    before = set(group.members.values_list("pk", flat=True))
    if name and name != group.name:
        _name(group, name)
    after = set(before)
    for op, numbers in operations:
        named = {member.pk for member in all_known(by, numbers).values()}
        after = {"add": after | named, "remove": after - named}.get(op, named)
    group.members.set(after)
    _follow(before | after, by=by, now=now)
    return pushed_one(by, group.pk)


@transaction.atomic
def drop_group(group: DirectoryGroup, *, by: Outside, now: datetime) -> None:
    """Forget a group; what only it gave is taken. Raises LastHolder."""
    lock(by.workspace_id)
    numbers = set(group.members.values_list("pk", flat=True))
    group.delete()
    _follow(numbers, by=by, now=now)


def _follow(numbers: set[int], *, by: Outside, now: datetime) -> None:
    rows = Member.objects.with_roles().filter(pk__in=numbers).order_by("pk")
    follow_directory(rows, by=by, now=now)
