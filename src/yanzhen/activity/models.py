"""The append-only activity log, its chain, and what is owed to subscribers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Never, Self

from django.db import models

from yanzhen.activity.veils import Viewer, veiled_from

#: Where an event's data keep who had the lead; no payload may have a field of that name.
LEAD = "lead"


class EventQuerySet(models.QuerySet["Event"]):
    """Named reads; no updates, no deletes."""

    def in_workspace(self, workspace_id: int) -> Self:
        """Events of one workspace."""
        return self.filter(workspace_id=workspace_id)

    def told_to(self, viewer: Viewer) -> Self:
        """Events of the viewer's workspace, but for those about what is veiled from the viewer."""
        return self.in_workspace(viewer.workspace_id).exclude(veiled_from(viewer))

    def about(self, subject_type: str, subject_id: str) -> Self:
        """Events about one thing, oldest first."""
        return self.filter(subject_type=subject_type, subject_id=subject_id).order_by("id")

    def newest_first(self) -> Self:
        """In the order the log page shows them."""
        return self.order_by("-id")

    def since(self, moment: datetime) -> Self:
        """Events at or after ``moment`` (aware)."""
        return self.filter(at__gte=moment)

    def update(self, **kwargs: Any) -> Never:
        """Refuse."""
        raise TypeError("activity is append-only")

    def delete(self) -> Never:
        """Refuse."""
        raise TypeError("activity is append-only")


class Event(models.Model):
    """One thing that happened. Text identifiers and labels, no foreign keys.

    ``number`` counts from 1 within the workspace without gaps; ``hash`` is SHA-256 over the event
    and the hash before it, in hex, so that a change, a gap or a swap anywhere shows. ``data`` is
    the payload, and under "lead" who had the lead (id and name) where somebody had it.
    """

    id = models.BigAutoField(primary_key=True)
    workspace_id = models.BigIntegerField()
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=80)
    at = models.DateTimeField()
    actor_type = models.CharField(max_length=40)
    actor_id = models.CharField(max_length=40)
    actor_label = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=300)
    trace_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "number"], name="event_number_once"),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_subject"),
            models.Index(fields=["workspace_id", "kind", "id"], name="event_kind"),
            models.Index(fields=["workspace_id", "at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.kind}"

    @property
    def lead_number(self) -> int | None:
        """The number of the member who had the lead then; None where nobody had it."""
        stamp = self.data.get(LEAD)
        return None if stamp is None else int(stamp["id"])

    @property
    def lead_name(self) -> str:
        """The name of who had the lead then; "" where nobody had it."""
        return str(self.data.get(LEAD, {}).get("name", ""))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to write an event a second time."""
        if not self._state.adding:
            raise TypeError("activity is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refuse."""
        raise TypeError("activity is append-only")


class ChainHead(models.Model):
    """The last link of one workspace's chain; locked while the next is added.

    ``lead_id`` and ``lead_label`` name the member whose lead the next event is stamped with.
    """

    workspace_id = models.BigIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
    lead_id = models.CharField(max_length=40, blank=True, default="")
    lead_label = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"workspace {self.workspace_id} at #{self.number}"


class Outbox(models.Model):
    """One event owed to one durable subscriber."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    subscriber = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="outbox_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_open",
                condition=models.Q(done_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} <- event {self.event_id}"
