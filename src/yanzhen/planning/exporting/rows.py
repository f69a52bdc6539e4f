"""Posts as rows of a sheet: our own columns, which the import reads back, and what it ignores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from yanzhen.planning.models import PostQuerySet
from yanzhen.planning.states import PostState

_COLUMNS = (
    *("pk", "account__handle", "due_wall", "due_zone", "due_fold", "draft__texts", "title"),
    *("campaign__name", "state", "author__user__name"),
)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Rows:
    """A header and the rows under it, read from the database while they are written."""

    header: Sequence[str]
    cells: Iterator[Sequence[str]]


def rows_of(posts: PostQuerySet, *, base: str) -> Rows:
    """Return the posts as rows, in their own order, with stages in the reader's language.

    There are as many thread columns as the longest thread needs. ``base`` is the address of this
    site, before "/posts/7/".
    """
    longest = posts.order_by().aggregate(most=Max("segment_count"))["most"] or 1
    further = [f"thread_{number}" for number in range(2, max(longest, 3) + 1)]
    header = [
        *("account", "date", "time", "zone", "text", *further, "title", "campaign"),
        *("stage", "author", "link"),
    ]
    # The words are taken now: the rows are read after the request, when nobody's language is set.
    stages = {state.value: str(state.label) for state in PostState}
    return Rows(header, _cells(posts, len(further), stages, base))


def _cells(
    posts: PostQuerySet, further: int, stages: dict[str, str], base: str
) -> Iterator[Sequence[str]]:
    found = posts.values_list(*_COLUMNS).iterator(chunk_size=_AT_ONCE)
    for pk, handle, wall, zone, fold, texts, title, campaign, state, author in found:
        date, time = _when(wall, zone, fold)
        # A draft shorter than the column says was saved a moment ago; longer than it, as well.
        thread = [*(texts or [""]), *[""] * further][: further + 1]
        yield [
            *(handle, date, time, zone, *thread, title, campaign or ""),
            *(stages[state], author, f"{base}/posts/{pk}/"),
        ]


def _when(wall: str, zone: str, fold: int) -> tuple[str, str]:
    """Part a wall time into date and time; an hour that comes twice says which one it is."""
    date, _t, time = wall.partition("T")
    if not time:
        return date, time
    first = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone))
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return date, time
    return date, f"{time} {(second if fold else first).isoformat()[-6:]}"
