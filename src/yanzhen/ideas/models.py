"""Ideas with their briefs, who is for them, and the posts written from them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.ideas.states import IdeaState
from yanzhen.kernel.machine import StatefulModel
from yanzhen.library.models import Asset
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.planning.models import Campaign, Post

TITLE_LENGTH = 120
NOTE_LENGTH = 2000
LINE_LENGTH = 300


class IdeaQuerySet(models.QuerySet["Idea"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Ideas of the member's workspace, but for those with a post that is kept from them."""
        own = self.filter(workspace_id=member.workspace_id)
        return own.exclude(pk__in=veiled_ideas(member))

    def saying(self, text: str) -> Self:
        """Those with ``text`` in what is said of them, whatever its case."""
        fields = ("title", "note", "goal", "audience", "message")
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": text})
        return self.filter(found)

    def for_cards(self, member: Member) -> Self:
        """With what a card shows. Adds ``vote_count`` and ``voted`` (by the member)."""
        posts = PostOfIdea.objects.select_related("post__account").order_by("pk")
        return (
            self.select_related("author__user", "owner__user", "campaign")
            .prefetch_related("accounts", Prefetch("written", queryset=posts))
            .annotate(
                vote_count=Count("votes"),
                voted=Exists(Vote.objects.filter(idea=OuterRef("pk"), member=member)),
            )
        )

    def most_wanted_first(self) -> Self:
        """What is due earliest, then what most are for, then the newest. After for_cards()."""
        return self.order_by(F("deadline_date").asc(nulls_last=True), "-vote_count", "-pk")


class Idea(StatefulModel):
    """A thought that may become posts, and the brief they are written from.

    ``links`` holds one address a line. ``deadline_date`` is the day the drafts are to be there, in
    the workspace's zone. ``dropped_from`` is the state that what is dropped was in. ``revision``
    rises with every edit.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="ideas")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=IdeaState, default=IdeaState.IDEA)
    title = models.CharField(_("Idea"), max_length=TITLE_LENGTH)
    note = models.TextField(_("Note"), blank=True)
    links = models.TextField(_("Links"), blank=True)
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="ideas"
    )
    goal = models.CharField(_("Goal"), max_length=LINE_LENGTH, blank=True)
    audience = models.CharField(_("Audience"), max_length=LINE_LENGTH, blank=True)
    message = models.CharField(_("Key message"), max_length=LINE_LENGTH, blank=True)
    deadline_date = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="owned_ideas"
    )
    accounts = models.ManyToManyField(Account, blank=True, related_name="+")
    dropped_from = models.CharField(max_length=12, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = IdeaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=IdeaState.values), name="idea_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "state", "deadline_date"], name="idea_state_deadline")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """How the activity log names this idea."""
        return Ref("ideas.idea", str(self.pk), self.title)

    @property
    def link_list(self) -> list[str]:
        """The addresses, one by one."""
        return self.links.split()


class Vote(models.Model):
    """One member is for an idea."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["idea", "member"], name="idea_vote_once"),
        ]

    def __str__(self) -> str:
        return f"member {self.member_id} for idea {self.idea_id}"


class FileOfIdea(models.Model):
    """Something of the library that the posts of an idea are to be made with, in this order."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="files")
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["idea", "asset"], name="idea_file_once"),
        ]

    def __str__(self) -> str:
        return f"asset {self.asset_id} of idea {self.idea_id}"


class PostOfIdea(models.Model):
    """A post that was written from an idea."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="written")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="of_idea")

    def __str__(self) -> str:
        return f"post {self.post_id} of idea {self.idea_id}"


def veiled_ideas(member: Member) -> models.QuerySet[PostOfIdea, int]:
    """Return the numbers of the ideas with a post an embargo keeps from the member."""
    rows = PostOfIdea.objects.filter(post_id__in=veiled_posts(member))
    return rows.values_list("idea_id", flat=True)
