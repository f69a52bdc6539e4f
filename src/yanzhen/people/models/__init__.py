"""Users, workspaces, roles, members, invitations and delegations."""

from yanzhen.people.models.delegations import (
    LONGEST,
    WARNING,
    Delegation,
    DelegationQuerySet,
)
from yanzhen.people.models.invitations import Invitation, InvitationQuerySet
from yanzhen.people.models.members import Member, MemberQuerySet
from yanzhen.people.models.roles import Role, RoleQuerySet
from yanzhen.people.models.users import User, UserManager, every_weekday
from yanzhen.people.models.workspaces import Workspace

__all__ = [
    "LONGEST",
    "WARNING",
    "Delegation",
    "DelegationQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "Member",
    "MemberQuerySet",
    "Role",
    "RoleQuerySet",
    "User",
    "UserManager",
    "Workspace",
    "every_weekday",
]
