"""The framework of a workspace: its draft as rows, its versions as they were published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Never, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.brand.rules import Language, RuleKind, RuleSpec, Severity
from yanzhen.people.models import Member, Workspace

LONGEST_TITLE = 120
LONGEST_WHY = 600
LONGEST_NOTE = 300
LONGEST_REASON = 600


class BrandFramework(models.Model):
    """One for each workspace. Its rules are the draft; ``live`` is what texts are checked against.

    ``next_key`` is the number the next new rule gets; none is used twice. ``revision`` rises with
    every change of the draft, so that nobody publishes what they have not seen.
    """

    workspace = models.OneToOneField(Workspace, on_delete=models.PROTECT, related_name="framework")
    live = models.ForeignKey(
        "brand.FrameworkVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    next_key = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"framework of workspace {self.workspace_id}"

    @property
    def ref(self) -> Ref:
        """How the activity log names it."""
        return Ref("brand.framework", str(self.pk), str(_("Brand framework")))


class RuleQuerySet(models.QuerySet["Rule"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Rules of the member's workspace."""
        return self.filter(framework__workspace_id=member.workspace_id)


class Rule(models.Model):
    """One rule of the draft; see rules.RuleSpec for what the fields say."""

    framework = models.ForeignKey(BrandFramework, on_delete=models.CASCADE, related_name="rules")
    key = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=RuleKind)
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.WARNING)
    language = models.CharField(max_length=10, choices=Language, default=Language.ANY)
    title = models.CharField(max_length=LONGEST_TITLE)
    why = models.CharField(max_length=LONGEST_WHY, blank=True)
    phrases = models.JSONField(default=list, blank=True)
    needs = models.JSONField(default=list, blank=True)
    unless = models.JSONField(default=list, blank=True)
    replacement = models.CharField(max_length=120, blank=True)
    most = models.PositiveSmallIntegerField(null=True, blank=True)
    least_width = models.PositiveIntegerField(default=0)
    least_height = models.PositiveIntegerField(default=0)
    ratios = models.JSONField(default=list, blank=True)
    exact_case = models.BooleanField(default=False)
    inflect = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=0)

    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "key"], name="brand_rule_key_once"),
            models.CheckConstraint(
                condition=Q(kind__in=RuleKind.values, severity__in=Severity.values)
                & Q(language__in=Language.values),
                name="brand_rule_words_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def spec(self) -> RuleSpec:
        """All of it as a value."""
        names = RuleSpec.__dataclass_fields__
        return RuleSpec.read({name: getattr(self, name) for name in names})


class FrameworkVersion(models.Model):
    """What was published once, kept for ever. ``rules`` is a list of RuleSpec.as_json,
    ``digest`` (hex SHA-256) is of all they say.
    """

    framework = models.ForeignKey(BrandFramework, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rules = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    published_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="brand_version_once"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to change a version."""
        if not self._state.adding:
            raise TypeError("versions never change")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refuse."""
        raise TypeError("versions never go")

    @property
    def ref(self) -> Ref:
        """How the activity log names this version."""
        return Ref("brand.version", str(self.pk), str(self))

    @property
    def specs(self) -> Sequence[RuleSpec]:
        """The rules as values, in the order of the page."""
        return [RuleSpec.read(each) for each in self.rules]


class Override(models.Model):
    """An error that was let stand: one rule as it was, on one text as it is.

    ``digest`` (hex SHA-256) is of everything an approval would be for, ``rule_print`` of everything
    the rule says. Other words, or another rule, and it holds no longer.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="overrides")
    rule_key = models.PositiveIntegerField()
    rule_print = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=LONGEST_REASON)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "digest", "rule_print"], name="brand_override_once"
            ),
        ]

    def __str__(self) -> str:
        return f"rule {self.rule_key} overridden"
