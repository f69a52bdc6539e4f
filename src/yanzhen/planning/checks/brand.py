"""The brand framework: what it says of the text, as findings like all others."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yanzhen.brand.rules import Severity
from yanzhen.brand.words import title_of
from yanzhen.planning.checks.circumstances import Circumstances
from yanzhen.planning.checks.findings import Check, CheckKind

_KINDS = {
    Severity.ERROR: CheckKind.STOP,
    Severity.WARNING: CheckKind.LOOK,
    Severity.HINT: CheckKind.HINT,
}


def check(around: Circumstances) -> Iterator[Check]:
    """Say what the framework found. An error that somebody let stand asks only for a look."""
    for judged in around.brand:
        finding, override = judged.finding, judged.override
        kind = _KINDS[finding.rule.severity]
        text = finding.rule.why
        if override is not None:
            kind = CheckKind.LOOK
            words = {"name": override.by, "reason": override.reason}
            text = _("%(name)s let it stand: %(reason)s") % words
        yield Check(kind, title_of(finding), text, finding.segment, brand=judged)
