"""Users, workspaces, roles and members."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.kernel.clock import now as clock_now
from yanzhen.people import grants as rules
from yanzhen.people.delegations import Delegation
from yanzhen.people.rights import DUTIES, LEAD_HOLDS, Decision
from yanzhen.people.roles import SEEDS


def every_weekday() -> list[int]:
    """Return Monday to Friday as ISO weekday numbers."""
    return [1, 2, 3, 4, 5]


class UserManager(BaseUserManager["User"]):
    """Makes users; emails are compared in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create and return a user. ``password`` None makes one that cannot sign in yet."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by email whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in. One user may be a member of several workspaces.

    ``day_start``/``day_end`` are the working hours in the user's own zone.
    """

    email = models.EmailField(pgettext_lazy("field", "Email"), unique=True)
    name = models.CharField(_("Name"), max_length=80)
    zone = models.CharField(_("Time zone"), max_length=64, default="UTC")
    city = models.CharField(_("City"), max_length=60, blank=True)
    language = models.CharField(_("Language"), max_length=10, default="en")
    day_start = models.TimeField(_("Work starts"), default=time(9))
    day_end = models.TimeField(_("Work ends"), default=time(18))
    workdays = models.JSONField(_("Working days"), default=every_weekday)
    single_keys = models.BooleanField(_("Single-key shortcuts"), default=True)
    is_active = models.BooleanField(default=True)
    is_superuser = False
    is_staff = False

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        """The user's zone."""
        return ZoneInfo(self.zone)


