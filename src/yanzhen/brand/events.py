"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class RuleChanged:
    """``before`` and ``after`` are RuleSpec.as_json; {} for a rule that was not, or is no more."""

    rule: str
    before: dict[str, object]
    after: dict[str, object]


@dataclass(frozen=True, slots=True)
class RulesReplaced:
    """Many rules of the draft at once. ``count`` is how many it has now."""

    count: int
    number: int


@dataclass(frozen=True, slots=True)
class FrameworkPublished:
    """How many rules it has, and what became of those before."""

    rules: int
    added: int
    changed: int
    removed: int
    note: str


@dataclass(frozen=True, slots=True)
class RuleOverridden:
    """``digest`` is of the text, ``rule_print`` of the rule. ``framework`` a version's number."""

    rule: str
    key: int
    rule_print: str
    digest: str
    framework: int
    reason: str


RULE_ADDED = announce(
    Kind("brand.rule_added", RuleChanged, _("%(actor)s wrote the brand rule “%(rule)s”"))
)
RULE_CHANGED = announce(
    Kind("brand.rule_changed", RuleChanged, _("%(actor)s changed the brand rule “%(rule)s”"))
)
RULE_REMOVED = announce(
    Kind("brand.rule_removed", RuleChanged, _("%(actor)s took out the brand rule “%(rule)s”"))
)
RULES_IMPORTED = announce(
    Kind("brand.rules_imported", RulesReplaced, _("%(actor)s imported %(number)s brand rules"))
)
DRAFT_DISCARDED = announce(
    Kind(
        "brand.draft_discarded",
        RulesReplaced,
        _("%(actor)s took back all changes since version %(number)s of the brand framework"),
    )
)
VERSION_RESTORED = announce(
    Kind(
        "brand.version_restored",
        RulesReplaced,
        _("%(actor)s took version %(number)s of the brand framework as the draft"),
    )
)
FRAMEWORK_PUBLISHED = announce(
    Kind(
        "brand.published",
        FrameworkPublished,
        _("%(actor)s published %(subject)s of the brand framework"),
    )
)
RULE_OVERRIDDEN = announce(
    Kind(
        "brand.rule_overridden",
        RuleOverridden,
        _("%(actor)s let “%(subject)s” stand against the brand rule “%(rule)s”: %(reason)s"),
    )
)
