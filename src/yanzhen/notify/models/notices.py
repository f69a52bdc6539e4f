"""Notices: what one member was told about one event."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from yanzhen.activity.feed import events
from yanzhen.activity.veils import veiled_from
from yanzhen.people.models import Member, User, Workspace


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """The member's own, without those about what is veiled from the member by now.

        Urgent ones stay: they say that something is wrong, and queries leave out with what.
        """
        veiled = events().objects.filter(veiled_from(member, told=True), pk=OuterRef("event"))
        return self.filter(member_id=member.pk).exclude(Q(Exists(veiled), urgent=False))

    def belonging_to(self, user: User) -> Self:
        """A person's, in whatever workspace they still belong to."""
        return self.filter(member__user=user, member__active=True)

    def unread(self) -> Self:
        """Not seen yet."""
        return self.filter(seen_at=None)

    def urgent(self) -> Self:
        """Those that cannot wait."""
        return self.filter(urgent=True)

    def newest_first(self) -> Self:
        """In the order the page shows them."""
        return self.order_by("-pk")


class Notice(models.Model):
    """One event, told to one member.

    ``event`` numbers the log's row: the sentence is read there, in the reader's language. ``url``
    is a path.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notices")
    event = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    urgent = models.BooleanField(default=False)
    url = models.CharField(max_length=300)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "event"], name="notice_once"),
        ]
        indexes = [
            models.Index(
                fields=["member"], name="notice_unread", condition=Q(seen_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to member {self.member_id}"
