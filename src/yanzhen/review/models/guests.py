"""Guests: people without an account who read one version by a link, and what they say of it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any, Never, Self

from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision
from yanzhen.planning.embargoes import Embargo, veiled_posts
from yanzhen.planning.states import PostState
from yanzhen.review.models.rounds import Round, RoundStep
from yanzhen.review.states import GuestRule, GuestStanding, RoundState, StepKind

NAME_LENGTH = 80


class GuestLinkQuerySet(models.QuerySet["GuestLink"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Links to posts of the member's workspace that no embargo keeps from the member."""
        own = self.filter(workspace_id=member.workspace_id)
        return own.exclude(round__post_id__in=veiled_posts(member))

    def whole(self) -> Self:
        """With everything that standing_of and the guest's page ask."""
        return self.select_related(
            "workspace",
            "inviter__user",
            "round__version",
            "round__post__account",
            "round__post__embargo",
            "step__role",
        )

    def unrevoked(self) -> Self:
        """Links nobody has revoked; they may have ended otherwise."""
        return self.filter(revoked_at=None)


class GuestLink(models.Model):
    """A way for one guest to one round's version. Only the secret's SHA-256 is kept.

    ``step`` is what the guest may decide, None for reading and commenting. ``past_embargo``: the
    inviter said that the guest may read it before its embargo lifts. ``opened_at`` is when it was
    first read.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="guest_links")
    step = models.ForeignKey(
        RoundStep, null=True, blank=True, on_delete=models.PROTECT, related_name="guest_links"
    )
    inviter = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(gettext_lazy("Guest’s name"), max_length=NAME_LENGTH)
    language = models.CharField(max_length=10)
    past_embargo = models.BooleanField(default=False)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = GuestLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="guest_link_ends"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="guest_link_revoked_by",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def ref(self, name: str = "") -> Ref:
        """How the activity log names the guest: by the name signed with, and who invited.

        In the inviter's language, for the team reads it. The link's inviter must be loaded.
        """
        inviter = self.inviter.user
        with translation.override(inviter.language):
            words = _("Guest %(name)s (by link of %(inviter)s)")
            label = words % {"name": name or self.name, "inviter": inviter.name}
        return Ref("review.guest_link", str(self.pk), label)


class GuestRemark(models.Model):
    """What a guest said about the version of their link. Kept for ever."""

    link = models.ForeignKey(GuestLink, on_delete=models.PROTECT, related_name="remarks")
    name = models.CharField(max_length=NAME_LENGTH)
    body = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.body[:40]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to change what somebody else said."""
        if not self._state.adding:
            raise TypeError("remarks never change")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refuse."""
        raise TypeError("remarks never go")


def _round_standing(round_: Round) -> GuestStanding:
    """Tell by the round alone: open while it is the one under way, for the current version."""
    if round_.state == RoundState.PASSED:
        return GuestStanding.PASSED
    if round_.post.state == PostState.DROPPED:
        return GuestStanding.WITHHELD
    if round_.state != RoundState.OPEN or round_.post.version_id != round_.version_id:
        return GuestStanding.CHANGED
    return GuestStanding.OPEN


def shown_by_inviters(links: Iterable[GuestLink]) -> set[int]:
    """Return which of these links show their post by their inviter's leave, by number.

    Three queries for any number of links, and one more for each to a post under an embargo.
    """
    wanted = list(links)
    inviters = Member.objects.active().with_roles()
    able = {
        member.pk: member
        for member in inviters.filter(pk__in={link.inviter_id for link in wanted})
        if member.may_somewhere(Decision.GUEST_INVITE)
    }
    posts = {link.round.post_id for link in wanted}
    standing = Embargo.objects.standing().filter(post_id__in=posts)
    embargoed = set(standing.values_list("post_id", flat=True))
    shown = set()
    for link in wanted:
        inviter, post = able.get(link.inviter_id), link.round.post_id
        account_id = link.round.post.account_id
        if inviter is None or not inviter.may(Decision.GUEST_INVITE, account_id=account_id):
            continue
        veiled = veiled_posts(inviter).filter(post_id=post)
        if post not in embargoed or (link.past_embargo and not veiled.exists()):
            shown.add(link.pk)
    return shown


def standing_of(
    link: GuestLink, *, now: datetime, shown: Container[int] | None = None
) -> GuestStanding:
    """Tell whether the link shows its post at ``now``. Asks the rows of this moment.

    ``shown`` from shown_by_inviters() spares the questions about the inviter.

    ``link`` from whole(). An embargo set after the invitation, an inviter who left, lost the right
    or is no longer on the embargo's list: each ends what the guest sees.
    """
    if link.revoked_at is not None:
        return GuestStanding.REVOKED
    standing = _round_standing(link.round)
    if standing is not GuestStanding.OPEN:
        return standing
    if link.expires_at <= now:
        return GuestStanding.EXPIRED
    by_leave = shown_by_inviters([link]) if shown is None else shown
    return GuestStanding.OPEN if link.pk in by_leave else GuestStanding.WITHHELD


def guest_may_decide(step: RoundStep) -> bool:
    """Tell whether the flow lets a guest decide this step of a round. One query at most.

    The last gate is a member's, unless the step says that a guest may hold even that.
    """
    if step.kind != StepKind.ROLE or step.guests == GuestRule.NO:
        return False
    if step.guests == GuestRule.LAST:
        return True
    later = RoundStep.objects.filter(round_id=step.round_id, position__gt=step.position)
    return later.exists()