class Workspace(models.Model):
    """One brand team and all its data. ``zone`` is the team's home zone.

    ``alt_required``: no picture goes to review without words for those who cannot see it.
    ``second_factor``: everybody signs in with more than a password.
    ``lead`` is who has the lead. Nobody has it before a team names somebody; from then on exactly
    one member has it, and the database refuses nobody, see guards. ``lead_until_at`` is when it
    should be handed over: it stays where it is until somebody else has accepted it.
    ``revision`` rises with every change of settings or lead: a stale page overwrites nothing.
    """

    name = models.CharField(_("Name"), max_length=80)
    slug = models.SlugField(unique=True, max_length=50)
    zone = models.CharField(_("Home time zone"), max_length=64, default="UTC")
    alt_required = models.BooleanField(_("Pictures need alt text"), default=True)
    second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    lead = models.ForeignKey(
        "people.Member", null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    lead_until_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this workspace."""
        return Ref("people.workspace", str(self.pk), self.name)

    @property
    def tz(self) -> ZoneInfo:
        """The team's home zone."""
        return ZoneInfo(self.zone)

    def lead_overdue(self, now: datetime) -> bool:
        """Tell whether the lead should have been handed over before ``now`` (aware)."""
        return self.lead_until_at is not None and self.lead_until_at <= now


def _in_reader_language(words: str, chinese: str, *, fall_back: bool) -> str:
    """Return the words the reader understands; ``fall_back`` gives the others before none."""
    if (get_language() or "").startswith("zh"):
        return chinese or words
    return words or (chinese if fall_back else "")


class RoleQuerySet(models.QuerySet["Role"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Roles of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def in_order(self) -> Self:
        """Those that stand, as the team arranged them."""
        return self.filter(retired_at=None).order_by("position", "pk")

    def retired(self) -> Self:
        """Those put away, the last first."""
        return self.filter(retired_at__isnull=False).order_by("-retired_at", "-pk")


class Role(models.Model):
    """A job in one workspace: what it is for and what it may decide.

    ``title`` and ``mission`` are empty while the seed's own words stand, so that they follow the
    reader's language; the ``_zh`` ones are for readers of Chinese. ``granted`` is a list of
    Decision slugs, ``voices`` maps others to a Voice, None while the seed's stand.

    ``accounts`` None: it holds everywhere. Otherwise a list of the numbers of the only accounts it
    holds for, which live in a room above; accounts are never deleted. ``counts_as`` is the standard
    role it is in steps of review. ``second_factor``: whoever holds it signs in with more than a
    password. ``revision`` rises with every edit.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="roles")
    slug = models.SlugField(max_length=40)
    title = models.CharField(_("Title"), max_length=60, blank=True)
    mission = models.CharField(_("Mission"), max_length=300, blank=True)
    title_zh = models.CharField(_("Title in Chinese"), max_length=60, blank=True)
    mission_zh = models.CharField(_("Mission in Chinese"), max_length=300, blank=True)
    granted = models.JSONField(default=list)
    voices = models.JSONField(null=True, default=None)
    accounts = models.JSONField(null=True, default=None)
    counts_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    second_factor = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="role_slug_once"),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def ref(self) -> Ref:
        """How the activity log names this role: in the words the actor saw."""
        return Ref("people.role", str(self.pk), self.shown_title)

    @property
    def shown_title(self) -> str:
        """The workspace's own title, or the seed's in the reader's language."""
        seed = SEEDS.get(self.slug)
        own = _in_reader_language(self.title, self.title_zh, fall_back=seed is None)
        return own or (str(seed.title) if seed else self.slug)

    @property
    def shown_mission(self) -> str:
        """The workspace's own mission, or the seed's in the reader's language."""
        seed = SEEDS.get(self.slug)
        own = _in_reader_language(self.mission, self.mission_zh, fall_back=seed is None)
        return own or (str(seed.mission) if seed else "")

    @property
    def standard(self) -> bool:
        """Tell whether it is one of the roles every workspace starts with."""
        return self.slug in SEEDS

    @property
    def shown_voices(self) -> dict[str, str]:
        """What it has a say in without deciding: Voice by slug, the workspace's or the seed's."""
        seed = SEEDS.get(self.slug)
        own: dict[str, str] | None = self.voices
        if own is None:
            own = {d.value: str(v) for d, v in seed.voices.items()} if seed else {}
        return {slug: voice for slug, voice in own.items() if slug not in self.granted}

    @property
    def measured_by(self) -> tuple[str, ...]:
        """The slugs of its measures; a role that counts as a standard one has that one's."""
        own = SEEDS.get(self.slug)
        if own is None and self.counts_as is not None:
            own = SEEDS.get(self.counts_as.slug)
        return own.measured_by if own else ()

    @property
    def grant(self) -> rules.Grant:
        """What it gives, as plain values."""
        counted = {self.pk} if self.counts_as_id is None else {self.pk, self.counts_as_id}
        return rules.Grant(
            decisions=frozenset(self.granted),
            accounts=None if self.accounts is None else frozenset(self.accounts),
            roles=frozenset(counted),
        )

    @property
    def duty_statement(self) -> list[str]:
        """The duties that follow from the decisions, in the reader's language and table order."""
        return [str(duty.sentence) for d, duty in DUTIES.items() if d.value in self.granted]


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
    def grants(self) -> list[rules.Grant]:
        """What the member's own roles give; nothing when inactive, or for a role put away."""
        if not (self.active and self.user.is_active):
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
        leads = self.active and self.user.is_active and self.leads
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
        """What others lent this member, as plain values; nothing when inactive."""
        if not self.active:
            return []
        return [
            rules.Loan(
                giver=each.giver_id,
                decisions=frozenset(each.decisions),
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                grants=tuple(each.giver.grants),
            )
            for each in self.taken
        ]

    def own_decisions(self) -> frozenset[str]:
        """Return what the member's own roles decide for the whole workspace."""
        return rules.held(self.grants)

    def decisions(self) -> frozenset[str]:
        """Return what they may decide for the whole workspace now: by role, loan and lead."""
        return rules.held(self.standing) | rules.lent(self.loans, at=clock_now())

    def may(self, decision: Decision | str, *, account_id: int | None = None) -> bool:
        """Tell whether the member may decide it for that account or, None, for all of them."""
        return self.authority(decision, account_id=account_id) is not None

    def may_somewhere(self, decision: Decision | str) -> bool:
        """Tell whether the member may decide it for at least one account."""
        own = rules.held_somewhere(self.standing)
        return str(decision) in own or str(decision) in rules.lent_somewhere(
            self.loans, at=clock_now()
        )

    def may_for(self, decision: Decision | str, accounts: Iterable[int]) -> frozenset[int]:
        """Return for which of these accounts, by number, the member may decide it."""
        return frozenset(each for each in accounts if self.may(decision, account_id=each))

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
        for each in self.taken if self.active else ():
            # Whoever gives nothing (any more) lends nothing either.
            if each.starts_at <= at < each.ends_at and each.giver.grants:
                lent = set(each.decisions)
                roles = (role for role in each.giver.roles if role.retired_at is None)
                yield from (role for role in roles if lent & set(role.granted))

    def has_role(self, role_id: int) -> bool:
        """Tell whether the member holds that role, primary or further."""
        return any(role.pk == role_id for role in self.roles)

    def stands_in(self, role_id: int, *, account_id: int | None = None) -> bool:
        """Tell whether the member's own roles stand for that role there; None: everywhere."""
        return rules.stands_in(self.grants, role_id, account_id)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Invitations of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def open(self, *, now: datetime) -> Self:
        """Neither taken, withdrawn nor expired at ``now`` (aware)."""
        return self.filter(taken_at=None, withdrawn_at=None, expires_at__gt=now)

    def waiting(self) -> Self:
        """Neither taken nor withdrawn, newest first; some may have expired."""
        rows = self.filter(taken_at=None, withdrawn_at=None)
        return rows.select_related("role").order_by("-created_at", "-pk")


class Invitation(models.Model):
    """A way in for one email address; ``token_hash`` is SHA-256 of the secret in the link.

    ``invited_by`` is None when the command line invited.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(pgettext_lazy("field", "Email"))
    name = models.CharField(_("Name"), max_length=80, blank=True)
    language = models.CharField(_("Language"), max_length=10, default="en")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(withdrawn_at=None),
                name="invitation_taken_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def ref(self) -> Ref:
        """How the activity log names this invitation."""
        return Ref("people.invitation", str(self.pk), self.email)
