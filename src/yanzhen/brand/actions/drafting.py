"""Changing the draft of the framework. Nothing here is checked against until it is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.brand.events import (
    DRAFT_DISCARDED,
    RULE_ADDED,
    RULE_CHANGED,
    RULE_REMOVED,
    RULES_IMPORTED,
    VERSION_RESTORED,
    RuleChanged,
    RulesReplaced,
)
from yanzhen.brand.models import BrandFramework, FrameworkVersion, Rule
from yanzhen.brand.rules import MOST_RULES, RuleSpec
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require


class StaleRule(Exception):
    """Somebody else changed the rule, or the draft, since it was shown."""


class TooManyRules(Exception):
    """The framework would have more than MOST_RULES rules."""


def lock_framework(workspace_id: int) -> BrandFramework:
    """Return the workspace's framework, locked for the caller's transaction; made when new."""
    BrandFramework.objects.get_or_create(workspace_id=workspace_id)
    return BrandFramework.objects.select_for_update(of=("self",)).get(workspace_id=workspace_id)


def _touch(framework: BrandFramework) -> None:
    framework.revision += 1
    framework.save(update_fields=["revision", "next_key"])


def _row(framework: BrandFramework, spec: RuleSpec) -> Rule:
    return Rule(framework=framework, **spec.as_json())


def _tell(
    kind: Kind,
    framework: BrandFramework,
    before: RuleSpec | None,
    after: RuleSpec | None,
    *,
    by: Member,
    now: datetime,
) -> None:
    named = after or before
    record(
        kind,
        RuleChanged(
            rule=named.title if named else "",
            before=before.as_json() if before else {},
            after=after.as_json() if after else {},
        ),
        actor=by.ref,
        subject=framework.ref,
        workspace_id=framework.workspace_id,
        at=now,
    )


@transaction.atomic
def add_rule(spec: RuleSpec, *, by: Member, now: datetime) -> Rule:
    """Write a new rule into the draft; its key is given here. Raises NotAllowed, TooManyRules."""
    require(by, Decision.BRAND_EDIT, workspace_id=by.workspace_id)
    framework = lock_framework(by.workspace_id)
    if framework.rules.count() >= MOST_RULES:
        raise TooManyRules
    spec = replace(spec, key=framework.next_key)
    framework.next_key += 1
    rule = _row(framework, spec)
    rule.save()
    _touch(framework)
    _tell(RULE_ADDED, framework, None, spec, by=by, now=now)
    return rule


@transaction.atomic
def change_rule(rule: Rule, spec: RuleSpec, *, seen: int, by: Member, now: datetime) -> Rule:
    """Say something else in a rule; its key and kind stay. Changing nothing records nothing.

    ``seen`` is the rule's revision that was shown. Raises NotAllowed and StaleRule.
    """
    framework = _framework_of(rule, by)
    row = Rule.objects.filter(pk=rule.pk).first()
    if row is None or row.revision != seen:
        raise StaleRule
    before = row.spec
    spec = replace(spec, key=row.key, kind=before.kind)
    if spec == before:
        return row
    changed = _row(framework, spec)
    changed.pk, changed.revision = row.pk, row.revision + 1
    changed.save(force_update=True)
    _touch(framework)
    _tell(RULE_CHANGED, framework, before, spec, by=by, now=now)
    return changed


def _framework_of(rule: Rule, by: Member) -> BrandFramework:
    """Ask the right and lock the framework a rule belongs to."""
    workspace_id = rule.framework.workspace_id
    require(by, Decision.BRAND_EDIT, workspace_id=workspace_id)
    return lock_framework(workspace_id)


@transaction.atomic
def remove_rule(rule: Rule, *, by: Member, now: datetime) -> None:
    """Take a rule out of the draft; nothing when it is gone already. Raises NotAllowed."""
    framework = _framework_of(rule, by)
    row = Rule.objects.filter(pk=rule.pk).first()
    if row is None:
        return
    before = row.spec
    row.delete()
    _touch(framework)
    _tell(RULE_REMOVED, framework, before, None, by=by, now=now)


@transaction.atomic
def put_back_rule(key: int, *, by: Member, now: datetime) -> None:
    """Bring one rule of the draft back to what the live version says of it.

    Nothing when the live version does not know it. Raises NotAllowed.
    """
    require(by, Decision.BRAND_EDIT, workspace_id=by.workspace_id)
    framework = lock_framework(by.workspace_id)
    live = framework.live
    spec = next((each for each in live.specs if each.key == key), None) if live else None
    row = framework.rules.filter(key=key).first()
    before = row.spec if row else None
    if spec is None or spec == before:
        return
    back = _row(framework, spec)
    if row is not None:
        back.pk, back.revision = row.pk, row.revision + 1
    back.save()
    _touch(framework)
    _tell(RULE_CHANGED if row else RULE_ADDED, framework, before, spec, by=by, now=now)


def _put(framework: BrandFramework, specs: Sequence[RuleSpec]) -> None:
    """Let the draft have exactly these rules."""
    framework.rules.all().delete()
    Rule.objects.bulk_create(_row(framework, spec) for spec in specs)
    _touch(framework)


def _tell_many(
    kind: Kind, framework: BrandFramework, number: int, *, by: Member, now: datetime
) -> None:
    record(
        kind,
        RulesReplaced(count=framework.rules.count(), number=number),
        actor=by.ref,
        subject=framework.ref,
        workspace_id=framework.workspace_id,
        at=now,
    )


@transaction.atomic
def import_rules(
    specs: Sequence[RuleSpec], *, replacing: bool, by: Member, now: datetime
) -> Sequence[RuleSpec]:
    """Add many rules to the draft at once, or put them in place of all it has; with new keys.

    A rule that says what one of the draft says already keeps that one's key, so that importing what
    was exported changes nothing. Raises NotAllowed and TooManyRules.
    """
    require(by, Decision.BRAND_EDIT, workspace_id=by.workspace_id)
    framework = lock_framework(by.workspace_id)
    kept = [rule.spec for rule in framework.rules.order_by("key")]
    known = {replace(spec, key=0): spec for spec in kept}
    fresh, same = [], []
    for spec in dict.fromkeys(replace(spec, key=0) for spec in specs):
        if spec in known:
            same.append(known[spec])
            continue
        fresh.append(replace(spec, key=framework.next_key))
        framework.next_key += 1
    every = [*same, *fresh] if replacing else [*kept, *fresh]
    if len(every) > MOST_RULES:
        raise TooManyRules
    _put(framework, every)
    _tell_many(RULES_IMPORTED, framework, len(specs), by=by, now=now)
    return fresh


@transaction.atomic
def discard_draft(*, seen: int, by: Member, now: datetime) -> None:
    """Take back every change since the live version. Raises NotAllowed and StaleRule."""
    require(by, Decision.BRAND_EDIT, workspace_id=by.workspace_id)
    framework = lock_framework(by.workspace_id)
    if framework.revision != seen:
        raise StaleRule
    live = framework.live
    _put(framework, live.specs if live else [])
    _tell_many(DRAFT_DISCARDED, framework, live.number if live else 0, by=by, now=now)


@transaction.atomic
def restore_version(version: FrameworkVersion, *, by: Member, now: datetime) -> None:
    """Make the rules of an older version the draft, to be looked at and published.

    Raises NotAllowed.
    """
    workspace_id = version.framework.workspace_id
    require(by, Decision.BRAND_EDIT, workspace_id=workspace_id)
    framework = lock_framework(workspace_id)
    _put(framework, version.specs)
    _tell_many(VERSION_RESTORED, framework, version.number, by=by, now=now)
