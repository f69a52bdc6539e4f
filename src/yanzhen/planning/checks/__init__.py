"""What the desk checks while somebody writes, and again before the post goes to review."""

from __future__ import annotations

from yanzhen.planning.checks import brand, links, money, others, parts, terms, texts
from yanzhen.planning.checks.circumstances import Circumstances, Kin, Twin
from yanzhen.planning.checks.findings import Check, CheckKind, Findings, Way
from yanzhen.planning.content import Content, PostKind

__all__ = ["Check", "CheckKind", "Circumstances", "Findings", "Kin", "Twin", "Way", "find"]


def find(content: Content, around: Circumstances) -> Findings:
    """Check all of a post for the account it is meant for. A repost has no words to check."""
    if content.kind == PostKind.REPOST:
        return Findings([money.price(content, around)])
    checks = [
        *texts.check(content, around),
        *parts.check(content, around),
        *terms.check(content, around),
        *brand.check(around),
        *links.check(content, around),
        *others.check(content, around),
        money.price(content, around),
    ]
    grave = list(CheckKind)
    return Findings(sorted(checks, key=lambda check: grave.index(check.kind)))
