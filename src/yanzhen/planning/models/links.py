"""Addresses under which other calendars read the plan."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.people.models import Member, Workspace


class CalendarLinkQuerySet(models.QuerySet["CalendarLink"]):
    """Named reads."""

    def of(self, member: Member) -> Self:
        """The member's own links; nobody sees anybody else's."""
        return self.filter(member=member)

    def open(self) -> Self:
        """Links that answer: not revoked, of somebody who is still a member."""
        return self.filter(revoked_at=None, member__active=True, member__user__is_active=True)


class CalendarLink(models.Model):
    """An address under which other calendars read the plan. Only the secret's SHA-256 is kept.

    ``account`` is set for ONE_ACCOUNT only. ``titled`` False leaves working titles out. ``used_at``
    is precise to ten minutes.
    """

    class Shows(models.TextChoices):
        EVERYTHING = "everything", pgettext_lazy("calendar link", "All posts")
        OWN = "own", pgettext_lazy("calendar link", "My own posts")
        ONE_ACCOUNT = "account", pgettext_lazy("calendar link", "Posts of one account")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="calendar_links")
    shows = models.CharField(max_length=10, choices=Shows)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    titled = models.BooleanField(default=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shows="account", account__isnull=False)
                | Q(shows__in=["everything", "own"], account=None),
                name="calendar_link_account",
            ),
        ]

    def __str__(self) -> str:
        return str(self.account) if self.account else str(self.get_shows_display())

    @property
    def ref(self) -> Ref:
        """How the activity log names this link, which is never by its secret."""
        return Ref("planning.calendar_link", str(self.pk), str(self))
