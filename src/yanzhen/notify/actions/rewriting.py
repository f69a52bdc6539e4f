"""Owing messages in Slack anew, once what they offer is decided, here or anywhere. Rows only.

What they say then is read from how things stand when they leave, see standing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import translation

from yanzhen.activity.feed import Told
from yanzhen.notify import deeds
from yanzhen.notify.models import Letter
from yanzhen.notify.states import LetterState


def rewrite_about(event: Told, matters: Iterable[str]) -> int:
    """Owe the messages anew that offer something about these matters; return how many.

    For the transaction that records ``event``. Those on their way may have left as they were, so
    they are among them; the event's own are not.
    """
    messages = Letter.objects.messages().filter(
        workspace_id=event.workspace_id, matter__in=list(matters)
    )
    found = [
        each
        for each in messages.exclude(event=event.pk)
        if each.state == LetterState.DUE or each.offers
    ]
    _owe(found, now=event.at)
    return len(found)


def rewrite_messages(event: int, *, now: datetime) -> None:
    """Owe every message about an event anew."""
    _owe(Letter.objects.messages().filter(event=event), now=now)


def say_in_messages(event: int, words: deeds.Words, *, over: bool, now: datetime) -> None:
    """Owe every message about an event anew, to say ``words`` where nothing else is to be said.

    ``over``: they offer nothing any more. What is owed already, and not tried yet, says it.
    """
    messages = list(Letter.objects.messages().filter(event=event))
    owed = Letter.objects.filter(rewrites__in=messages, state=LetterState.DUE, tries=0)
    last = {each.rewrites_id: each for each in owed.order_by("pk")}
    for message in messages:
        if message.pk in last:
            owed.filter(pk=last[message.pk].pk).update(extra=_extra(message, words, over=over))
    rest = [each for each in messages if each.pk not in last]
    _owe(rest, words=words, over=over, now=now)


def _owe(
    messages: Iterable[Letter], *, words: deeds.Words = "", over: bool = False, now: datetime
) -> None:
    Letter.objects.bulk_create(
        Letter(
            workspace_id=each.workspace_id,
            way=each.way,
            member_id=each.member_id,
            outlet_id=each.outlet_id,
            event=each.event,
            kind=each.kind,
            urgent=each.urgent,
            url=each.url,
            owed_at=each.owed_at,
            due_at=now,
            extra=_extra(each, words, over=over) if words else {},
            rewrites=each,
        )
        for each in messages
    )


def _extra(letter: Letter, words: deeds.Words, *, over: bool) -> dict[str, object]:
    with translation.override(letter.language):
        return {"outcome": str(words), "over": over}
