"""Who somebody is elsewhere, and who may keep our members in step."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from yanzhen.activity.refs import Ref
from yanzhen.people.models import Member, User, Workspace


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

    ``gone``: the directory removed them and is shown them no more.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="provisioned")
    external_id = models.CharField(max_length=255, blank=True)
    gone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.external_id} is member {self.member_id}"
