"""Noting what a member has seen. Nobody else's business, so no right is asked and none logged."""

from __future__ import annotations

from datetime import datetime

from yanzhen.notify.models import Notice
from yanzhen.people.models import Member


def see(notice: Notice, *, now: datetime) -> None:
    """Note that its member has seen the notice; the first time counts."""
    Notice.objects.filter(pk=notice.pk, seen_at=None).update(seen_at=now)


def see_all(member: Member, *, up_to: int | None = None, now: datetime) -> int:
    """Note that the member has seen everything, and return how much was new to them.

    ``up_to`` is the newest notice their page showed: what came after it stays unread.
    """
    unread = Notice.objects.visible_to(member).unread()
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(seen_at=now)
