"""The rounds that run through a flow, their steps, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Never, Self

from django.db import models
from django.db.models import F, Q

from yanzhen.activity.refs import Ref
from yanzhen.kernel import clock
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.grants import Grant
from yanzhen.people.models import Member, Role, Workspace
from yanzhen.people.rights import Decision
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.planning.models import Post, Version
from yanzhen.review.models.flows import STEP_TITLES
from yanzhen.review.states import GuestRule, Reason, RoundState, StepKind, StepState, VerdictKind


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


def _could_decide(given: Iterable[Grant], member_id: int) -> Q:
    """Return which steps these grants, which are that member's, could decide; four-eyes included.

    As grants.authority asks: one of them stands for the role there, and one, which may be another,
    carries the decision there.
    """
    stands = decides = Q(pk__in=[])
    for grant in given:
        there = Q()
        if grant.accounts is not None:
            there = Q(round__version__account_id__in=grant.accounts)
        stands |= Q(role_id__in=grant.roles) & there
        if Decision.REVIEW_DECIDE in grant.decisions:
            decides |= there or ~Q(pk__in=[])
    wrote = Post.writers.through.objects.filter(member_id=member_id).values("post_id")
    used = Verdict.objects.filter(Q(member=member_id) | Q(acting_for=member_id))
    return (
        stands & decides & ~Q(round__post_id__in=wrote) & ~Q(round_id__in=used.values("round_id"))
    )


#: From this level on a pass asks for a fresh proof of who gives it; the first level is 0.
PROVEN_LEVEL = 2


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

        Roles must be loaded (with_roles). Those lent to the member are among them.
        """
        return self.waiting().decided_by(member)

    def decided_by(self, member: Member) -> Self:
        """Steps that are the member's to decide by role, account and four-eyes, whatever state.

        Also those they may decide for somebody else, who wrote none of it and is not done either.
        """
        whose = _could_decide(member.grants, member.pk)
        at = clock.now()
        for loan in member.loans:
            if loan.runs(at) and Decision.REVIEW_DECIDE in loan.decisions:
                whose |= _could_decide(loan.grants, loan.giver)
        own_verdict = Verdict.objects.filter(member=member).values("round_id")
        found = self.filter(whose).exclude(round__post__writers=member)
        return found.exclude(round_id__in=own_verdict)

    def proven(self) -> Self:
        """Steps that nobody passes without a fresh proof of who they are."""
        return self.filter(position__gte=PROVEN_LEVEL)

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
    guests = models.CharField(max_length=4, choices=GuestRule, default=GuestRule.NO)
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
            models.CheckConstraint(
                condition=Q(guests__in=GuestRule.values), name="round_step_guests_known"
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

    One verdict for each member and round: nobody can be two levels. A guest's verdict carries the
    link it came by and the name it was signed with, and ``member`` is who invited the guest:
    whoever answers for a guest has used up their own decision. ``acting_for`` is by whose right a
    member decided to whom it was lent; that right is used up in the round too. ``checks`` holds
    the signed self-check as [{"text": ..., "ticked": true}].
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="verdicts")
    step = models.ForeignKey(RoundStep, on_delete=models.PROTECT, related_name="verdicts")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="verdicts")
    acting_for = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    guest = models.OneToOneField(
        "GuestLink", null=True, blank=True, on_delete=models.PROTECT, related_name="verdict"
    )
    guest_name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=10, choices=VerdictKind)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    comment = models.TextField(blank=True)
    checks = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="one_verdict_a_member"),
            models.UniqueConstraint(
                fields=["round", "acting_for"], name="one_verdict_for_a_member"
            ),
            models.CheckConstraint(
                condition=Q(guest=None, guest_name="") | Q(guest__isnull=False) & ~Q(guest_name=""),
                name="verdict_guest_named",
            ),
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
