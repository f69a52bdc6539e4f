"""Who changes members from outside: a directory by its key, or a provider at a sign-in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from yanzhen.activity.refs import Ref
from yanzhen.people.grants import OWN, Authority
from yanzhen.people.models import Workspace
from yanzhen.people.rights import Decision

#: Groups that a directory pushes; any other source is a provider, by its id.
SCIM = "scim"
#: Members of a role itself, which directories see as a group too.
SCIM_ROLE = "scim-role"
#: What a member made from outside starts with.
NEWCOMER = "newcomer"


@dataclass(frozen=True)
class Outside:
    """It may keep members in step, in one workspace; ``name`` is how people call it."""

    workspace: Workspace
    ref: Ref
    name: str
    pk: int = 0

    @property
    def workspace_id(self) -> int:
        """The one workspace it acts in."""
        return self.workspace.pk

    def own_decisions(self) -> frozenset[str]:
        """Return what it takes to keep members in step, and no more."""
        return frozenset({Decision.MEMBER_INVITE.value, Decision.MEMBER_ROLES.value})

    def may_somewhere(self, decision: Decision | str) -> bool:
        """Tell whether it is one of them: they hold for the whole workspace."""
        return str(decision) in self.own_decisions()

    def authority_somewhere(self, decision: Decision | str) -> Authority | None:
        """Return its own right or None, as authority does."""
        return self.authority(decision)

    def authority(
        self,
        decision: Decision | str,
        *,
        account_id: int | None = None,
        role_id: int | None = None,
        barred: Collection[int] = (),
    ) -> Authority | None:
        """Return its own right or None; it has no role and nobody lends it anything."""
        return OWN if role_id is None and self.may_somewhere(decision) else None

    def act_by(self, authority: Authority) -> None:
        """Do nothing: it acts for itself alone."""


def house(workspace: Workspace, *, provider_id: str, name: str) -> Outside:
    """Return a provider as it acts in a workspace when somebody signs in through it."""
    return Outside(workspace, Ref("signin.provider", provider_id, name), name)
