"""What a view of this room carries beside its door, and what the session keeps of a person."""

from __future__ import annotations

from yanzhen.people.gate import View

#: In the session: the person has a second factor, so that not every page asks for it again.
HAS_FACTOR = "signin.has_factor"


def before_factor(view: View) -> View:
    """Mark a view that somebody may open who still has to set up a second factor."""
    view.before_factor = True  # type: ignore[attr-defined]  # how a view carries its mark
    return view
