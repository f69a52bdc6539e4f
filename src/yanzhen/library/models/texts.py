"""Texts to use again: templates to write from, and lines the team has agreed on."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.library.models.assets import MOST_WORDS, Tag
from yanzhen.library.windows import Standing, standing, usable_at, window_whole
from yanzhen.people.models import Member, Workspace

MOST_TITLE = 120
MOST_BODY = 4000


class TextKind(models.TextChoices):
    """What a text is for."""

    LINE = "line", pgettext_lazy("text", "Agreed line")
    TEMPLATE = "template", pgettext_lazy("text", "Template")


class SavedTextQuerySet(models.QuerySet["SavedText"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Texts of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def offered(self, at: datetime) -> Self:
        """What may be put into a post at ``at``: in its window, and a line only once agreed."""
        rows = self.filter(usable_at(at), archived_at=None)
        return rows.filter(Q(kind=TextKind.TEMPLATE) | Q(approved_by__isnull=False))

    def with_names(self) -> Self:
        """With all names loaded, in the order of their titles."""
        rows = self.select_related("owner__user", "approved_by__user", "pair")
        return rows.prefetch_related("tags").order_by("title", "pk")


class SavedText(models.Model):
    """A text to use again. ``{product}`` in the body is asked when it is inserted.

    ``language`` is a BCP 47 tag. ``pair`` is the same in another language, and points back.
    ``approved_by`` agreed on exactly this title, body and language; a change takes it away.
    ``revision`` counts changes: an older one is refused.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="texts")
    kind = models.CharField(_("Kind"), max_length=8, choices=TextKind)
    title = models.CharField(pgettext_lazy("library", "Title"), max_length=MOST_TITLE)
    body = models.TextField(pgettext_lazy("library", "Text"), max_length=MOST_BODY)
    language = models.CharField(_("Language"), max_length=35)
    pair = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    tags = models.ManyToManyField(Tag, blank=True, related_name="texts")
    available_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    words = models.TextField(max_length=MOST_WORDS, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = SavedTextQuerySet.as_manager()

    class Meta:
        constraints = [
            window_whole("text_window_whole"),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="text_approval_whole",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "kind", "title"], name="text_by_title")]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """How the activity log names this text."""
        return Ref("library.savedtext", str(self.pk), self.title)

    def standing(self, at: datetime) -> Standing:
        """Tell whether its window is open at ``at`` (aware)."""
        return standing(self.available_at, self.expires_at, at)
