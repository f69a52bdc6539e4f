"""Deliveries, the attempts to send them, and the public counts of what is out."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.content import PostKind
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.planning.models import Post, Version
from yanzhen.publishing.states import (
    IN_FLIGHT,
    Conclusion,
    DeliveryState,
    Doubt,
    HoldReason,
)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Deliveries of the workspace's posts that no embargo keeps from the member."""
        own = self.filter(workspace_id=member.workspace_id)
        return own.exclude(post_id__in=veiled_posts(member))

    def due(self, *, now: datetime) -> Self:
        """Scheduled and due at ``now`` (the database's clock), earliest first."""
        return self.filter(state=DeliveryState.SCHEDULED, due_at__lte=now).order_by(
            "due_at", "post_id", "position"
        )

    def in_flight(self) -> Self:
        """Claimed, being sent, or not known: it may be on X already, or be about to be."""
        return self.filter(state__in=IN_FLIGHT)

    def live(self) -> Self:
        """Everything but what was called off."""
        return self.exclude(state=DeliveryState.CANCELLED)

    def published(self) -> Self:
        """On X, newest first."""
        return self.filter(state=DeliveryState.PUBLISHED).order_by("-published_at", "-pk")


class Delivery(StatefulModel):
    """One X post, or one segment of a thread, to one account.

    ``digest`` is the approval this delivery stands on. ``epoch`` is the fence: it rises with every
    claim, and results of an older claim are refused. ``lease_until_at`` and ``due_at`` are by the
    database's clock. ``origin`` is settings.ENV.origin; a delivery never goes to another. ``kind``
    and ``target_id`` are the version's. ``occurrence`` counts from 0 in a recurring post.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="deliveries")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="deliveries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="deliveries")
    position = models.PositiveSmallIntegerField(default=0)
    after = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    kind = models.CharField(
        max_length=8, choices=[(kind.value, kind.value) for kind in PostKind], default=PostKind.POST
    )
    target_id = models.CharField(max_length=40, blank=True)
    occurrence = models.PositiveSmallIntegerField(default=0)
    #: A member let it out at once, so it may use what the budget keeps for crises.
    uses_reserve = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    origin = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.SCHEDULED)
    hold_reason = models.CharField(max_length=12, choices=HoldReason, blank=True)
    hold_note = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=80, blank=True)
    epoch = models.PositiveBigIntegerField(default=0)
    lease_until_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    doubt = models.CharField(max_length=12, choices=Doubt, blank=True)
    check_at = models.DateTimeField(null=True, blank=True)
    checks_done = models.PositiveSmallIntegerField(default=0)
    remote_id = models.CharField(max_length=40, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    #: Who had the lead when it went out, as the log's stamp says, so that it can be narrowed by.
    lead = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    counts_due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "account", "position", "occurrence"],
                condition=~Q(state=DeliveryState.CANCELLED),
                name="delivery_once",
            ),
            models.UniqueConstraint(
                fields=["account", "remote_id"],
                # A repost's id is the id of what it shows again.
                condition=~Q(remote_id="") & ~Q(kind=PostKind.REPOST),
                name="delivery_remote_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.PUBLISHED)
                | (~Q(remote_id="") & Q(published_at__isnull=False)),
                name="delivery_published_has_id",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.HELD) | ~Q(hold_reason=""),
                name="delivery_held_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DeliveryState.CLAIMED, DeliveryState.SENDING])
                | (~Q(owner="") & Q(lease_until_at__isnull=False)),
                name="delivery_in_hand_has_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.AMBIGUOUS)
                | (~Q(doubt="") & Q(check_at__isnull=False)),
                name="delivery_doubt_is_checked",
            ),
            # The account's lane: whatever many workers do, one post of an account is in hand.
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=[DeliveryState.CLAIMED, DeliveryState.SENDING]),
                name="one_in_hand_per_account",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="delivery_due"),
            models.Index(
                fields=["account", "state", "due_at", "post", "position"], name="delivery_lane"
            ),
            models.Index(fields=["state", "check_at"], name="delivery_check"),
            models.Index(fields=["counts_due_at"], name="delivery_counts"),
            models.Index(fields=["workspace", "published_at"], name="delivery_archive"),
            models.Index(fields=["lead", "published_at"], name="delivery_lead"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} of post {self.post_id}"

    @property
    def ref(self) -> Ref:
        """How the activity log names this delivery: by how its text begins."""
        return Ref("publishing.delivery", str(self.pk), " ".join(self.text.split())[:120])


class Attempt(models.Model):
    """One try at sending, written and committed before the request leaves.

    ``deadline_at`` is when the request must be over; ``since_id`` the account's newest known post
    before it, for the look-up. ``sent``/``code``/``status``/``detail`` as in ports.SendResult and
    ``resets_at`` its limit's end, empty until known; ``conclusion`` is what came of it in the end.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    epoch = models.PositiveBigIntegerField()
    owner = models.CharField(max_length=80)
    payload = models.JSONField()
    payload_hash = models.CharField(max_length=64)
    since_id = models.CharField(max_length=40, blank=True)
    intended_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    open = models.BooleanField(default=True)
    sent = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=20, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    resets_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.CharField(max_length=12, choices=Conclusion, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["delivery"], condition=Q(open=True), name="one_open_attempt"
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of delivery {self.delivery_id}"


class Reading(models.Model):
    """Public counts of one published delivery at one moment; None where X did not say."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="readings")
    at = models.DateTimeField()
    impressions = models.PositiveBigIntegerField(null=True)
    likes = models.PositiveBigIntegerField(null=True)
    reposts = models.PositiveBigIntegerField(null=True)
    replies = models.PositiveBigIntegerField(null=True)
    quotes = models.PositiveBigIntegerField(null=True)
    bookmarks = models.PositiveBigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "at"], name="reading_at")]

    def __str__(self) -> str:
        return f"reading of delivery {self.delivery_id}"
