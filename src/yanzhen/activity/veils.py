"""What the log keeps from some members: rooms above say here which things are veiled from whom.

The log itself stays whole. Lines about a veiled thing are left out of what such a member reads,
rather than shown without words: a search of the log must not tell that a word stands in them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.db.models import CharField, Exists, Q, QuerySet
from django.db.models.functions import Cast


class Viewer(Protocol):
    """A member who reads."""

    @property
    def pk(self) -> int:
        """The member's number."""
        ...

    @property
    def workspace_id(self) -> int:
        """The one workspace the member reads in."""
        ...


#: Returns what is veiled from a member as a query, to stand inside another.
Veil = Callable[[Any], "QuerySet[Any, Any]"]
_veils: dict[str, tuple[Veil, str]] = {}
#: What each veil follows from, by its type.
_grounds: dict[str, Veil] = {}
#: Every page counts unread notices, and notices are about few types of things.
_told: set[str] = set()


def veil(
    subject_type: str, hidden: Veil, *, ground: Veil, column: str = "pk", told: bool = False
) -> None:
    """Keep lines about things of ``subject_type`` from whom ``hidden`` names them.

    ``ground`` is what the veil follows from: while it is empty for a member, nothing of this type
    is veiled from them. ``column`` holds the things' numbers in what ``hidden`` returns; ``told``
    says that members get notices about such things. Raises ValueError when the type has a veil.
    """
    if subject_type in _veils:
        raise ValueError(f"duplicate veil of {subject_type}")
    _veils[subject_type] = (hidden, column)
    _grounds[subject_type] = ground
    if told:
        _told.add(subject_type)


def any_stands(viewer: Viewer, *, told: bool = False) -> Q:
    """Return what is true while anything at all may be veiled from ``viewer``; no query of its own.

    For what every page asks: the query with all the veils in it takes longer to write than to run.
    """
    stands = Q(pk__in=())
    for ground in {ground for of, ground in _grounds.items() if not told or of in _told}:
        stands |= Q(Exists(ground(viewer)))
    return stands


def veiled_from(viewer: Viewer, *, told: bool = False) -> Q:
    """Return what matches the events kept from ``viewer``; costs no query of its own.

    ``told`` looks at those only that notices are about.
    """
    kept = Q(pk__in=())
    for subject_type, (hidden, column) in _veils.items():
        if told and subject_type not in _told:
            continue
        texts = hidden(viewer).annotate(subject=Cast(column, CharField())).values("subject")
        kept |= Q(subject_type=subject_type, subject_id__in=texts)
    return kept
