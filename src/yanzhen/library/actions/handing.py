"""Handing over the files and texts a leaving member answers for."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet

from yanzhen.library.models import Asset, SavedText
from yanzhen.people.models import Member


def assets_of(member: Member, viewer: Member, now: datetime) -> QuerySet[Asset]:
    """Return the files the member answers for, as far as ``viewer`` may see."""
    return Asset.objects.visible_to(viewer).filter(owner=member, archived_at=None)


def texts_of(member: Member, viewer: Member, now: datetime) -> QuerySet[SavedText]:
    """Return the agreed lines and other texts the member answers for."""
    return SavedText.objects.visible_to(viewer).filter(owner=member, archived_at=None)


def hand_over_assets(member: Member, to: Member, by: Member, now: datetime) -> int:
    """Let ``to`` answer for the files; for the transaction of people's hand_over."""
    seen = assets_of(member, by, now).filter(pk__in=Asset.objects.visible_to(to).values("pk"))
    numbers = list(seen.values_list("pk", flat=True))
    return Asset.objects.filter(pk__in=numbers).update(owner=to, revision=F("revision") + 1)


def hand_over_texts(member: Member, to: Member, by: Member, now: datetime) -> int:
    """Let ``to`` answer for the texts; what was agreed on stays agreed on."""
    rows = texts_of(member, by, now)
    return rows.update(owner=to, revision=F("revision") + 1)
