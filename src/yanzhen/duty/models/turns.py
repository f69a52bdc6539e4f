"""What it all comes to: the turns, and what was said of gaps between them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from yanzhen.duty.models.rota import Place, Rota
from yanzhen.duty.rules.cover import Why
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.walls import Bent
from yanzhen.people.models import Member


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

    @property
    def key(self) -> str:
        """How pages name it: its number is another one whenever turns are laid anew."""
        return f"{self.place}-{self.start_at:%Y%m%dT%H%MZ}"


class Noticed(models.Model):
    """That a change of hands was told of so many minutes ahead, so that nobody hears it twice."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="noticed")
    place = models.CharField(max_length=8, choices=Place)
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rota", "place", "at", "minutes"], name="duty_noticed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes before {self.at:%Y-%m-%d %H:%M}"


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
