"""Reading the library for its pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from yanzhen.library.facts import MediaKind
from yanzhen.library.models import MediaFile
from yanzhen.people.models import Member

#: What the list can be narrowed to, beside the kinds.
WITHOUT_ALT = "no-alt"


@dataclass(frozen=True)
class Shelf:
    """One way to narrow the list: its word in the address, and how many files it holds."""

    slug: str
    count: int


def narrowed(member: Member, shelf: str) -> QuerySet[MediaFile]:
    """Return the workspace's files, newest first: of one kind, without alt text, or all."""
    rows = MediaFile.objects.visible_to(member).newest_first()
    if shelf == WITHOUT_ALT:
        return rows.filter(alt="")
    return rows.filter(kind=shelf) if shelf in MediaKind.values else rows


def shelves(member: Member) -> list[Shelf]:
    """Count the files of each kind and those without alt text, in one query. "" is all."""
    counts = {kind: Count("pk", filter=Q(kind=kind)) for kind in MediaKind.values}
    found = MediaFile.objects.visible_to(member).aggregate(
        every=Count("pk"), without_alt=Count("pk", filter=Q(alt="")), **counts
    )
    return [
        Shelf("", found["every"]),
        *(Shelf(kind, found[kind]) for kind in MediaKind.values),
        Shelf(WITHOUT_ALT, found["without_alt"]),
    ]
