"""Who somebody is elsewhere, and who may keep our members in step."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from yanzhen.activity.refs import Ref
from yanzhen.people.models import Member, Role, User, Workspace


class Identity(models.Model):
    """A user as a provider knows them: ``subject`` is the provider's own, and never changes."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=40)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="identity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.provider}"


class ScimTokenQuerySet(models.QuerySet["ScimToken"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Tokens of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def open(self) -> Self:
        """Tokens that let somebody in."""
        return self.filter(revoked_at=None)


class ScimToken(models.Model):
    """Lets a directory keep a workspace's members in step. Only the secret's SHA-256 is kept.

    At most one is open in a workspace: a new one ends the one before it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="scim_tokens")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScimTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(revoked_at=None), name="scim_token_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"directory of {self.workspace}"

    @property
    def ref(self) -> Ref:
        """How the activity log names who acts by it; the workspace must be loaded."""
        return Ref("signin.scim_token", str(self.pk), "SCIM")


class Provisioned(models.Model):
    """A member as the directory knows them: by its own ``external_id``, "" when it gave none.

    ``gone``: the directory removed them and is shown them no more. ``closed``: it was the directory
    that let them go, so it may bring them back; whom a person let go, a person brings back.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="provisioned")
    external_id = models.CharField(max_length=255, blank=True)
    gone = models.BooleanField(default=False)
    closed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.external_id} is member {self.member_id}"


class NewcomersRole(models.Model):
    """The role that members made from outside start with, where somebody chose one.

    ``powers`` are those of its decisions by which somebody could take all others (rights.POWERS) as
    they were when it was chosen: by somebody who has them. A role that gained one since is not
    handed out.
    """

    workspace = models.OneToOneField(
        Workspace, on_delete=models.CASCADE, related_name="newcomers_role"
    )
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")
    powers = models.JSONField(default=list)
    chosen_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"newcomers of {self.workspace_id} are {self.role_id}"


class GroupRoleQuerySet(models.QuerySet["GroupRole"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Lines of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)


class GroupRole(models.Model):
    """Whoever is in ``group`` at ``source`` holds ``role``; ``powers`` as in NewcomersRole.

    ``source`` is SCIM or the id of a provider. Names of groups are compared in any case.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="group_roles")
    source = models.CharField(max_length=40)
    group = models.CharField(max_length=255)
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")
    powers = models.JSONField(default=list)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = GroupRoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "workspace", "source", Lower("group"), "role", name="group_role_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} at {self.source}"


class RoleFrom(models.Model):
    """A role that a member has from outside, and why: ``group`` at ``source``.

    Only such roles are ever taken away from outside; what somebody gave by hand stays.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="roles_from")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=40)
    group = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "role", "source", "group"], name="role_from_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_id} of {self.member_id} from {self.group} at {self.source}"


class DirectoryGroup(models.Model):
    """A group as the directory pushed it; what it gives is said by GroupRole."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="directory_groups"
    )
    name = models.CharField(max_length=255)
    members = models.ManyToManyField(Member, blank=True, related_name="directory_groups")

    class Meta:
        constraints = [
            models.UniqueConstraint("workspace", Lower("name"), name="directory_group_once"),
        ]

    def __str__(self) -> str:
        return self.name


class SamlAnswer(models.Model):
    """An answer a SAML provider signed, kept so that it counts once; see actions/answers.py.

    ``asked`` is the number of our question, "" for none. Of the secret only its SHA-256 is kept;
    ``claims`` are emptied when it is taken.
    """

    provider = models.CharField(max_length=40)
    assertion = models.CharField(max_length=255)
    key_hash = models.CharField(max_length=64, unique=True)
    asked = models.CharField(max_length=255, blank=True)
    claims = models.JSONField(default=dict)
    brought_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "assertion"], name="saml_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.assertion} of {self.provider}"
