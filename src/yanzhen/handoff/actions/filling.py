"""Writing the log. Receivers may read along; what they accept is the revision they have read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yanzhen.handoff.actions.checks import LogChanged, require_doer, still_there, touch, writable
from yanzhen.handoff.models import Handover, Item, Section
from yanzhen.handoff.states import Light, SectionKind
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed

MOST_ITEMS = 60


class TooManyItems(Exception):
    """A log with so many points is read by nobody."""


@dataclass(frozen=True, slots=True)
class Words:
    """What stands at the top of a log; times are aware."""

    light: Light
    note: str
    receiver: Member
    due_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Point:
    """One point as it was typed. ``owner`` and ``due_at`` count for actions only."""

    text: str
    then: str = ""
    owner: Member | None = None
    due_at: datetime | None = None


def _line(text: str) -> str:
    """Return a text on one line. Raises TextRefused."""
    return " ".join(clean_text(text).split())


@transaction.atomic
def change_words(handover: Handover, *, words: Words, seen: int, by: Member) -> Handover:
    """Set the light, the sentence, the receiver and the times.

    ``seen`` is the revision of the caller's page. Raises NotAllowed, MoveRefused, LogChanged,
    TextRefused, and Member.DoesNotExist for who is not an active member here.
    """
    row = writable(handover, by)
    if row.revision != seen + 1:
        raise LogChanged
    here = Member.objects.active().filter(workspace_id=row.workspace_id)
    row.receiver = here.exclude(pk=row.outgoing_id or 0).get(pk=words.receiver.pk)
    row.light, row.note = words.light, clean_text(words.note).strip()
    row.due_at, row.until_at = words.due_at, words.until_at
    row.save(update_fields=["light", "note", "receiver", "due_at", "until_at"])
    return row


@transaction.atomic
def add_item(handover: Handover, section: Section, *, point: Point, by: Member) -> Item:
    """Add a point to a section. Raises NotAllowed, MoveRefused, TextRefused, TooManyItems."""
    row = writable(handover, by)
    _same_workspace(row, section)
    if row.items.count() >= MOST_ITEMS:
        raise TooManyItems
    item = Item(handover=row, section=section)
    _say(item, point)
    item.save()
    if section.pk in row.nothing:
        row.nothing = [pk for pk in row.nothing if pk != section.pk]
        row.save(update_fields=["nothing"])
    return item


def _say(item: Item, point: Point) -> None:
    item.text = _line(point.text)
    item.then = _line(point.then) if item.section.kind == SectionKind.IF_THEN else ""
    acts = item.section.kind == SectionKind.ACTIONS
    item.owner = point.owner if acts else None
    item.due_at = point.due_at if acts else None


@transaction.atomic
def change_item(item: Item, *, point: Point, by: Member) -> Item:
    """Let a point say something else. Raises NotAllowed, MoveRefused, TextRefused and Gone."""
    writable(item.handover, by)
    still_there(item)
    _say(item, point)
    item.save(update_fields=["text", "then", "owner", "due_at"])
    return item


@transaction.atomic
def remove_item(item: Item, *, by: Member) -> Handover:
    """Take a point out. Raises NotAllowed, MoveRefused and Gone."""
    row = writable(item.handover, by)
    still_there(item)
    item.delete()
    return row


@transaction.atomic
def say_nothing(handover: Handover, section: Section, *, nothing: bool, by: Member) -> Handover:
    """Say that there is nothing in a section, or take that back. Raises as add_item does."""
    row = writable(handover, by)
    _same_workspace(row, section)
    rest = [pk for pk in row.nothing if pk != section.pk]
    row.nothing = [*rest, section.pk] if nothing else rest
    row.save(update_fields=["nothing"])
    return row


def _same_workspace(handover: Handover, section: Section) -> None:
    if section.workspace_id != handover.workspace_id:
        raise NotAllowed(Decision.LEAD_SET, "elsewhere")


@transaction.atomic
def mark_done(item: Item, *, done: bool, by: Member, now: datetime) -> Item:
    """Note that a point needs nobody any more, or that it does after all; done, it is not carried.

    For whoever has the lead, the point's owner, who hands over, and who sets the lead. Raises
    NotAllowed and Gone.
    """
    require_doer(item, by)
    touch(item.handover)
    still_there(item)
    item.done_at = now if done else None
    item.save(update_fields=["done_at"])
    return item
