"""Publishing the draft: from here on texts are checked against it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.brand.actions.drafting import StaleRule, lock_framework
from yanzhen.brand.comparing import changes, in_order
from yanzhen.brand.events import FRAMEWORK_PUBLISHED, FrameworkPublished
from yanzhen.brand.models import FrameworkVersion
from yanzhen.brand.rules import digest_of
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require


class NothingNew(Exception):
    """The draft says what the live version says."""


@transaction.atomic
def publish_framework(*, note: str, seen: int, by: Member, now: datetime) -> FrameworkVersion:
    """Make the draft a version that never changes, and the one that counts.

    ``seen`` is the draft's revision that was shown. Raises NotAllowed, NothingNew, StaleRule.
    """
    require(by, Decision.BRAND_EDIT, workspace_id=by.workspace_id)
    framework = lock_framework(by.workspace_id)
    if framework.revision != seen:
        raise StaleRule
    before = framework.live
    rules = in_order(rule.spec for rule in framework.rules.all())
    found = changes(before.specs if before else [], rules)
    if not found:
        raise NothingNew
    version = FrameworkVersion.objects.create(
        framework=framework,
        number=(before.number if before else 0) + 1,
        rules=[rule.as_json() for rule in rules],
        digest=digest_of(rules),
        note=clean_text(note).strip(),
        published_by=by,
        published_at=now,
    )
    framework.live = version
    framework.save(update_fields=["live"])
    fates = [change.fate for change in found]
    record(
        FRAMEWORK_PUBLISHED,
        FrameworkPublished(
            rules=len(rules),
            added=fates.count("added"),
            changed=fates.count("changed"),
            removed=fates.count("removed"),
            note=version.note,
        ),
        actor=by.ref,
        subject=version.ref,
        workspace_id=framework.workspace_id,
        at=now,
    )
    return version
