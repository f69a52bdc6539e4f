"""Browsers that take pushed news, and the key by which their services know us."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db import models

from yanzhen.channels.vault import Place
from yanzhen.people.models import Member


class PushKey(models.Model):
    """The one key pair of this installation: browsers are given ``public``, services see who asks.

    ``sealed`` is the private half, for the worker only. With another pair every browser would have
    to be asked again.
    """

    one = models.PositiveSmallIntegerField(default=1, unique=True, editable=False)
    public = models.CharField(max_length=100)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public

    @property
    def place(self) -> Place:
        """Where the private half belongs."""
        return Place(0, "push", "vapid", "push")


class Browser(models.Model):
    """A browser of a member that news is pushed to.

    ``endpoint_hash`` is SHA-256 of its address at its push service; ``sealed`` is that address and
    its keys as JSON, for the worker only. ``shown`` says which browser it is. It ends with the
    sign-in in which it was added.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="browsers")
    endpoint_hash = models.CharField(max_length=64)
    sealed = models.BinaryField()
    shown = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    signed_in = models.ForeignKey(
        UserSession, null=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "endpoint_hash"], name="browser_once"),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def place(self) -> Place:
        """Where its address and keys belong."""
        return Place(self.member.workspace_id, self.endpoint_hash, "browser", "push")
