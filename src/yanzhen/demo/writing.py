"""The demo's tools for writing: what posts end with, and the tags that links carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.actions.equipping import (
    EndingWords,
    LinkRuleWords,
    keep_ending,
    keep_link_rule,
)
from yanzhen.planning.models import EndingKind

ENDINGS = (
    (EndingKind.SIGNATURE, "Travel light", "— The Ferrow team. Travel light.", None),
    (EndingKind.SIGNATURE, "中文落款", "——轻装出发，Ferrow", "zh"),
    (EndingKind.HASHTAGS, "Seat 7A", "#Seat7A #TravelLight #Ferrow", None),
    (EndingKind.HASHTAGS, "七号座位", "#轻装出发 #靠窗座位", "zh"),
)


def keep_writing_kit(accounts: Mapping[str, Account], *, by: Member, now: datetime) -> None:
    """Keep signatures, groups of hashtags and one rule for the brand's own site."""
    for kind, title, body, account in ENDINGS:
        words = EndingWords(kind, title, body, accounts[account] if account else None)
        keep_ending(None, words=words, revision=0, by=by, now=now)
    rule = LinkRuleWords(["ferrow.example"], "x", "social", "{campaign}", "{account}", None)
    keep_link_rule(None, words=rule, revision=0, by=by, now=now)
