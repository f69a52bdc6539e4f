"""Telling members about an event, as part of what happened."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from yanzhen.activity.feed import Told
from yanzhen.notify.models import Notice
from yanzhen.notify.states import MailState
from yanzhen.people.mail import mail_is_set_up
from yanzhen.people.models import Member


def tell(event: Told, *, members: Iterable[Member], url: str, urgent: bool = False) -> int:
    """Write one notice of ``event`` to each active member, and return to how many.

    For use inside the transaction that records the event: rows only, nothing is sent. ``url`` is
    the path of the page to open. Whoever was told of this event already is not told again.
    Raises RuntimeError outside a transaction and ValueError for a member of another workspace.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("tell() needs the recorder's transaction")
    wanted = {member.pk: member for member in members}
    if any(member.workspace_id != event.workspace_id for member in wanted.values()):
        raise ValueError("a notice stays in its event's workspace")
    active = Member.objects.active().filter(pk__in=wanted).values_list("pk", flat=True)
    mailed = urgent and mail_is_set_up()
    notices = [
        Notice(
            workspace_id=event.workspace_id,
            member_id=pk,
            event=event.pk,
            kind=event.kind,
            urgent=urgent,
            url=url,
            at=event.at,
            mail=MailState.DUE if mailed else MailState.NONE,
            mail_due_at=event.at if mailed else None,
        )
        for pk in sorted(active)
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return len(notices)
