"""Invitations: the ways into a workspace that were sent out."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.people.models.members import Member
from yanzhen.people.models.roles import Role
from yanzhen.people.models.workspaces import Workspace


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
