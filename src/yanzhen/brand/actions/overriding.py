"""Letting an error stand, once, for one text, with a name and a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import record
from yanzhen.brand.events import RULE_OVERRIDDEN, RuleOverridden
from yanzhen.brand.models import LONGEST_REASON, BrandFramework, Override
from yanzhen.brand.rules import RuleSpec
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require


class ReasonMissing(Exception):
    """An error is not let stand without a reason."""


class RuleGone(Exception):
    """The live version has no such rule: it was changed or taken out meanwhile."""


@transaction.atomic
def override_rule(
    rule: RuleSpec,
    *,
    subject: Ref,
    digest: str,
    reason: str,
    by: Member,
    now: datetime,
    account_id: int | None = None,
) -> Override:
    """Let the text with that ``digest`` stand against a rule of the live version.

    ``subject`` is what the text belongs to, for the log; ``account_id`` the account it would go out
    on, by number. Doing it twice does it once. Raises
    NotAllowed, ReasonMissing and RuleGone.
    """
    require(by, Decision.BRAND_OVERRIDE, workspace_id=by.workspace_id, account_id=account_id)
    reason = clean_text(reason).strip()[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing
    framework = (
        BrandFramework.objects.select_for_update(of=("self",))
        .select_related("live")
        .filter(workspace_id=by.workspace_id)
        .first()
    )
    live = framework.live if framework else None
    if live is None or rule not in live.specs:
        raise RuleGone
    override, made = Override.objects.get_or_create(
        workspace_id=by.workspace_id,
        digest=digest,
        rule_print=rule.fingerprint,
        defaults={"rule_key": rule.key, "reason": reason, "by": by, "at": now},
    )
    if made:
        record(
            RULE_OVERRIDDEN,
            RuleOverridden(
                rule=rule.title,
                key=rule.key,
                rule_print=override.rule_print,
                digest=digest,
                framework=live.number,
                reason=reason,
            ),
            actor=by.ref,
            subject=subject,
            workspace_id=by.workspace_id,
            at=now,
        )
    return override
