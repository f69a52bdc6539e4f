"""Rules and frameworks for tests, made through the actions."""

from __future__ import annotations

from yanzhen.brand.actions.drafting import import_rules
from yanzhen.brand.actions.publishing import publish_framework
from yanzhen.brand.models import BrandFramework, FrameworkVersion
from yanzhen.brand.rules import Language, RuleKind, RuleSpec, Severity
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW


def rule(kind: str, title: str = "A rule", *phrases: str, **more) -> RuleSpec:
    """A rule as somebody would write it: an error for texts in any language."""
    given = {"severity": Severity.ERROR, "language": Language.ANY, "why": "Because.", **more}
    return RuleSpec(key=0, kind=RuleKind(kind), title=title, phrases=phrases, **given)


def revision_of(member: Member) -> int:
    """Return the revision of the draft that the member would have seen."""
    found = BrandFramework.objects.filter(workspace=member.workspace_id).first()
    return found.revision if found else 0


def publish(by: Member, *rules: RuleSpec, note: str = "As we speak") -> FrameworkVersion:
    """Let exactly these rules count."""
    import_rules(rules, replacing=True, by=by, now=NOW)
    return publish_framework(note=note, seen=revision_of(by), by=by, now=NOW)
