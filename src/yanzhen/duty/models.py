"""The rota of a workspace: layers, leave, swaps and overrides, and the turns that come of them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.duty.rules.cover import Why
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.walls import Bent
from yanzhen.duty.states import SwapState
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Role, Workspace


class Place(models.TextChoices):
    """What somebody on duty is: the one who has it, or the one who stands behind."""

    PRIMARY = "primary", pgettext_lazy("duty", "On duty")
    BACKUP = "backup", pgettext_lazy("duty", "Backup")


class RotaQuerySet(models.QuerySet["Rota"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """The rota of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)


class Rota(models.Model):
    """A workspace's rota. Everything before ``settled_at`` is past and stands for good.

    Turns are laid up to ``laid_until_at`` by the rules of time zones ``tzdata``. ``always``: every
    moment needs somebody, else only the hours of the layers do. Only members with ``role`` may be
    on duty; None lets every active member be.
    """

    workspace = models.OneToOneField(Workspace, on_delete=models.PROTECT, related_name="rota")
    role = models.ForeignKey(
        Role, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    always = models.BooleanField(_("Somebody round the clock"), default=True)
    settled_at = models.DateTimeField()
    laid_until_at = models.DateTimeField()
    tzdata = models.CharField(max_length=20, blank=True)

    objects = RotaQuerySet.as_manager()

    def __str__(self) -> str:
        return f"rota of workspace {self.workspace_id}"


class SiteQuerySet(models.QuerySet["Site"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Sites of the member's workspace, by name."""
        return self.filter(workspace_id=member.workspace_id).order_by("name", "pk")


class Site(models.Model):
    """A place the team works in. ``hours`` are pairs of wall times, ["09:00", "18:00"].

    ``weekdays`` are ISO weekday numbers.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("Place"), max_length=60)
    zone = models.CharField(_("Time zone"), max_length=64)
    hours = models.JSONField(default=list)
    weekdays = models.JSONField(default=list)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="duty_site_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this place."""
        return Ref("duty.site", str(self.pk), self.name)


class Holiday(models.Model):
    """A day a site is closed; with ``made_up`` one it works on though its weekday is free."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="holidays")
    day_date = models.DateField()
    name = models.CharField(max_length=80, blank=True)
    made_up = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "day_date"], name="duty_holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day_date:%Y-%m-%d} {self.name}"


class LayerQuerySet(models.QuerySet["Layer"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Layers of the member's workspace."""
        return self.filter(rota__workspace_id=member.workspace_id)

    def in_order(self) -> Self:
        """Primaries first, the highest rank on top."""
        return self.order_by(F("place").desc(), F("rank").desc(), "pk")


class Layer(models.Model):
    """Hours that come back, and who takes them; see ``rules.layers.Layer`` for the words.

    ``holidays_of`` is the site whose holidays it keeps. A layer is never changed, only ended by
    ``last_date`` and followed by another, so that the past can always be explained.
    """

    class Every(models.TextChoices):
        SHIFT = Change.SHIFT.value, pgettext_lazy("rotation", "Every shift")
        DAY = Change.DAY.value, pgettext_lazy("rotation", "Every day")
        WEEK = Change.WEEK.value, pgettext_lazy("rotation", "Every week")

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="layers")
    name = models.CharField(_("Name"), max_length=60)
    place = models.CharField(max_length=8, choices=Place, default=Place.PRIMARY)
    rank = models.SmallIntegerField(default=0)
    zone = models.CharField(_("Time zone"), max_length=64)
    hours = models.JSONField()
    weekdays = models.JSONField()
    change = models.CharField(max_length=5, choices=Every)
    every = models.PositiveSmallIntegerField(default=1)
    hand_over = models.PositiveSmallIntegerField(default=1)
    first_date = models.DateField()
    last_date = models.DateField(null=True, blank=True)
    holidays_of = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LayerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(place__in=Place.values), name="duty_layer_place"),
            models.CheckConstraint(
                condition=Q(change__in=[c.value for c in Change]), name="duty_layer_change"
            ),
            models.CheckConstraint(
                condition=Q(every__gte=1, hand_over__gte=1, hand_over__lte=7),
                name="duty_layer_every",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this layer."""
        return Ref("duty.layer", str(self.pk), self.name)


class LayerMember(models.Model):
    """A member's place in a layer's order, from 0."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="order")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layer", "member"], name="duty_in_layer_once"),
            models.UniqueConstraint(fields=["layer", "position"], name="duty_layer_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: member {self.member_id}"


class DealtTurn(models.Model):
    """Who a turn of a layer went to, by its number; None where everybody was away.

    Those that have started stand, so that what is said later does not change the order before it.
    """

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="dealt")
    turn = models.PositiveIntegerField()
    start_at = models.DateTimeField()
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layer", "turn"], name="duty_turn_dealt_once"),
        ]

    def __str__(self) -> str:
        return f"turn {self.turn} of layer {self.layer_id}"


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


