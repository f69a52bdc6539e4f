"""Notices: what one member was told about one event."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from yanzhen.activity.feed import events
from yanzhen.activity.veils import veiled_from
from yanzhen.notify.states import MailState
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
        """Those that are mailed where there is a mail server."""
        return self.filter(urgent=True)

    def newest_first(self) -> Self:
        """In the order the page shows them."""
        return self.order_by("-pk")

    def mail_due(self, *, now: datetime) -> Self:
        """Those whose mail shall be tried at ``now`` (the database's clock), oldest first."""
        return self.filter(mail=MailState.DUE, mail_due_at__lte=now).order_by("pk")


class Notice(models.Model):
    """One event, told to one member.

    ``event`` numbers the log's row: the sentence is read there, in the reader's language. ``url``
    is a path. ``mail_due_at`` is when the mail is tried next, and ``mail_tries`` how often that
    was; ``mail_error`` is what the server said last.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notices")
    event = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    urgent = models.BooleanField(default=False)
    url = models.CharField(max_length=300)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=6, choices=MailState, blank=True, default=MailState.NONE)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "event"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(mail__in=MailState.values), name="notice_mail_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(mail=MailState.DUE) | Q(mail_due_at__isnull=False),
                name="notice_due_mail_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["member"], name="notice_unread", condition=Q(seen_at__isnull=True)
            ),
            models.Index(
                fields=["mail_due_at"], name="notice_mail", condition=Q(mail=MailState.DUE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to member {self.member_id}"
