"""Reading the log: sentences for people, topics for live pages, proof that nothing changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.encoding import force_str

from yanzhen.activity.models import ChainHead, Event
from yanzhen.activity.spine import KINDS, digest
from yanzhen.kernel.cities import moment_there

#: What is called by nothing but its moment: a gap, a turn that is offered.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")

Told = Event
"""What a listener is given, under a name other rooms may import."""


def events() -> type[Event]:
    """Return the model to read from; the log's only public door for queries."""
    return Event


def sentence(event: Event) -> str:
    """Return what happened, in the active language and by the active zone's clock.

    The bare slug for a kind this build lacks.
    """
    kind = KINDS.get(event.kind)
    if kind is None:
        return event.kind
    words = {**event.data, "actor": event.actor_label, "subject": event.subject_label}
    if _MOMENT.fullmatch(event.subject_label):
        words["subject"] = _by_the_clock(event.subject_label.removesuffix(" UTC"))
    try:
        words |= {name: _by_the_clock(words[name]) for name in kind.moments}
        return force_str(kind.sentence) % words
    except (KeyError, TypeError, ValueError):
        # An old event may lack a field its kind has gained since.
        return f"{event.actor_label}: {event.kind} {event.subject_label}"


def _by_the_clock(moment: str) -> str:
    """Return a recorded moment as the reader's clock shows it, with the name of its zone."""
    at = datetime.fromisoformat(moment)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return moment_there(at, timezone.get_current_timezone())


def topics(slugs: Iterable[str]) -> list[str]:
    """Return the live topics of these kinds, sorted, each once."""
    return sorted({KINDS[s].topic if s in KINDS else s.split(".")[0] for s in slugs})


@dataclass(frozen=True, slots=True)
class Break:
    """One place where a chain does not hold."""

    workspace_id: int
    number: int
    why: str


def verify(workspace_id: int) -> Iterator[Break]:
    """Walk one workspace's chain and yield every break; nothing yielded means it holds.

    Finds changed, removed, inserted, swapped events and a cut tail (the head remembers the end).
    """
    expected, previous = 1, "0" * 64
    rows = Event.objects.in_workspace(workspace_id).order_by("number").iterator(chunk_size=2000)
    for event in rows:
        if event.number != expected:
            yield Break(workspace_id, expected, "missing")
        if event.previous_hash != previous:
            yield Break(workspace_id, event.number, "does not follow the event before it")
        if digest(event) != event.hash:
            yield Break(workspace_id, event.number, "changed")
        expected, previous = event.number + 1, event.hash
    head = ChainHead.objects.filter(pk=workspace_id).first()
    if head is None and expected > 1:
        yield Break(workspace_id, expected, "the head of the chain is missing")
    if head is not None and (head.number != expected - 1 or head.hash != previous):
        yield Break(workspace_id, expected, "the end of the log is missing")


def logged_workspaces() -> list[int]:
    """Return the numbers of all workspaces that left a trace: events, or the head of a chain."""
    heads = ChainHead.objects.values_list("workspace_id", flat=True)
    return sorted({*heads, *Event.objects.values_list("workspace_id", flat=True).distinct()})
