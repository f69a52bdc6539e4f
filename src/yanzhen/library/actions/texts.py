"""Templates and agreed lines: written by who writes, agreed on by who may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from yanzhen.activity.spine import Kind, record
from yanzhen.kernel.text import clean_text
from yanzhen.library.actions.assets import WindowRefused
from yanzhen.library.actions.tagging import index_text, tags_of
from yanzhen.library.events import (
    LINE_AGREED,
    LINE_WITHDRAWN,
    TEXT_ARCHIVED,
    TEXT_BROUGHT_BACK,
    TEXT_SAVED,
    TextSaved,
    TextTouched,
)
from yanzhen.library.models import MOST_TITLE, SavedText
from yanzhen.library.models.texts import TextKind
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require, require_somewhere


class TextMoved(Exception):
    """Somebody changed the text meanwhile; nothing was overwritten."""


@dataclass(frozen=True, slots=True)
class Wording:
    """All that a person may say of a text. Times are aware; ``language`` is a BCP 47 tag."""

    title: str
    body: str
    language: str
    owner: Member
    pair: SavedText | None = None
    tags: Sequence[str] = ()
    available_at: datetime | None = None
    expires_at: datetime | None = None


def _tell(kind: Kind, text: SavedText, *, by: Member, now: datetime) -> None:
    record(
        kind,
        TextTouched(kind=text.kind),
        actor=by.ref,
        subject=text.ref,
        workspace_id=text.workspace_id,
        at=now,
    )


@transaction.atomic
def add_text(kind: TextKind, *, wording: Wording, by: Member, now: datetime) -> SavedText:
    """Keep a new text; a line is offered once somebody agreed. Raises as change_text does."""
    require_somewhere(by, Decision.POST_WRITE, workspace_id=by.workspace_id)
    text = SavedText.objects.create(
        workspace_id=by.workspace_id,
        kind=kind,
        title=wording.title[:MOST_TITLE],
        body=wording.body,
        language=wording.language,
        owner=by,
        changed_at=now,
    )
    return change_text(text, wording=wording, revision=0, by=by, now=now)


@transaction.atomic
def change_text(
    text: SavedText, *, wording: Wording, revision: int, by: Member, now: datetime
) -> SavedText:
    """Save a text that is still at ``revision``. Other words take an agreement away.

    Raises NotAllowed (a line that is agreed on takes the right to agree, too), TextRefused,
    WindowRefused and TextMoved.
    """
    require_somewhere(by, Decision.POST_WRITE, workspace_id=text.workspace_id)
    row = SavedText.objects.select_for_update().get(pk=text.pk)
    if row.revision != revision:
        raise TextMoved(str(text.pk))
    if row.approved_by_id is not None:
        require(by, Decision.LINE_AGREE, workspace_id=text.workspace_id)
    start, end = wording.available_at, wording.expires_at
    if start is not None and end is not None and end <= start:
        raise WindowRefused
    said = (
        " ".join(clean_text(wording.title).split())[:MOST_TITLE],
        clean_text(wording.body).strip(),
        wording.language,
    )
    require_somewhere(wording.owner, Decision.POST_HOLD, workspace_id=text.workspace_id)
    if said != (row.title, row.body, row.language):
        row.approved_by, row.approved_at = None, None
    row.title, row.body, row.language = said
    row.owner, row.available_at, row.expires_at = wording.owner, start, end
    row.changed_at, row.revision = now, row.revision + 1
    row.save()
    _pair(row, wording.pair)
    row.tags.set(tags_of(row.workspace_id, wording.tags))
    index_text(row)
    record(
        TEXT_SAVED,
        TextSaved(kind=row.kind, revision=row.revision),
        actor=by.ref,
        subject=row.ref,
        workspace_id=row.workspace_id,
        at=now,
    )
    return row


def _pair(text: SavedText, other: SavedText | None) -> None:
    """Let the two point at each other, and whoever pointed at one of them at nobody."""
    both = [text.pk] + ([other.pk] if other else [])
    SavedText.objects.filter(pair__in=both).update(pair=None)
    SavedText.objects.filter(pk__in=both).update(pair=None)
    if other is not None and other.workspace_id == text.workspace_id:
        SavedText.objects.filter(pk=text.pk).update(pair=other)
        SavedText.objects.filter(pk=other.pk).update(pair=text)
        text.pair = other


@transaction.atomic
def agree_line(text: SavedText, *, revision: int, by: Member, now: datetime) -> SavedText:
    """Agree on a line as it stands at ``revision``. Raises NotAllowed and TextMoved."""
    require(by, Decision.LINE_AGREE, workspace_id=text.workspace_id)
    rows = SavedText.objects.filter(
        pk=text.pk, kind=TextKind.LINE, revision=revision, archived_at=None
    )
    if not rows.update(approved_by=by, approved_at=now, revision=F("revision") + 1):
        raise TextMoved(str(text.pk))
    text.refresh_from_db()
    _tell(LINE_AGREED, text, by=by, now=now)
    return text


@transaction.atomic
def withdraw_line(text: SavedText, *, by: Member, now: datetime) -> SavedText:
    """Take an agreement back, so that the line is no longer offered. Raises NotAllowed."""
    require(by, Decision.LINE_AGREE, workspace_id=text.workspace_id)
    rows = SavedText.objects.filter(pk=text.pk, approved_by__isnull=False)
    if rows.update(approved_by=None, approved_at=None, revision=F("revision") + 1):
        _tell(LINE_WITHDRAWN, text, by=by, now=now)
    text.refresh_from_db()
    return text


@transaction.atomic
def archive_text(text: SavedText, *, archived: bool, by: Member, now: datetime) -> SavedText:
    """Put a text away, or back on the list; it is never deleted.

    Raises NotAllowed (a line that is agreed on takes the right to agree, too).
    """
    require_somewhere(by, Decision.POST_WRITE, workspace_id=text.workspace_id)
    row = SavedText.objects.select_for_update().get(pk=text.pk)
    if row.approved_by_id is not None:
        require(by, Decision.LINE_AGREE, workspace_id=text.workspace_id)
    if (row.archived_at is not None) == archived:
        return row
    row.archived_at = now if archived else None
    row.revision += 1
    row.save(update_fields=["archived_at", "revision"])
    _tell(TEXT_ARCHIVED if archived else TEXT_BROUGHT_BACK, row, by=by, now=now)
    return row
