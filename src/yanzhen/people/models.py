"""Users, workspaces, roles and members."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.people.rights import DUTIES, Decision
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

    email = models.EmailField(_("Email"), unique=True)
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
    ``revision`` rises with every change of settings or lead: a stale page overwrites nothing.
    """

    name = models.CharField(_("Name"), max_length=80)
    slug = models.SlugField(unique=True, max_length=50)
    zone = models.CharField(_("Home time zone"), max_length=64, default="UTC")
    alt_required = models.BooleanField(_("Pictures need alt text"), default=True)
    second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    lead = models.ForeignKey(
        "people.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
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

    def lead_at(self, now: datetime) -> Member | None:
        """Return who has the lead at ``now``; a turn that has ended counts as nobody's."""
        ended = self.lead_until_at is not None and self.lead_until_at <= now
        return None if ended else self.lead


class RoleQuerySet(models.QuerySet["Role"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Roles of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def in_order(self) -> Self:
        """As the team arranged them."""
        return self.order_by("position", "pk")


class Role(models.Model):
    """A job in one workspace: what it is for and what it may decide.

    ``title`` and ``mission`` are empty while the seed's own words stand, so that they follow the
    reader's language; ``granted`` is a list of Decision slugs. ``second_factor``: whoever holds the
    role signs in with more than a password. ``revision`` rises with every edit.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="roles")
    slug = models.SlugField(max_length=40)
    title = models.CharField(_("Title"), max_length=60, blank=True)
    mission = models.CharField(_("Mission"), max_length=300, blank=True)
    granted = models.JSONField(default=list)
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
        if self.title:
            return self.title
        seed = SEEDS.get(self.slug)
        return str(seed.title) if seed else self.slug

    @property
    def shown_mission(self) -> str:
        """The workspace's own mission, or the seed's in the reader's language."""
        if self.mission:
            return self.mission
        seed = SEEDS.get(self.slug)
        return str(seed.mission) if seed else ""

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
        """With user and roles loaded, so that rights cost no further query."""
        return self.select_related("user", "primary_role").prefetch_related("further_roles")

    def holding(self, decision: Decision) -> list[Member]:
        """Active members whose roles carry ``decision``, by name. One query for roles."""
        return sorted(
            (m for m in self.active().with_roles() if decision.value in m.decisions()),
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

    @property
    def ref(self) -> Ref:
        """How the activity log names this member."""
        return Ref("people.member", str(self.pk), self.user.name)

    @cached_property
    def roles(self) -> list[Role]:
        """Primary role first. Costs queries unless loaded ``with_roles()``."""
        further = [r for r in self.further_roles.all() if r.pk != self.primary_role_id]
        return [self.primary_role, *sorted(further, key=lambda r: (r.position, r.pk))]

    def decisions(self) -> frozenset[str]:
        """Return the slugs of all decisions the member's roles carry; empty when inactive."""
        if not self.active:
            return frozenset()
        return frozenset(slug for role in self.roles for slug in role.granted)

    def may(self, decision: Decision | str) -> bool:
        """Tell whether the member holds ``decision``, for showing or hiding a button."""
        return str(decision) in self.decisions()

    @property
    def needs_second_factor(self) -> bool:
        """Whether the workspace or a role wants more than a password; all three must be loaded."""
        return self.workspace.second_factor or any(role.second_factor for role in self.roles)

    def has_role(self, role_id: int) -> bool:
        """Tell whether the member holds that role, primary or further."""
        return any(role.pk == role_id for role in self.roles)


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
    email = models.EmailField(_("Email"))
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
