"""What a team writes with: signatures, groups of hashtags, and rules for the tags on links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.events import (
    ENDING_KEPT,
    ENDING_REMOVED,
    LINK_RULE_KEPT,
    LINK_RULE_REMOVED,
    EndingKept,
    LinkRuleKept,
)
from yanzhen.planning.models import Ending, EndingKind, LinkRule

#: So many of a kind a workspace may keep; every one is read when a post is checked or written.
MOST_KEPT = 100


class ChangedMeanwhile(Exception):
    """Somebody changed or removed it since it was shown; nothing was overwritten."""


class TooManyKept(Exception):
    """The workspace has MOST_KEPT; one must be removed first."""


@dataclass(frozen=True, slots=True)
class EndingWords:
    """All that is said of an ending; ``body`` is clean and, for hashtags, one line of them."""

    kind: EndingKind
    title: str
    body: str
    account: Account | None


@dataclass(frozen=True, slots=True)
class LinkRuleWords:
    """All that is said of a rule, clean: see LinkRule."""

    domains: Sequence[str]
    source: str
    medium: str
    campaign: str
    content: str
    account: Account | None


@transaction.atomic
def keep_ending(
    ending: Ending | None, *, words: EndingWords, revision: int, by: Member, now: datetime
) -> Ending:
    """Save an ending that is still at ``revision``, or a new one. The kind never changes.

    Raises NotAllowed (also for an account of another workspace), ChangedMeanwhile, TooManyKept.
    """
    require(by, Decision.LIBRARY_EDIT, workspace_id=by.workspace_id)
    _own_account(words.account, Decision.LIBRARY_EDIT, by=by)
    if ending is None:
        row = Ending(workspace_id=by.workspace_id, kind=words.kind)
        if Ending.objects.visible_to(by).kept().count() >= MOST_KEPT:
            raise TooManyKept
    else:
        require(by, Decision.LIBRARY_EDIT, workspace_id=ending.workspace_id)
        row = Ending.objects.select_for_update().get(pk=ending.pk)
        _still(row, revision)
    row.title, row.body, row.account = words.title, words.body, words.account
    row.changed_at, row.changed_by, row.revision = now, by, row.revision + 1
    row.save()
    _tell_ending(row, by=by, now=now)
    return row


@transaction.atomic
def remove_ending(ending: Ending, *, removed: bool, by: Member, now: datetime) -> Ending:
    """Take an ending off the list, or put it back. Posts keep what they say. Raises NotAllowed."""
    require(by, Decision.LIBRARY_EDIT, workspace_id=ending.workspace_id)
    row = Ending.objects.select_for_update().get(pk=ending.pk)
    if (row.removed_at is not None) != removed:
        row.removed_at = now if removed else None
        row.revision += 1
        row.save(update_fields=["removed_at", "revision"])
        _tell_ending(row, by=by, now=now)
    return row


@transaction.atomic
def keep_link_rule(
    rule: LinkRule | None, *, words: LinkRuleWords, revision: int, by: Member, now: datetime
) -> LinkRule:
    """Save a rule that is still at ``revision``, or a new one. Raises as keep_ending does."""
    require(by, Decision.PLAN_THEME, workspace_id=by.workspace_id)
    _own_account(words.account, Decision.PLAN_THEME, by=by)
    if rule is None:
        row = LinkRule(workspace_id=by.workspace_id)
        if LinkRule.objects.visible_to(by).kept().count() >= MOST_KEPT:
            raise TooManyKept
    else:
        require(by, Decision.PLAN_THEME, workspace_id=rule.workspace_id)
        row = LinkRule.objects.select_for_update().get(pk=rule.pk)
        _still(row, revision)
    row.domains, row.account = list(words.domains), words.account
    row.source, row.medium = words.source, words.medium
    row.campaign, row.content = words.campaign, words.content
    row.changed_at, row.changed_by, row.revision = now, by, row.revision + 1
    row.save()
    _tell_rule(row, by=by, now=now)
    return row


@transaction.atomic
def remove_link_rule(rule: LinkRule, *, removed: bool, by: Member, now: datetime) -> LinkRule:
    """Take a rule off, or put it back. Links in posts stay as they are. Raises NotAllowed."""
    require(by, Decision.PLAN_THEME, workspace_id=rule.workspace_id)
    row = LinkRule.objects.select_for_update().get(pk=rule.pk)
    if (row.removed_at is not None) != removed:
        row.removed_at = now if removed else None
        row.revision += 1
        row.save(update_fields=["removed_at", "revision"])
        _tell_rule(row, by=by, now=now)
    return row


def _own_account(account: Account | None, decision: Decision, *, by: Member) -> None:
    if account is not None:
        require(by, decision, workspace_id=account.workspace_id, account_id=account.pk)


def _still(row: Ending | LinkRule, revision: int) -> None:
    if row.revision != revision or row.removed_at is not None:
        raise ChangedMeanwhile(str(row.pk))


def _tell_ending(row: Ending, *, by: Member, now: datetime) -> None:
    record(
        ENDING_KEPT if row.removed_at is None else ENDING_REMOVED,
        EndingKept(kind=row.kind, account=str(row.account or ""), body=row.body),
        actor=by.ref,
        subject=row.ref,
        workspace_id=row.workspace_id,
        at=now,
    )


def _tell_rule(row: LinkRule, *, by: Member, now: datetime) -> None:
    record(
        LINK_RULE_KEPT if row.removed_at is None else LINK_RULE_REMOVED,
        LinkRuleKept(account=str(row.account or ""), domains=list(row.domains), values=row.values),
        actor=by.ref,
        subject=row.ref,
        workspace_id=row.workspace_id,
        at=now,
    )
