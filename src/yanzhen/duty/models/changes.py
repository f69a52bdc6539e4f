"""What changes a rota from outside its layers: leave, overrides and swaps."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.duty.models.rota import Place, Rota
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.states import SwapState
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member


class LeaveQuerySet(models.QuerySet["Leave"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Leave of the member's workspace, cancelled too."""
        return self.filter(member__workspace_id=member.workspace_id)

    def standing(self) -> Self:
        """Not cancelled."""
        return self.filter(cancelled_at=None)


class Leave(models.Model):
    """A time a member cannot be on duty.

    Cancelled, it ends at ``cancelled_at`` if it had begun, because the past was what it was.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="leaves")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    note = models.CharField(_("Note"), max_length=120, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="duty_leave_span"),
        ]
        indexes = [models.Index(fields=["member", "end_at"], name="duty_leave_of_member")]

    def __str__(self) -> str:
        return f"member {self.member_id} from {self.start_at:%Y-%m-%d %H:%M}"

    @property
    def kept(self) -> Span | None:
        """The time that counts as away; None when it was cancelled before it began."""
        end = min(self.end_at, self.cancelled_at) if self.cancelled_at else self.end_at
        return Span(self.start_at, end) if self.start_at < end else None


class OverrideQuerySet(models.QuerySet["Override"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Overrides of the member's workspace."""
        return self.filter(rota__workspace_id=member.workspace_id)

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class Override(models.Model):
    """A member is on duty for a time whatever the layers say; the newest counts."""

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="overrides")
    place = models.CharField(max_length=8, choices=Place, default=Place.PRIMARY)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    reason = models.CharField(_("Reason"), max_length=200)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end_at__gt=F("start_at")), name="duty_override_span"
            ),
            models.CheckConstraint(condition=Q(place__in=Place.values), name="duty_override_place"),
            models.CheckConstraint(condition=~Q(reason=""), name="duty_override_reason"),
        ]
        indexes = [models.Index(fields=["rota", "end_at"], name="duty_override_of_rota")]

    def __str__(self) -> str:
        return f"member {self.member_id} from {self.start_at:%Y-%m-%d %H:%M}"

    @property
    def span(self) -> Span:
        """From when to when."""
        return Span(self.start_at, self.end_at)


class SwapQuerySet(models.QuerySet["Swap"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Swaps of the member's workspace."""
        return self.filter(rota__workspace_id=member.workspace_id)

    def with_names(self) -> Self:
        """With the people loaded."""
        return self.select_related("giver__user", "taker__user", "asked__user", "rota")

    def in_state(self, *states: SwapState) -> Self:
        """Those that stand in one of ``states``, the oldest first."""
        return self.filter(state__in=states).order_by("pk")


class Swap(StatefulModel):
    """``giver`` offers the hours from ``start_at`` to ``asked``, None for whoever takes them;
    ``taker`` took them.

    With ``back_start_at`` and ``back_end_at`` the giver takes those hours of the taker in return;
    both hold or neither. ``begins_at`` is when the first of them starts; ``nudged_hours`` how many
    hours before it an offer was last told of again.
    """

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="swaps")
    place = models.CharField(max_length=8, choices=Place, default=Place.PRIMARY)
    state = models.CharField(max_length=10, choices=SwapState, default=SwapState.OFFERED)
    giver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    back_start_at = models.DateTimeField(null=True, blank=True)
    back_end_at = models.DateTimeField(null=True, blank=True)
    begins_at = models.DateTimeField()
    nudged_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="duty_swap_span"),
            models.CheckConstraint(
                condition=Q(back_start_at=None, back_end_at=None)
                | Q(back_end_at__gt=F("back_start_at")),
                name="duty_swap_back_span",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SwapState.TAKEN, SwapState.BEGUN, SwapState.VOID])
                | Q(taker__isnull=False),
                name="duty_swap_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(taker=None) | ~Q(taker=F("giver")), name="duty_swap_between_two"
            ),
            models.CheckConstraint(
                condition=Q(asked=None) | ~Q(asked=F("giver")), name="duty_swap_asks_another"
            ),
        ]
        indexes = [models.Index(fields=["state", "begins_at"], name="duty_swap_begins")]

    def __str__(self) -> str:
        return f"swap of member {self.giver_id} from {self.start_at:%Y-%m-%d %H:%M}"

    @property
    def ref(self) -> Ref:
        """How the activity log names this swap."""
        return Ref("duty.swap", str(self.pk), f"{self.start_at:%Y-%m-%d %H:%M} UTC")

    @property
    def given(self) -> Span:
        """The hours the giver offers."""
        return Span(self.start_at, self.end_at)

    @property
    def back(self) -> Span | None:
        """The hours the giver takes in return, if any."""
        if self.back_start_at is None or self.back_end_at is None:
            return None
        return Span(self.back_start_at, self.back_end_at)
