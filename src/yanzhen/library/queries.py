"""Reading the library for its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yanzhen.library.decoding.likeness import NEAR_BITS, bits_apart
from yanzhen.library.facts import MediaKind
from yanzhen.library.models import Asset, Folder, MediaFile, MediaQuerySet, SavedText, Tag, Use
from yanzhen.library.models.texts import SavedTextQuerySet
from yanzhen.library.ports import Result, Used, results_of, uses_of
from yanzhen.library.searching import contains
from yanzhen.library.windows import ENDS_SOON, usable_at
from yanzhen.people.models import Member

#: What the list can be narrowed to, beside the kinds.
WITHOUT_ALT = "no-alt"
MOST_LOOKALIKES = 6
MOST_USES = 50


@dataclass(frozen=True)
class Shelf:
    """One way to narrow the list: its word in the address, and how many files it holds."""

    slug: str
    count: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What somebody asked the list for; what is empty asks for nothing.

    ``folder`` counts with all folders within; 0 is outside every folder. ``when``: soon, over,
    early, unused or archived.
    """

    shelf: str = ""
    words: str = ""
    folder: int | None = None
    tag: int | None = None
    owner: int | None = None
    licence: str = ""
    when: str = ""

    @property
    def any(self) -> bool:
        """Whether it asks for anything."""
        return self != Narrowing()


def within(folders: Sequence[Folder], pk: int) -> list[int]:
    """Return the number of a folder and those of all folders in it."""
    found = [pk]
    for each in found:
        found += [folder.pk for folder in folders if folder.parent_id == each]
    return found


def _on_shelves(
    member: Member, asked: Narrowing, folders: Sequence[Folder], now: datetime
) -> MediaQuerySet:
    """Return the files that fit everything but the kind."""
    rows: MediaQuerySet = MediaFile.objects.visible_to(member)
    if asked.when == "archived":
        rows = rows.filter(current=True, asset__archived_at__isnull=False)
    else:
        rows = rows.shelved()
    if asked.when == "unused":
        rows = rows.filter(~Exists(Use.objects.filter(media__asset=OuterRef("asset"))))
    rows = rows.filter(_in_time(asked.when, now), contains(asked.words, "asset__words"))
    if asked.folder is not None:
        place = Q(asset__folder__in=within(folders, asked.folder))
        rows = rows.filter(place if asked.folder else Q(asset__folder=None))
    if asked.tag is not None:
        rows = rows.filter(asset__tags=asked.tag)
    if asked.owner is not None:
        rows = rows.filter(asset__owner=asked.owner)
    if asked.licence:
        rows = rows.filter(asset__licence="" if asked.licence == "none" else asked.licence)
    return rows


def _in_time(when: str, now: datetime) -> Q:
    end = "asset__expires_at"
    return {
        "soon": Q(**{f"{end}__gt": now, f"{end}__lte": now + ENDS_SOON}),
        "over": Q(**{f"{end}__lte": now}),
        "early": Q(asset__available_at__gt=now),
    }.get(when, Q())


def narrowed(
    member: Member, asked: Narrowing, folders: Sequence[Folder], *, now: datetime
) -> MediaQuerySet:
    """Return the current files that fit, newest first, with owner, folder and tags loaded."""
    rows = _on_shelves(member, asked, folders, now).newest_first()
    rows = rows.select_related("asset__workspace", "asset__folder")
    rows = rows.prefetch_related("asset__tags").defer("said")
    if asked.shelf == WITHOUT_ALT:
        return rows.postable().filter(alt="")
    return rows.filter(kind=asked.shelf) if asked.shelf in MediaKind.values else rows


def shelves(
    member: Member, asked: Narrowing, folders: Sequence[Folder], *, now: datetime
) -> list[Shelf]:
    """Count what fits of each kind and without alt text, in one query. "" is all."""
    counts = {kind: Count("pk", filter=Q(kind=kind)) for kind in MediaKind.values}
    found = _on_shelves(member, asked, folders, now).aggregate(
        every=Count("pk"),
        without_alt=Count("pk", filter=Q(alt="") & ~Q(kind=MediaKind.DOCUMENT)),
        **counts,
    )
    return [
        Shelf("", found["every"]),
        *(Shelf(kind, found[kind]) for kind in MediaKind.values),
        Shelf(WITHOUT_ALT, found["without_alt"]),
    ]


