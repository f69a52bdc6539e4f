"""Where files are used, kept by the room that uses them."""

from __future__ import annotations

from collections.abc import Iterable

from yanzhen.activity.refs import Ref
from yanzhen.library.models import Use


def keep_uses(subject: Ref, media: Iterable[int]) -> None:
    """Say that exactly these files hang on ``subject``; for its transaction. Asks no right."""
    wanted = set(media)
    rows = Use.objects.filter(subject_type=subject.type, subject_id=subject.id)
    there = set(rows.values_list("media_id", flat=True))
    if gone := there - wanted:
        rows.filter(media__in=gone).delete()
    Use.objects.bulk_create(
        Use(media_id=pk, subject_type=subject.type, subject_id=subject.id)
        for pk in sorted(wanted - there)
    )
