"""record(): the only way anything gets into the activity log, and the list of who listens.

Two ways to listen. ``within`` runs in the recorder's own transaction and may only write rows:
approving and scheduling commit together or not at all. ``later`` is owed through the outbox and
runs at least once, from a loop: anything slow or outside goes there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.functional import Promise

from yanzhen.activity.models import LEAD, ChainHead, Event, Outbox
from yanzhen.activity.refs import SYSTEM, Ref

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "KINDS",
    "SYSTEM",
    "Kind",
    "Ref",
    "announce",
    "digest",
    "later",
    "led_by",
    "record",
    "within",
]

Listener = Callable[[Event], None]


@dataclass(frozen=True)
class Kind:
    """What a room announces.

    ``sentence`` is lazy and uses %(actor)s, %(subject)s and the payload's own names. ``moments``
    are those of them that hold a moment, in ISO 8601 (UTC where they say no offset): readers are
    shown them by their own clock.
    ``topic`` is the word live pages wait for: a page with ``activity:review`` refetches itself.
    """

    slug: str
    payload: type[DataclassInstance]
    sentence: str | Promise
    topic: str = ""
    moments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.topic:
            object.__setattr__(self, "topic", self.slug.split(".")[0])


KINDS: dict[str, Kind] = {}
_within: dict[str, list[Listener]] = {}
_later: dict[str, tuple[frozenset[str], Listener]] = {}


def announce(kind: Kind) -> Kind:
    """Register a kind and return it. Raises ValueError when its slug is taken.

    Also for a payload with a field of the name under which the lead is stamped.
    """
    if kind.slug in KINDS:
        raise ValueError(f"duplicate kind {kind.slug}")
    if LEAD in kind.payload.__dataclass_fields__:
        raise ValueError(f"{kind.slug}: the payload's {LEAD} is the stamp's")
    KINDS[kind.slug] = kind
    return kind


def within(kind: Kind, listener: Listener) -> None:
    """Call ``listener`` inside every transaction that records ``kind``. It may only write rows."""
    _within.setdefault(kind.slug, []).append(listener)


def later(name: str, kinds: frozenset[str], listener: Listener) -> None:
    """Owe events of ``kinds`` (slugs) to ``listener``, at least once, from the outbox loop.

    ``name`` is stored with each debt: never rename one. Raises ValueError when it is taken.
    """
    if name in _later:
        raise ValueError(f"duplicate subscriber {name}")
    _later[name] = (kinds, listener)


def subscriber(name: str) -> Listener | None:
    """Return the durable subscriber of that name, or None when this build has none."""
    found = _later.get(name)
    return found[1] if found else None


def digest(event: Event) -> str:
    """Return the hex SHA-256 that binds ``event`` to everything before it."""
    body = json.dumps(
        [
            event.previous_hash,
            event.workspace_id,
            event.number,
            event.kind,
            event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            [event.actor_type, event.actor_id, event.actor_label],
            [event.subject_type, event.subject_id, event.subject_label],
            event.trace_id,
            event.data,
        ],
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


def _next_link(workspace_id: int) -> ChainHead:
    """Lock and return the chain's head, making it for a new workspace."""
    heads = ChainHead.objects.select_for_update()
    try:
        return heads.get(workspace_id=workspace_id)
    except ChainHead.DoesNotExist:
        ChainHead.objects.get_or_create(workspace_id=workspace_id)
        return heads.get(workspace_id=workspace_id)


def led_by(workspace_id: int, lead: Ref) -> None:
    """Stamp what is recorded in the workspace from now on with who has the lead.

    For the transaction that moves the lead, before it records that it does, so that what listeners
    record is stamped alike. Raises RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("led_by() needs the caller's transaction")
    head = _next_link(workspace_id)
    ChainHead.objects.filter(pk=head.pk).update(lead_id=lead.id, lead_label=lead.label[:200])


def record(
    kind: Kind,
    payload: DataclassInstance,
    *,
    actor: Ref,
    subject: Ref,
    workspace_id: int,
    at: datetime,
    trace_id: str = "",
) -> Event:
    """Append one event inside the caller's transaction, tell ``within`` listeners, owe the others.

    ``at`` is aware. Raises TypeError for a payload of the wrong shape and RuntimeError outside a
    transaction, because an event without its state change is a lie.
    """
    if not isinstance(payload, kind.payload):
        raise TypeError(f"{kind.slug} wants {kind.payload.__name__}")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() needs the caller's transaction")
    head = _next_link(workspace_id)
    data: dict[str, Any] = asdict(payload)
    if head.lead_id:
        data[LEAD] = {"id": head.lead_id, "name": head.lead_label}
    event = Event(
        workspace_id=workspace_id,
        number=head.number + 1,
        kind=kind.slug,
        at=at,
        actor_type=actor.type,
        actor_id=actor.id,
        actor_label=actor.label[:200],
        subject_type=subject.type,
        subject_id=subject.id,
        subject_label=subject.label[:300],
        trace_id=trace_id,
        data=data,
        previous_hash=head.hash,
    )
    event.hash = digest(event)
    event.save()
    ChainHead.objects.filter(pk=head.pk).update(number=event.number, hash=event.hash)
    Outbox.objects.bulk_create(
        Outbox(event=event, subscriber=name, due_at=at)
        for name, (kinds, _) in _later.items()
        if kind.slug in kinds
    )
    for listener in _within.get(kind.slug, ()):
        listener(event)
    return event
