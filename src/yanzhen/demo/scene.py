"""What one scene of the demo is: a post, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass

PUBLISHED, SCHEDULED, PASSED = "published", "scheduled", "passed"
FINAL, LEAD, RETURNED, DRAFT, HELD = "final", "lead", "returned", "draft", "held"


@dataclass(frozen=True)
class Scene:
    """One post. ``day`` counts from today, ``hour`` is "HH:MM" in the account's zone ("" for none).

    "+H:MM" counts from now instead. ``stage`` is how far it has come, ``hours_waiting`` how long
    its level has had it already. ``before`` was returned once with ``asked``; ``note`` goes with
    the last decision.
    """

    day: int
    hour: str
    account: str
    author: str
    stage: str
    texts: tuple[str, ...]
    title: str = ""
    campaign: str = "travel-light"
    hours_waiting: float = 1.0
    note: str = ""
    before: tuple[str, ...] = ()
    asked: str = ""
