"""A workspace as it is on its first morning: one administrator and nothing else."""

from __future__ import annotations

from yanzhen.people.actions.workspaces import create_workspace
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW, join, make_user


def make_owner(*further: str) -> Member:
    """Return the only member of a new workspace in Berlin, with further roles by slug."""
    home = create_workspace(name="Nord", slug="nord", zone="Europe/Berlin", now=NOW)
    return join(home, make_user("Ada", zone="Europe/Berlin"), "administrator", *further)


def fresh(member: Member) -> Member:
    """Return the member as a request would load it."""
    return Member.objects.with_roles().select_related("workspace").get(pk=member.pk)
