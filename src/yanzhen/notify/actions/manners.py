"""How a member wants to be told. Their own business: no right is asked and nothing is logged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from django.db import transaction

from yanzhen.notify.models import Manner, Preference
from yanzhen.notify.states import Level, Way
from yanzhen.people.models import Member


@transaction.atomic
def set_manner(
    by: Member,
    *,
    quiet: tuple[time, time] | None,
    digest_at: time | None,
    levels: Mapping[tuple[str, Way], Level],
) -> None:
    """Keep a member's quiet hours and digest (their wall time) and what goes which way.

    ``levels`` is by topic and way; what is left out stays at only urgent.
    """
    start, end = quiet or (None, None)
    Manner.objects.update_or_create(
        member=by,
        defaults={"quiet_from": start, "quiet_until": end, "digest_at": digest_at},
    )
    Preference.objects.filter(member=by).delete()
    Preference.objects.bulk_create(
        Preference(member=by, topic=topic, way=way, level=level)
        for (topic, way), level in levels.items()
        if level != Level.URGENT
    )