class SwapQuerySet(models.QuerySet["Swap"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Swaps of the member's workspace."""
        return self.filter(rota__workspace_id=member.workspace_id)

    def in_state(self, *states: SwapState) -> Self:
        """Those that stand in one of ``states``, the oldest first."""
        return self.filter(state__in=states).order_by("pk")


class Swap(StatefulModel):
    """``giver`` offers the hours from ``start_at``; ``taker`` takes them.

    With ``back_start_at`` and ``back_end_at`` the giver takes those hours of the taker in return;
    both hold or neither. ``begins_at`` is when the first of them starts.
    """

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="swaps")
    place = models.CharField(max_length=8, choices=Place, default=Place.PRIMARY)
    state = models.CharField(max_length=10, choices=SwapState, default=SwapState.OFFERED)
    giver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    back_start_at = models.DateTimeField(null=True, blank=True)
    back_end_at = models.DateTimeField(null=True, blank=True)
    begins_at = models.DateTimeField()
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


class TurnQuerySet(models.QuerySet["Turn"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Turns of the member's workspace."""
        return self.filter(rota__workspace_id=member.workspace_id)

    def at(self, moment: datetime) -> Self:
        """Those that run at ``moment`` (aware)."""
        return self.filter(start_at__lte=moment, end_at__gt=moment)

    def within(self, span: Span) -> Self:
        """Those of which some moment is in ``span``, in order."""
        rows = self.filter(start_at__lt=span.end, end_at__gt=span.start)
        return rows.order_by("start_at", "place", "pk")

    def primary(self) -> Self:
        """Those of who has the duty."""
        return self.filter(place=Place.PRIMARY)


class Turn(models.Model):
    """A member on duty for a time: what the layers, leave, swaps and overrides came to.

    ``why`` with ``source`` (the number of a layer, swap or override) explains it. The database
    holds that no two of one place are at once, and that what is settled stands; see guards.
    """

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="turns")
    place = models.CharField(max_length=8, choices=Place)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="turns")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    why = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Why])
    source = models.PositiveBigIntegerField()
    opened = models.CharField(max_length=6, blank=True, default=Bent.STRAIGHT.value)
    closed = models.CharField(max_length=6, blank=True, default=Bent.STRAIGHT.value)

    objects = TurnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="duty_turn_span"),
            models.CheckConstraint(condition=Q(place__in=Place.values), name="duty_turn_place"),
            models.UniqueConstraint(fields=["rota", "place", "start_at"], name="duty_turn_starts"),
        ]
        indexes = [models.Index(fields=["rota", "place", "end_at"], name="duty_turn_ends")]

    def __str__(self) -> str:
        return f"member {self.member_id} from {self.start_at:%Y-%m-%d %H:%M}"

    @property
    def span(self) -> Span:
        """From when to when."""
        return Span(self.start_at, self.end_at)


class Warned(models.Model):
    """That a gap was told of so many days ahead, so that nobody hears of it twice."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="warned")
    start_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rota", "start_at", "days"], name="duty_warned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.days} days before {self.start_at:%Y-%m-%d %H:%M}"
