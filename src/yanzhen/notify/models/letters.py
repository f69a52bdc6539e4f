"""Letters: what is owed to somebody by one way, and whether it arrived."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from yanzhen.activity.feed import events
from yanzhen.activity.veils import veiled_from
from yanzhen.notify.models.notices import Notice
from yanzhen.notify.models.outlets import Outlet
from yanzhen.notify.states import LetterState, OutletKind, Way
from yanzhen.notify.troubles import mail_words
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision

#: Letters that are about no event: what a messenger has to do for somebody who pressed something.
TEST, ASIDE, SHEET, LINKING = "notify.test", "notify.aside", "notify.sheet", "notify.linking"


class LetterQuerySet(models.QuerySet["Letter"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Who resolves for every account sees the workspace's; others their own and the outlets'.

        Like notices, without those about what is veiled from the member by now, urgent ones apart.
        """
        here = self.filter(workspace_id=member.workspace_id)
        if not member.may(Decision.PUBLISH_RESOLVE):
            here = here.filter(Q(member_id=member.pk) | Q(outlet__isnull=False))
        veiled = events().objects.filter(veiled_from(member), pk=OuterRef("event"))
        return here.exclude(Q(Exists(veiled), urgent=False))

    def due(self, *ways: str, now: datetime) -> Self:
        """Those to be tried at ``now`` (the database's clock), urgent ones first."""
        rows = self.filter(state=LetterState.DUE, way__in=ways, due_at__lte=now)
        return rows.order_by("-urgent", "pk")

    def in_turn(self) -> Self:
        """Without new versions of messages that are not out, or that an earlier version waits for.

        What is written last is what holds, so one follows the other.
        """
        same = Q(pk=OuterRef("rewrites")) | Q(rewrites=OuterRef("rewrites"), pk__lt=OuterRef("pk"))
        before = Letter.objects.filter(same, state=LetterState.DUE)
        return self.filter(Q(rewrites=None) | ~Exists(before))

    def messages(self) -> Self:
        """Those that are, or may come to be, messages which can be written anew."""
        slack = Q(way=Way.SLACK) | Q(outlet__kind=OutletKind.SLACK)
        there = Q(state=LetterState.DUE) | (Q(state=LetterState.SENT) & ~Q(remote={}))
        rows = self.filter(slack, there, rewrites=None, event__isnull=False)
        return rows.select_related("outlet", "member__user").order_by("pk")

    def dead(self) -> Self:
        """Those given up or refused."""
        return self.filter(state=LetterState.DEAD)

    def held(self, *, now: datetime) -> Self:
        """Those that wait for the end of somebody's quiet hours."""
        return self.filter(state=LetterState.DUE, held=True, due_at__gt=now)


class Letter(models.Model):
    """One piece of news, owed to one member or one outlet by one way.

    ``event`` numbers the log's row: the words are read there when it leaves. ``due_at`` is when it
    is tried next, ``tries`` how often it was, ``error`` what came back last. ``held``: quiet hours
    keep it, which end for whoever comes on duty. ``extra`` is what the way needs besides;
    ``remote`` says where the message is, and ``rewrites`` which one this letter writes anew.
    ``matter`` names what it wants decided, ``offers`` what was offered by it (pairs of a deed and a
    target), and ``mark`` is of what the message says now.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=8, choices=Way)
    notice = models.ForeignKey(
        Notice, null=True, blank=True, on_delete=models.CASCADE, related_name="letters"
    )
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.CASCADE, related_name="letters"
    )
    outlet = models.ForeignKey(
        Outlet, null=True, blank=True, on_delete=models.CASCADE, related_name="letters"
    )
    event = models.BigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=80)
    urgent = models.BooleanField(default=False)
    url = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=LetterState, default=LetterState.DUE)
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    held = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    extra = models.JSONField(default=dict)
    remote = models.JSONField(default=dict)
    matter = models.CharField(max_length=80, blank=True)
    offers = models.JSONField(default=list)
    mark = models.CharField(max_length=64, blank=True)
    rewrites = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "way"],
                condition=Q(notice__isnull=False, rewrites=None),
                name="letter_once_for_a_notice",
            ),
            models.UniqueConstraint(
                fields=["outlet", "event"],
                condition=Q(outlet__isnull=False, event__isnull=False, rewrites=None),
                name="letter_once_for_an_outlet",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LetterState.values), name="letter_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["way", "due_at"], name="letter_due", condition=Q(state=LetterState.DUE)
            ),
            models.Index(
                fields=["workspace", "-settled_at"],
                name="letter_dead",
                condition=Q(state=LetterState.DEAD),
            ),
            models.Index(fields=["event"], name="letter_of_event"),
            models.Index(fields=["matter"], name="letter_of_matter", condition=~Q(matter="")),
            models.Index(fields=["settled_at"], name="letter_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.way}"

    @property
    def language(self) -> str:
        """In which language its readers are told; outlet, member and user should be loaded."""
        if self.outlet is not None:
            return self.outlet.language
        return self.member.user.language if self.member is not None else "en"

    @property
    def why(self) -> str:
        """What came back last, for people: as a mail server says it, it would be no sentence."""
        return mail_words(self.error) if self.way == Way.MAIL else self.error
