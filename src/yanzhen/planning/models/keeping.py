"""What members keep of the list of posts: views under a name, and changes they may take back."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.people.models import Member, Workspace

NAME_LENGTH = 40
#: 200 characters of a search, twelve bytes each as an address writes them, and the other filters.
QUERY_LENGTH = 2600


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """The member's own, and those shared with the workspace."""
        rows = self.filter(workspace_id=member.workspace_id)
        return rows.filter(Q(owner=member) | Q(shared=True))


class SavedView(models.Model):
    """Filters of the list of posts under a name. ``query`` is NarrowForm's, without empty parts."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
        ]
        indexes = [models.Index(fields=["workspace", "shared"], name="saved_view_shared")]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this view."""
        return Ref("planning.saved_view", str(self.pk), self.name)


class FirstView(models.Model):
    """The view a member's list opens with."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

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
