"""What changed between two sets of rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from yanzhen.brand.rules import RuleKind, RuleSpec


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that is new (``before`` None), gone (``after`` None) or other than it was.

    ``fields`` names what differs.
    """

    before: RuleSpec | None
    after: RuleSpec | None
    fields: tuple[str, ...] = ()

    @property
    def rule(self) -> RuleSpec:
        """The rule, as it is or was."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 -- a change has one side at least
        return found

    @property
    def fate(self) -> str:
        """Return "added", "removed" or "changed"."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


_NAMES = tuple(each.name for each in fields(RuleSpec))
_PLACES = {kind: at for at, kind in enumerate(RuleKind)}


def in_order(rules: Iterable[RuleSpec]) -> list[RuleSpec]:
    """Sort rules as the page shows them: by kind, then as they were written."""
    return sorted(rules, key=lambda rule: (_PLACES[rule.kind], rule.key))


def changes(before: Sequence[RuleSpec], after: Sequence[RuleSpec]) -> list[Change]:
    """Return what became of every rule that is not as it was, in the order of the page."""
    old = {rule.key: rule for rule in before}
    new = {rule.key: rule for rule in after}
    found = []
    for key in {**old, **new}:
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            found.append(Change(was, now))
        elif was != now:
            differs = tuple(name for name in _NAMES if getattr(was, name) != getattr(now, name))
            found.append(Change(was, now, differs))
    return sorted(found, key=lambda each: (_PLACES[each.rule.kind], each.rule.key))
