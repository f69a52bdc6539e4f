"""Telling members about an event, as part of what happened."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from yanzhen.activity.feed import Told
from yanzhen.notify.actions.owing import owe_members, owe_outlets, reachable
from yanzhen.notify.models import Notice
from yanzhen.people.models import Member


def tell(event: Told, *, members: Iterable[Member], url: str, urgent: bool = False) -> int:
    """Write one notice of ``event`` to each active member, and return to how many.

    For use inside the transaction that records the event: rows only, nothing is sent. What leaves
    the app (mails, Slack, outlets) is owed in the same transaction. ``url`` is the path of the page
    to open. Whoever was told of this event already is not told again. Raises RuntimeError outside a
    transaction and ValueError for a member of another workspace.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("tell() needs the recorder's transaction")
    wanted = {member.pk: member for member in members}
    if any(member.workspace_id != event.workspace_id for member in wanted.values()):
        raise ValueError("a notice stays in its event's workspace")
    active = list(reachable(Member.objects.active().filter(pk__in=wanted)).order_by("pk"))
    told = Notice.objects.filter(event=event.pk, member__in=active)
    before = set(told.values_list("member_id", flat=True))
    notices = Notice.objects.bulk_create(
        Notice(
            workspace_id=event.workspace_id,
            member_id=member.pk,
            event=event.pk,
            kind=event.kind,
            urgent=urgent,
            url=url,
            at=event.at,
        )
        for member in active
        if member.pk not in before
    )
    owe_members(event, notices, active)
    owe_outlets(event, url=url, urgent=urgent)
    return len(active)
