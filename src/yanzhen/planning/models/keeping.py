"""What members keep of posts and calendar: views under a name, and changes they may take back."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.people.models import Member, Workspace

NAME_LENGTH = 40
#: 200 characters of a search, twelve bytes each as an address writes them, and the other filters.
QUERY_LENGTH = 2600


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Named reads."""

    def on(self, page: str) -> Self:
        """Those of one SavedView.Page."""
        return self.filter(page=page)

    def standing(self) -> Self:
        """Everything but what was removed."""
        return self.filter(removed_at=None)

    def visible_to(self, member: Member) -> Self:
        """The member's own, and those shared with the workspace, as long as they stand."""
        return self.within_reach_of(member).standing()

    def within_reach_of(self, member: Member) -> Self:
        """As visible_to, removed ones included: they can be put back."""
        rows = self.filter(workspace_id=member.workspace_id)
        return rows.filter(Q(owner=member) | Q(shared=True))


class SavedView(models.Model):
    """What a page is narrowed to, under a name. ``query`` has no empty parts.

    Of the posts it is NarrowForm's, of the calendar CalendarForm's without a month or a day.
    A view that was removed keeps its row, its owner and who opens with it, so that it can be put
    back as it was; a name is taken by standing views only.
    """

    class Page(models.TextChoices):
        POSTS = "posts", pgettext_lazy("navigation", "Posts")
        CALENDAR = "calendar", pgettext_lazy("navigation", "Calendar")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=8, choices=Page, default=Page.POSTS)
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                condition=Q(removed_at=None),
                name="saved_view_name_once",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "shared"], name="saved_view_shared")]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this view."""
        return Ref("planning.saved_view", str(self.pk), self.name)

    @property
    def address(self) -> str:
        """Where it shows what it keeps; a calendar opens at today."""
        return f"{reverse(self.page)}?{self.query}"


class FirstView(models.Model):
    """The view a member's list of posts, or calendar, opens with; ``page`` is the view's."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=8, choices=SavedView.Page, default=SavedView.Page.POSTS)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "page"], name="first_view_once_a_page"),
        ]

    def __str__(self) -> str:
        return str(self.view)


class BulkRun(models.Model):
    """One change to many posts, kept for its member so that it can be taken back once.

    ``what`` is the verb's slug, ``kept`` a list of {"post": number, ...} with what its undo needs.
    What was done to each post is in the log, under that post; this names no post to anybody else.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    what = models.SlugField(max_length=20)
    kept = models.JSONField(default=list)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.what} of {len(self.kept)} posts"
