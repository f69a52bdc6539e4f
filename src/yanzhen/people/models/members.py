"""Members: a user in one workspace, and everything they may decide there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import pgettext

from yanzhen.activity.refs import Ref
from yanzhen.kernel.clock import now as clock_now
from yanzhen.people import grants as rules
from yanzhen.people.models.delegations import Delegation
from yanzhen.people.models.roles import Role
from yanzhen.people.models.users import User
from yanzhen.people.models.workspaces import Workspace
from yanzhen.people.rights import LEAD_HOLDS, LENDABLE, Decision


class MemberQuerySet(models.QuerySet["Member"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Members of the same workspace, former ones included."""
        return self.filter(workspace_id=member.workspace_id)

    def active(self) -> Self:
        """Those who can sign in and act."""
        return self.filter(active=True, user__is_active=True)

    def with_roles(self) -> Self:
        """With user, roles and what others lent them, so that rights cost no further query.

        Two queries more, and a third while anything is lent, however many roles there are.
        """
        lent = Delegation.objects.not_over(now=clock_now()).with_people().order_by("pk")
        rows = self.select_related("user", "primary_role", "workspace")
        return rows.prefetch_related(
            "further_roles", models.Prefetch("delegations_taken", lent, to_attr="lent_to_them")
        )

    def holding(self, decision: Decision, *, account_id: int | None = None) -> list[Member]:
        """Active members who may decide it now, for that account or, None, for all, by name."""
        return sorted(
            (m for m in self.active().with_roles() if m.may(decision, account_id=account_id)),
            key=lambda m: m.user.name,
        )


class Member(models.Model):
    """A user in one workspace: one primary role and any number of further ones.

    ``revision`` rises with every change of roles and every departure or return.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    primary_role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    further_roles = models.ManyToManyField(Role, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="member_once"),
            models.CheckConstraint(
                condition=Q(active=True, left_at=None) | Q(active=False, left_at__isnull=False),
                name="member_left_when_inactive",
            ),
        ]

    def __str__(self) -> str:
        return self.user.name

    @property
    def name(self) -> str:
        """The person's name; the user must be loaded."""
        return self.user.name

    @property
    def zone(self) -> str:
        """The person's IANA zone; the user must be loaded."""
        return self.user.zone

    #: For whom the last right asked for was used; set by act_by.
    acting_for: Member | None = None

    @property
    def ref(self) -> Ref:
        """How the activity log names this member: while they act for another, with both names."""
        label = self.user.name
        if self.acting_for is not None:
            both = {"name": label, "giver": self.acting_for.user.name}
            label = pgettext("who decided", "%(name)s for %(giver)s") % both
        return Ref("people.member", str(self.pk), label)

    @cached_property
    def roles(self) -> list[Role]:
        """Primary role first. Costs queries unless loaded ``with_roles()``."""
        further = [r for r in self.further_roles.all() if r.pk != self.primary_role_id]
        return [self.primary_role, *sorted(further, key=lambda r: (r.position, r.pk))]

    @property
    def can_act(self) -> bool:
        """Whether they are a member still and may sign in; the user must be loaded."""
        return self.active and self.user.is_active

    @property
    def grants(self) -> list[rules.Grant]:
        """What the member's own roles give; nothing when inactive, or for a role put away."""
        if not self.can_act:
            return []
        return [role.grant for role in self.roles if role.retired_at is None]

    @property
    def leads(self) -> bool:
        """Whether the member has the lead. Costs a query unless loaded ``with_roles()``."""
        return self.workspace.lead_id == self.pk

    @property
    def standing(self) -> list[rules.Grant]:
        """What the member decides by: their own roles and, while they have it, the lead.

        The lead's rights are neither lent nor a reason to hand out roles, so ``grants`` lack them.
        """
        leads = self.can_act and self.leads
        return [*self.grants, rules.Grant(LEAD_HOLDS)] if leads else self.grants

    @cached_property
    def taken(self) -> list[Delegation]:
        """Delegations to this member that are not over, as loaded. A query unless with_roles()."""
        loaded: list[Delegation] | None = getattr(self, "lent_to_them", None)
        if loaded is None:
            rows = self.delegations_taken.not_over(now=clock_now())
            loaded = list(rows.with_people().order_by("pk"))
        return loaded

    @property
    def loans(self) -> list[rules.Loan]:
        """What others lent this member, as plain values; nothing when inactive.

        A row is not trusted for what nobody may lend: a decision may cease to be lendable while it
        is lent.
        """
        if not self.can_act:
            return []
        return [
            rules.Loan(
                giver=each.giver_id,
                decisions=LENDABLE.intersection(each.decisions),
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                grants=tuple(each.giver.grants),
            )
            for each in self.taken
        ]

    def own_decisions(self) -> frozenset[str]:
        """Return what the member's own roles decide for the whole workspace."""
        return rules.held(self.grants)

    def decisions(self, *, account_id: int | None = None) -> frozenset[str]:
        """Return what they may decide now, by role, loan and lead; None: for all accounts."""
        lent = rules.lent(self.loans, at=clock_now(), account_id=account_id)
        return rules.held(self.standing, account_id) | lent

    def may(self, decision: Decision | str, *, account_id: int | None = None) -> bool:
        """Tell whether the member may decide it for that account or, None, for all of them."""
        return self.authority(decision, account_id=account_id) is not None

    def may_somewhere(self, decision: Decision | str) -> bool:
        """Tell whether the member may decide it for at least one account."""
        return self.authority_somewhere(decision) is not None

    def authority_somewhere(self, decision: Decision | str) -> rules.Authority | None:
        """Return by whose right they decide it now for at least one account, or None."""
        return rules.authority_somewhere(self.standing, self.loans, str(decision), at=clock_now())

    def authority(
        self,
        decision: Decision | str,
        *,
        account_id: int | None = None,
        role_id: int | None = None,
        barred: Collection[int] = (),
    ) -> rules.Authority | None:
        """Return by whose right the member decides it now, or None; see grants.authority."""
        return rules.authority(
            self.standing,
            self.loans,
            str(decision),
            at=clock_now(),
            account_id=account_id,
            role=role_id,
            barred=barred,
        )

    def act_by(self, authority: rules.Authority) -> None:
        """Let the log name, from now on, for whom the member acts."""
        givers = {each.giver_id: each.giver for each in self.taken}
        self.acting_for = None if authority.giver is None else givers.get(authority.giver)

    @property
    def needs_second_factor(self) -> bool:
        """Whether the workspace, a role, or a role they now decide by for another wants one more.

        Costs no query on a member loaded ``with_roles()``.
        """
        own = self.workspace.second_factor or any(role.second_factor for role in self.roles)
        return own or any(role.second_factor for role in self._lent_roles())

    def _lent_roles(self) -> Iterable[Role]:
        """Yield roles of others by which this member decides at the moment."""
        at = clock_now()
        for each in self.taken if self.can_act else ():
            # Whoever gives nothing (any more) lends nothing either.
            if each.starts_at <= at < each.ends_at and each.giver.grants:
                lent = LENDABLE.intersection(each.decisions)
                roles = (role for role in each.giver.roles if role.retired_at is None)
                yield from (role for role in roles if lent & set(role.granted))

    def has_role(self, role_id: int) -> bool:
        """Tell whether the member holds that role, primary or further."""
        return any(role.pk == role_id for role in self.roles)

    def stands_in(self, role_id: int, *, account_id: int | None = None) -> bool:
        """Tell whether the member's own roles stand for that role there; None: everywhere."""
        return rules.stands_in(self.grants, role_id, account_id)
