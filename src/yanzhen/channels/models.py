"""Accounts, the X app they are connected through, and sealed tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.channels.states import AccountState, ErrandState, Problem
from yanzhen.channels.vault import Place
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Workspace

PLAIN_LIMIT = 280
PREMIUM_LIMIT = 25_000


class Colour(models.TextChoices):
    """The bar of colour that tells accounts apart; the slugs are the style sheet's."""

    MAIN = "main", _("Blue")
    DE = "de", _("Amber")
    CARE = "care", _("Green")
    ZH = "zh", _("Plum")


class AccountQuerySet(models.QuerySet["Account"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Accounts of the member's workspace, but those somebody has turned away."""
        return self.filter(workspace_id=member.workspace_id, turned_away=False)

    def connected(self) -> Self:
        """Accounts we can act as."""
        return self.filter(state=AccountState.CONNECTED)

    def in_order(self) -> Self:
        """In the order the team arranged them."""
        return self.order_by("position", "pk")


class Account(StatefulModel):
    """One X account a workspace publishes to.

    ``remote_id`` is the platform's stable id; the handle may change, the id may not. ``premium`` is
    what counts; ``premium_override`` is set when an administrator knows better than the platform.
    ``problem`` is what the last contact found wrong, with the platform's own words beside it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="accounts")
    platform = models.CharField(max_length=20, default="x")
    handle = models.CharField(_("Handle"), max_length=50)
    name = models.CharField(_("Name"), max_length=100)
    remote_id = models.CharField(max_length=40)
    avatar_url = models.URLField(max_length=500, blank=True)
    premium = models.BooleanField(_("Premium"), default=False)
    premium_override = models.BooleanField(null=True, blank=True)
    zone = models.CharField(_("Time zone"), max_length=64, default="UTC")
    language = models.CharField(_("Language"), max_length=10, blank=True)
    colour = models.CharField(
        _("Colour"), max_length=10, choices=Colour.choices, default=Colour.MAIN
    )
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=20, choices=AccountState.choices, default=AccountState.DISCONNECTED
    )
    problem = models.CharField(max_length=20, choices=Problem.choices, blank=True)
    problem_detail = models.CharField(max_length=500, blank=True)
    #: Somebody said that this is not the account they meant; its row stays for the log.
    turned_away = models.BooleanField(default=False)
    #: The platform's host these ids belong to; ids of the practice server mean nothing at X.
    origin = models.CharField(max_length=200)
    connected_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "origin", "remote_id"], name="account_once_per_workspace"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AccountState.values), name="account_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def ref(self) -> Ref:
        """How the activity log names this account."""
        return Ref("channels.account", str(self.pk), str(self))

    @property
    def text_limit(self) -> int:
        """Weighted characters one post may have."""
        return PREMIUM_LIMIT if self.premium else PLAIN_LIMIT

    @property
    def tz(self) -> ZoneInfo:
        """The zone the account's audience lives in."""
        return ZoneInfo(self.zone)

    @property
    def is_connected(self) -> bool:
        """Whether we can act as the account now."""
        return self.state == AccountState.CONNECTED

    @property
    def waits_for_word(self) -> bool:
        """Whether somebody must still say that it is the account that was meant."""
        return self.state == AccountState.UNCONFIRMED

    @property
    def tokens_place(self) -> Place:
        """Where this account's tokens belong, for the vault."""
        return Place(self.workspace_id, str(self.pk), "tokens", self.origin)


class Picture(models.Model):
    """An account's picture as the worker fetched it: PNG, JPEG, GIF or WebP, at most 500 kB.

    A table of its own, because every page reads accounts and hardly one shows this.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="picture")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"picture of {self.account_id}"


class DeveloperAppQuerySet(models.QuerySet["DeveloperApp"]):
    """Named reads."""

    def of(self, workspace_id: int, platform: str, origin: str) -> DeveloperApp | None:
        """Return the workspace's X app at that origin, or None."""
        return self.filter(workspace_id=workspace_id, platform=platform, origin=origin).first()


class DeveloperApp(models.Model):
    """The workspace's own X app for OAuth 2.0. ``sealed`` holds the client secret, if any.

    A ``confidential`` app has a secret, a public one has none. Pasted OAuth 1.0a keys do not come
    here: they belong to one account and are sealed with its tokens. ``checked_at`` is when the
    platform last said that it knows this very pair, None before it was asked.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="x_apps")
    platform = models.CharField(max_length=20, default="x")
    origin = models.CharField(max_length=200)
    client_id = models.CharField(max_length=200)
    confidential = models.BooleanField()
    sealed = models.BinaryField()
    changed_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = DeveloperAppQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "platform", "origin"], name="developer_app_once"
            ),
        ]

    def __str__(self) -> str:
        return self.client_id

    @property
    def ref(self) -> Ref:
        """How the activity log names this app."""
        return Ref("channels.developerapp", str(self.pk), str(self))

    @property
    def secret_place(self) -> Place:
        """Where this app's client secret belongs, for the vault."""
        return Place(self.workspace_id, "", "client_secret", self.origin)


class Credential(models.Model):
    """An account's tokens, sealed: one row, written only where ``generation`` is still the same.

    ``kind`` is "oauth2" or "oauth1"; ``client_id`` is the X app an OAuth 2.0 pair was made for.
    ``generation`` rises with every new pair, so that a slow renewal cannot put back old tokens.
    ``refreshing_until_at`` marks a renewal under way; a mark in the past is one that never ended.
    ``checked_at`` is when the platform last said whose tokens these are, ``check_due_at`` when it
    is asked again. ``answer`` is what the last check came to, "ok" or a PlatformError's code, with
    the HTTP ``answer_status`` where there was one. ``may_write`` is what the platform says of
    pasted keys, None where it does not. ``used_at`` is exact to a minute.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="credential")
    kind = models.CharField(max_length=10)
    client_id = models.CharField(max_length=200, blank=True)
    sealed = models.BinaryField()
    scopes = models.CharField(max_length=300, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    generation = models.PositiveIntegerField(default=1)
    refreshing_until_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    check_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=20, blank=True)
    answer_status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer_detail = models.CharField(max_length=500, blank=True)
    may_write = models.BooleanField(null=True, blank=True)
    renewed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="oauth1", expires_at=None)
                | Q(kind="oauth2", expires_at__isnull=False),
                name="credential_kind_and_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.account_id}"


class Setup(models.Model):
    """How far a member has come in setting up the way to an account; kept until they are through.

    ``app_type`` is "web", "native" or "keys". ``step`` is a slug of steps.py, the furthest reached.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    app_type = models.CharField(max_length=10, blank=True)
    step = models.CharField(max_length=20)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.step} of {self.member_id}"


class Connecting(models.Model):
    """A member is away at X to agree to the connection; good for ten minutes and one use.

    ``account`` is the one to connect again, None for a new one.
    """

    state = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    platform = models.CharField(max_length=20, default="x")
    origin = models.CharField(max_length=200)
    client_id = models.CharField(max_length=200)
    redirect_uri = models.CharField(max_length=500)
    sealed_verifier = models.BinaryField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"connecting by {self.member_id}"

    @property
    def verifier_place(self) -> Place:
        """Where the code verifier belongs, for the vault."""
        return Place(self.member.workspace_id, self.state, "code_verifier", self.origin)


class ErrandQuerySet(models.QuerySet["Errand"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Errands the member asked for; they are nobody else's business."""
        return self.filter(member=member)

    def waiting(self, now: datetime) -> Self:
        """Errands to be taken up now, longest waiting first."""
        return self.filter(state=ErrandState.ASKED, due_at__lte=now).order_by("due_at", "pk")

    def left_behind(self, now: datetime) -> Self:
        """Errands whose worker has not answered within its lease."""
        return self.filter(state=ErrandState.DOING, lease_until_at__lte=now).order_by("pk")


class Errand(StatefulModel):
    """Something a page asked the worker for; see errands.py.

    ``key`` is the random word its page is found by. ``params`` are plain, ``sealed`` is what only
    the worker may read: for the errand itself, or, ``for_account``, the account's tokens exactly as
    they lay in its credential. It is emptied with the answer, ``{"code": "done", "words": {...}}``.
    ``owner`` is the worker that has it until ``lease_until_at``.
    """

    key = models.CharField(max_length=43, unique=True)
    kind = models.CharField(max_length=60)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="errands"
    )
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    origin = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    sealed = models.BinaryField(default=bytes)
    for_account = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=ErrandState.choices, default=ErrandState.ASKED)
    owner = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    answer = models.JSONField(default=dict)

    objects = ErrandQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ErrandState.values), name="errand_state_known"
            ),
            # Whatever is over keeps no secret.
            models.CheckConstraint(
                condition=Q(state__in=[ErrandState.ASKED, ErrandState.DOING], done_at=None)
                | Q(
                    state__in=[ErrandState.DONE, ErrandState.FAILED],
                    done_at__isnull=False,
                    sealed=b"",
                ),
                name="errand_over_keeps_nothing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="errand_open",
                condition=Q(state__in=[ErrandState.ASKED, ErrandState.DOING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} asked by {self.member_id}"

    @property
    def is_over(self) -> bool:
        """Whether there is an answer."""
        return self.state in (ErrandState.DONE, ErrandState.FAILED)

    @property
    def code(self) -> str:
        """The answer's code, "" before there is one."""
        return str(self.answer.get("code", ""))

    @property
    def words(self) -> dict[str, str]:
        """The answer's words."""
        return dict(self.answer.get("words", {}))

    @property
    def place(self) -> Place:
        """Where ``sealed`` belongs, for the vault."""
        if self.for_account and self.account is not None:
            return self.account.tokens_place
        return Place(self.workspace_id, self.key, "errand", self.origin)
