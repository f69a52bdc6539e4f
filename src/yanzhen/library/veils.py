"""What the library keeps from some members: rooms above say here which files, and from whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet

from yanzhen.people.models import Member

#: Returns the numbers of the files kept from a member, as a query to stand inside another.
Veil = Callable[[Member], "QuerySet[Any, int]"]
_veils: list[Veil] = []


def veil(hidden: Veil) -> None:
    """Keep the files that ``hidden`` names from the member it is asked about."""
    _veils.append(hidden)


def veils(member: Member) -> Iterator[QuerySet[Any, int]]:
    """Yield what each room keeps from ``member``."""
    for hidden in _veils:
        yield hidden(member)
