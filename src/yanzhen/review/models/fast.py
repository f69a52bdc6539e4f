"""The fast lane of a workspace, and its runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Role, Workspace
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.review.models.flows import STEP_TITLES
from yanzhen.review.models.rounds import Round
from yanzhen.review.states import FastOutcome

#: For what a new workspace may use the fast lane, by slug.
FAST_REASONS: dict[str, str | Promise] = {
    "topic": _("A topic that will be over by tomorrow"),
    "news": _("News about us that others already tell"),
    "correction": _("Something wrong that we said in public"),
    "service": _("A fault or change our customers must know of"),
}
#: When the lead and then the deputies hear of an undecided run: these shares of its limit, which
#: are 15 and 25 minutes of 30.
ESCALATIONS = (Fraction(1, 2), Fraction(5, 6))


class FastLane(models.Model):
    """How a workspace's fast lane runs: from submit to decision within ``minutes``.

    ``weekly_most`` is how often each account may use it in a week from Monday, in the workspace's
    zone. ``parallel``: all its steps wait at once. ``revision`` rises with every change.
    """

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="fast_lane")
    active = models.BooleanField(_("The fast lane is open"), default=True)
    minutes = models.PositiveSmallIntegerField(_("Minutes from submit to decision"), default=30)
    weekly_most = models.PositiveSmallIntegerField(_("Uses per account and week"), default=3)
    parallel = models.BooleanField(_("All steps at the same time"), default=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return f"fast lane of workspace {self.workspace_id}"

    @property
    def ref(self) -> Ref:
        """How the activity log names the lane: by its workspace."""
        return Ref("review.fast_lane", str(self.pk), self.workspace.name)


class FastStep(models.Model):
    """One level of the fast lane: ``quorum`` members of ``role`` must pass it."""

    lane = models.ForeignKey(FastLane, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=20, blank=True)
    title = models.CharField(pgettext_lazy("review step", "Title"), max_length=60, blank=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    quorum = models.PositiveSmallIntegerField(_("People who must pass it"), default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lane", "position"], name="fast_step_position_once"),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        """The workspace's own title, the seeded one, or the role's, in the reader's language."""
        return self.title or str(STEP_TITLES.get(self.slug, "")) or self.role.shown_title


class FastReason(models.Model):
    """For what the lane may be used. One taken from the list stays, ``active`` no more."""

    lane = models.ForeignKey(FastLane, on_delete=models.CASCADE, related_name="reasons")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=20, blank=True)
    text = models.CharField(_("Reason"), max_length=120, blank=True)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.shown_text

    @property
    def shown_text(self) -> str:
        """The workspace's own words, or the seeded ones in the reader's language."""
        return self.text or str(FAST_REASONS.get(self.slug, self.slug))


class FastRunQuerySet(models.QuerySet["FastRun"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Runs of the member's workspace, those of posts under an embargo for its list only."""
        own = self.filter(workspace_id=member.workspace_id)
        return own.exclude(round__post_id__in=veiled_posts(member))

    def counted(self) -> Self:
        """Those that use up the limit: all but what was undone before anybody decided."""
        return self.exclude(state=FastOutcome.UNDONE)

    def ringing(self, *, now: datetime) -> Self:
        """Open runs whose next escalation or end has come, the earliest first."""
        return self.filter(state=FastOutcome.OPEN, next_at__lte=now).order_by("next_at", "pk")


class FastRun(StatefulModel):
    """One use of the fast lane: who, for what, until when, and how it ended.

    ``told`` counts the escalations that were told; ``next_at`` is when the next one, or the end,
    is due, and None once the run has ended. ``decided_at`` may be later than a breach.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="fast_run")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.ForeignKey(FastReason, on_delete=models.PROTECT, related_name="runs")
    line = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=FastOutcome, default=FastOutcome.OPEN)
    told = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    regretted_at = models.DateTimeField(null=True, blank=True)
    regretted_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    regret = models.CharField(max_length=300, blank=True)

    objects = FastRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=FastOutcome.values), name="fast_run_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], name="fast_run_ringing", condition=Q(next_at__isnull=False)
            ),
            models.Index(fields=["account", "started_at"], name="fast_run_used"),
            models.Index(fields=["workspace", "started_at"], name="fast_run_report"),
        ]

    def __str__(self) -> str:
        return f"fast run of round {self.round_id}"

    @property
    def ref(self) -> Ref:
        """How the activity log names this run: by its post's title."""
        return Ref("review.fast_run", str(self.pk), self.round.post.shown_title)

    def rings_at(self, told: int) -> datetime:
        """Return when the escalation after ``told`` ones is due; after the last, the end."""
        if told >= len(ESCALATIONS):
            return self.due_at
        return self.started_at + timedelta(minutes=float(ESCALATIONS[told] * self.minutes))
