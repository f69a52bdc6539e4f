"""Leases and heartbeats."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q


class LeaseQuerySet(models.QuerySet["Lease"]):
    """Taking, keeping and giving back a lease; every write is one compare-and-set."""

    def take(self, name: str, *, owner: str, now: datetime, lease: timedelta) -> int | None:
        """Lease ``name`` for ``owner`` and return the new fence, or None while another holds it.

        ``now`` is the database's clock. The fence rises with every change of hands, so results of a
        holder that slept past its lease can be told apart and refused.
        """
        self.bulk_create([Lease(name=name)], ignore_conflicts=True)
        free = Q(until_at=None) | Q(until_at__lte=now)
        mine = self.filter(name=name, owner=owner, until_at__gt=now)
        if mine.update(until_at=now + lease):
            return self.get(name=name).fence
        won = self.filter(free, name=name).update(
            owner=owner, until_at=now + lease, fence=F("fence") + 1
        )
        return self.get(name=name).fence if won else None

    def keep(self, name: str, *, owner: str, fence: int, now: datetime, lease: timedelta) -> bool:
        """Renew; False when the lease is lost and the work must not be finished."""
        rows = self.filter(name=name, owner=owner, fence=fence)
        return rows.update(until_at=now + lease) == 1

    def give_back(self, name: str, *, owner: str, fence: int) -> None:
        """Free the lease at once, for a worker that stops in good order."""
        self.filter(name=name, owner=owner, fence=fence).update(until_at=None)

    def silent_since(self, moment: datetime) -> Self:
        """Loops that have not finished a run since ``moment``."""
        return self.filter(Q(ok_at=None) | Q(ok_at__lt=moment))


class Lease(models.Model):
    """Who runs a loop now, and how its last runs went. Times are aware UTC."""

    name = models.CharField(max_length=60, primary_key=True)
    owner = models.CharField(max_length=80, blank=True)
    fence = models.PositiveBigIntegerField(default=0)
    until_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ok_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_seconds = models.FloatField(default=0)
    done_count = models.PositiveBigIntegerField(default=0)

    objects = LeaseQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
