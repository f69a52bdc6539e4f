"""Who or what an event speaks of, as text, so that the log outlives the rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ref:
    """A stable id plus the label people saw at the time. ``type`` is "app.model"."""

    type: str
    id: str
    label: str


SYSTEM = Ref("system", "yanzhen", "Yanzhen")
"""The actor of what nobody did by hand: loops and the engine."""
