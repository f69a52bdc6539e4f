"""The flow a workspace agreed on, and the rounds that run through it."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Never, Self

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Role, Workspace
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.planning.models import Post, Version
from yanzhen.review.states import (
    FastOutcome,
    Reason,
    RoundState,
    StepKind,
    StepState,
    VerdictKind,
)

#: What the seeded steps and self-check points say in the reader's language, by their slug.
STEP_TITLES: dict[str, str | Promise] = {
    "self": pgettext_lazy("review step", "Self-check"),
    "lead": pgettext_lazy("review step", "Team lead"),
    "final": pgettext_lazy("review step", "Final review"),
}
CHECK_TEXTS: dict[str, str | Promise] = {
    "true": _("Every claim is true, and we can show it."),
    "voice": _("It sounds like us."),
    "links": _("Links, names and handles are right."),
    "language": _("Spelling and punctuation are clean."),
    "rights": _("We may use everything in it."),
    "timing": _("It is the right thing to say at that hour."),
}


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


class FlowQuerySet(models.QuerySet["Flow"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Flows of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)


class Flow(models.Model):
    """The steps every post of a workspace goes through; one active flow for each workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="flows")
    name = models.CharField(_("Name"), max_length=80)
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    objects = FlowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(active=True), name="one_active_flow"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this flow."""
        return Ref("review.flow", str(self.pk), self.name)


class Step(models.Model):
    """One level of a flow. ``quorum`` members must pass it within ``hours`` of its start.

    ``slug`` names a seeded step whose title follows the reader's language; ``title`` overrides it.
    A self step has no role; every other has one.
    """

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=20, blank=True)
    title = models.CharField(pgettext_lazy("review step", "Title"), max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=StepKind, default=StepKind.ROLE)
    role = models.ForeignKey(
        Role, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quorum = models.PositiveSmallIntegerField(_("People who must pass it"), default=1)
    hours = models.DecimalField(
        pgettext_lazy("review step", "Hours"), max_digits=5, decimal_places=2, default=6
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["flow", "position"], name="step_position_once"),
            models.CheckConstraint(
                condition=Q(kind=StepKind.SELF, role=None)
                | Q(kind=StepKind.ROLE, role__isnull=False),
                name="step_role_when_needed",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        """The workspace's own title, or the seeded one in the reader's language."""
        return self.title or str(STEP_TITLES.get(self.slug, self.slug))


class CheckPoint(models.Model):
    """One point of the self-check the author signs."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="check_points")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=20, blank=True)
    text = models.CharField(_("Point"), max_length=200, blank=True)

    def __str__(self) -> str:
        return self.shown_text

    @property
    def shown_text(self) -> str:
        """The workspace's own words, or the seeded ones in the reader's language."""
        return self.text or str(CHECK_TEXTS.get(self.slug, self.slug))


class RoundQuerySet(models.QuerySet["Round"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Rounds of posts of the member's workspace that no embargo keeps from the member."""
        own = self.filter(workspace_id=member.workspace_id)
        return own.exclude(post_id__in=veiled_posts(member))

    def open(self) -> Self:
        """Not decided yet."""
        return self.filter(state=RoundState.OPEN)


class Round(StatefulModel):
    """One run of one version through the steps. ``digest`` is the version's at opening.

    ``due_at`` stands only on a round in the fast lane: all its steps are due by then.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="rounds")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="rounds")
    digest = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=RoundState, default=RoundState.OPEN)
    opened_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["post"], condition=Q(state=RoundState.OPEN), name="one_open_round"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RoundState.values), name="round_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.number} of post {self.post_id}"

    @property
    def ref(self) -> Ref:
        """How the activity log names this round: by its post's title."""
        return Ref("review.round", str(self.pk), self.post.shown_title)


class RoundStepQuerySet(models.QuerySet["RoundStep"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Steps of rounds that the member may see."""
        own = self.filter(round__workspace_id=member.workspace_id)
        return own.exclude(round__post_id__in=veiled_posts(member))

    def waiting(self) -> Self:
        """Steps that want a decision now."""
        return self.filter(state=StepState.NOW, kind=StepKind.ROLE)

    def for_member(self, member: Member) -> Self:
        """Waiting steps this member could decide: has the role, wrote none of it, is not done.

        Roles must be loaded (with_roles).
        """
        roles = [role.pk for role in member.roles]
        mine = self.waiting().filter(role_id__in=roles)
        decided = Verdict.objects.filter(member=member).values("round_id")
        return mine.exclude(round__post__writers=member).exclude(round_id__in=decided)

    def late(self, *, now: datetime) -> Self:
        """Waiting steps past their due time."""
        return self.waiting().filter(due_at__lt=now)

    def most_urgent_first(self) -> Self:
        """The fast lane before all others, then what is due earliest."""
        return self.order_by(
            F("round__due_at").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "pk"
        )


class RoundStep(StatefulModel):
    """One level of one round, copied from the flow so that later changes do not reach back.

    A ``parallel`` step (of the fast lane only) waits together with the other parallel ones.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=20, blank=True)
    title = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=StepKind)
    role = models.ForeignKey(
        Role, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quorum = models.PositiveSmallIntegerField(default=1)
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    parallel = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=StepState, default=StepState.COMING)
    started_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = RoundStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="round_step_once"),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state=StepState.NOW, parallel=False),
                name="one_step_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=StepState.values), name="round_step_state_known"
            ),
        ]
        indexes = [models.Index(fields=["state", "role", "due_at"], name="round_step_waiting")]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        """The step's title in the reader's language, or as the workspace wrote it."""
        return self.title or str(STEP_TITLES.get(self.slug, self.slug))


class Verdict(models.Model):
    """What one member decided on one step, for one digest. Kept for ever.

    One verdict for each member and round: nobody can be two levels. ``checks`` holds the signed
    self-check as [{"text": ..., "ticked": true}].
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="verdicts")
    step = models.ForeignKey(RoundStep, on_delete=models.PROTECT, related_name="verdicts")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="verdicts")
    kind = models.CharField(max_length=10, choices=VerdictKind)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    comment = models.TextField(blank=True)
    checks = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="one_verdict_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.member_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to change a verdict."""
        if not self._state.adding:
            raise TypeError("verdicts never change")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refuse."""
        raise TypeError("verdicts never go")


class CommentQuerySet(models.QuerySet["Comment"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Comments on posts that the member may see."""
        own = self.filter(post__workspace_id=member.workspace_id)
        return own.exclude(post_id__in=veiled_posts(member))


class Comment(models.Model):
    """What a member said about a post, beside the verdicts."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    version = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("Comment"))
    at = models.DateTimeField()

    objects = CommentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.body[:40]


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
