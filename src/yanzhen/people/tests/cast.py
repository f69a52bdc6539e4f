"""The standing cast of all tests: one team, and an outsider from another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from yanzhen.people.actions.roles import RoleWish, make_role
from yanzhen.people.actions.workspaces import add_member, create_workspace
from yanzhen.people.models import Member, User, Workspace
from yanzhen.people.rights import Decision

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "geese-take-turns-42"


@cache
def hashed_password() -> str:
    """PASSWORD as it is stored. Argon2 is slow on purpose; once is enough for all tests."""
    return make_password(PASSWORD)


@dataclass
class Cast:
    """Ferrow's people: Zhou creates, Lin leads in Shanghai, Lena is brand manager in Berlin."""

    workspace: Workspace
    zhou: Member
    maya: Member
    lin: Member
    lena: Member
    admin: Member
    wu: Member
    """Wu leads a team in another workspace and may see nothing of this one."""


def make_user(name: str, *, zone: str = "UTC", language: str = "en") -> User:
    """Create a user who can sign in with PASSWORD as name@example.com."""
    email = f"{name.lower()}@example.com"
    return User.objects.create(
        email=email, password=hashed_password(), name=name, zone=zone, language=language
    )


def join(workspace: Workspace, user: User, role: str, *further: str) -> Member:
    """Add ``user`` and return the member with roles loaded."""
    member = add_member(workspace, user, role=role, further=further, now=NOW)
    return Member.objects.with_roles().select_related("workspace").get(pk=member.pk)


def entitled(cast: Cast, name: str, *decisions: Decision, account: Model) -> Member:
    """Add somebody who may decide these for one account only."""
    wish = RoleWish(title=f"As {name}", decisions=decisions, accounts=[account.pk])
    role = make_role(cast.workspace, wish=wish, by=cast.admin, now=NOW)
    return join(cast.workspace, make_user(name), role.slug)


def make_cast() -> Cast:
    """Create both workspaces and everyone in them."""
    ferrow = create_workspace(name="Ferrow", slug="ferrow", zone="Europe/Berlin", now=NOW)
    other = create_workspace(name="Other", slug="other", zone="UTC", now=NOW)
    return Cast(
        workspace=ferrow,
        zhou=join(ferrow, make_user("Zhou", zone="Asia/Shanghai"), "creator"),
        maya=join(ferrow, make_user("Maya", zone="America/Los_Angeles"), "strategist"),
        lin=join(ferrow, make_user("Lin", zone="Asia/Shanghai"), "team_lead"),
        lena=join(ferrow, make_user("Lena", zone="Europe/Berlin"), "brand_manager"),
        admin=join(ferrow, make_user("Sam", zone="Europe/Berlin"), "administrator"),
        wu=join(other, make_user("Wu"), "team_lead", "brand_manager", "administrator"),
    )