@dataclass(frozen=True, slots=True)
class Branch:
    """A folder as the tree shows it: how deep it lies (0 at the top), and its path in words."""

    folder: Folder
    depth: int
    path: str
    count: int = 0


def tree_of(member: Member, *, counted: bool = False) -> list[Branch]:
    """Return all folders in the order of the tree, each under its parent. One query."""
    rows = Folder.objects.filter(workspace_id=member.workspace_id).order_by("name", "pk")
    if counted:
        rows = rows.annotate(held=Count("assets", filter=Q(assets__archived_at=None)))
    below: dict[int | None, list[Folder]] = {}
    for folder in rows:
        below.setdefault(folder.parent_id, []).append(folder)
    return _branches(below, None, 0, "")


def _branches(
    below: dict[int | None, list[Folder]], parent: int | None, depth: int, path: str
) -> list[Branch]:
    found = []
    for folder in below.get(parent, []):
        name = f"{path}{folder.name}"
        found.append(Branch(folder, depth, name, getattr(folder, "held", 0)))
        found += _branches(below, folder.pk, depth + 1, f"{name} / ")
    return found


def tags_in(member: Member) -> QuerySet[Tag]:
    """Return the workspace's tags in the order of their names."""
    return Tag.objects.filter(workspace_id=member.workspace_id).order_by("key")


def lookalikes(media: MediaFile, *, viewer: Member) -> list[MediaFile]:
    """Return other still images that look the same and ``viewer`` may see, the likest first.

    All hashes of the workspace are compared: 5,000 take a few milliseconds. Two queries at most.
    """
    if not media.likeness:
        return []
    others = MediaFile.objects.visible_to(viewer).shelved()
    others = others.exclude(likeness="").exclude(asset=media.asset_id)
    near = sorted(
        (bits_apart(media.likeness, other), pk)
        for pk, other in others.values_list("pk", "likeness")
    )
    likest = [pk for bits, pk in near if bits <= NEAR_BITS][:MOST_LOOKALIKES]
    rows = MediaFile.objects.select_related("asset").in_bulk(likest) if likest else {}
    return [rows[pk] for pk in likest]


@dataclass(frozen=True, slots=True)
class Hung:
    """Where a file is used, which version of it, and what came of it."""

    used: Used
    number: int
    results: Sequence[Result]


def where_used(asset: Asset, *, viewer: Member) -> list[Hung]:
    """Return what any version of the asset hangs on and ``viewer`` may see, the latest first."""
    rows = Use.objects.filter(media__asset=asset).order_by("-pk")
    found = list(rows.values_list("subject_type", "subject_id", "media__number")[:MOST_USES])
    hung: list[Hung] = []
    for kind in dict.fromkeys(kind for kind, _pk, _number in found):
        ids = [pk for each, pk, _number in found if each == kind]
        uses, results = uses_of(kind, ids, viewer=viewer), results_of(kind, ids)
        hung += [
            Hung(uses[pk], number, results.get(pk, ()))
            for each, pk, number in found
            if each == kind and pk in uses
        ]
    return hung


def texts_for(
    member: Member,
    *,
    words: str = "",
    kind: str = "",
    tag: int | None = None,
    when: str = "",
    now: datetime,
) -> SavedTextQuerySet:
    """Return the texts that fit, in the order of their titles. ``when``: over, soon or archived."""
    rows = SavedText.objects.visible_to(member).with_names()
    rows = rows.filter(contains(words), archived_at__isnull=when != "archived")
    if kind:
        rows = rows.filter(kind=kind)
    if tag is not None:
        rows = rows.filter(tags=tag)
    if when == "over":
        rows = rows.filter(expires_at__lte=now)
    elif when == "soon":
        rows = rows.filter(usable_at(now), expires_at__lte=now + ENDS_SOON)
    return rows
