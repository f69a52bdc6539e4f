"""What a team keeps to write with: endings of posts, and rules for the tags on links."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.people.models import Member, Workspace

ENDING_TITLE = 80
MOST_ENDING = 500
MOST_VALUE = 80


class EndingKind(models.TextChoices):
    """What is put at the end of a post."""

    SIGNATURE = "signature", pgettext_lazy("ending", "Signature")
    HASHTAGS = "hashtags", pgettext_lazy("ending", "Hashtag group")


_Row = TypeVar("_Row", bound=models.Model)


class KeptQuerySet(models.QuerySet[_Row]):
    """Named reads of what is kept for writing."""

    def visible_to(self, member: Member) -> Self:
        """Rows of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def kept(self) -> Self:
        """Everything but what was removed."""
        return self.filter(removed_at=None)

    def meant_for(self, account_id: int) -> Self:
        """What stands for the account, and for all of them."""
        return self.filter(Q(account=None) | Q(account_id=account_id))


class EndingQuerySet(KeptQuerySet["Ending"]):
    """Endings."""


class LinkRuleQuerySet(KeptQuerySet["LinkRule"]):
    """Rules for links."""


class Kept(models.Model):
    """What both have. Without an account it is for all of them.

    ``revision`` counts changes: an older one is refused.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class Ending(Kept):
    """A signature or a group of hashtags. What was put into a post is the post's own."""

    kind = models.CharField(_("Kind"), max_length=12, choices=EndingKind)
    title = models.CharField(_("Name"), max_length=ENDING_TITLE)
    body = models.TextField(max_length=MOST_ENDING)

    objects = EndingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "kind", "title"], name="ending_by_title")]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """How the activity log names this ending."""
        return Ref("planning.ending", str(self.pk), self.title)


class LinkRule(Kept):
    """What links to some domains carry.

    ``domains`` is a list of lower-case names without www; what lies below one belongs to it. Values
    may hold the blanks of link_tags.BLANKS; an empty one is no parameter.
    """

    domains = models.JSONField(default=list)
    source = models.CharField(max_length=MOST_VALUE)
    medium = models.CharField(max_length=MOST_VALUE, blank=True)
    campaign = models.CharField(max_length=MOST_VALUE, blank=True)
    content = models.CharField(max_length=MOST_VALUE, blank=True)

    objects = LinkRuleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "removed_at"], name="link_rule_kept")]

    def __str__(self) -> str:
        return ", ".join(self.domains)

    @property
    def ref(self) -> Ref:
        """How the activity log names this rule."""
        return Ref("planning.link_rule", str(self.pk), str(self)[:120])

    @property
    def values(self) -> dict[str, str]:
        """The parameters by their names in a link, as they were written; empty ones too."""
        return {
            "utm_source": self.source,
            "utm_medium": self.medium,
            "utm_campaign": self.campaign,
            "utm_content": self.content,
        }
