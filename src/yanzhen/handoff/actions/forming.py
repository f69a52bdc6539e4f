"""The form that every log of a workspace follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.handoff import events
from yanzhen.handoff.models import Section
from yanzhen.handoff.states import SectionKind
from yanzhen.kernel.text import clean_text
from yanzhen.people.actions.keep import lock
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require

MOST_SECTIONS = 12
#: What a workspace starts with: slug, kind, required.
SEEDS: Sequence[tuple[str, SectionKind, bool]] = (
    ("actions", SectionKind.ACTIONS, True),
    ("if_then", SectionKind.IF_THEN, False),
    ("not_say", SectionKind.LIST, False),
    ("watch", SectionKind.LIST, False),
)


class FormChanged(Exception):
    """Somebody changed the form meanwhile, or it would have too many sections or none."""


@dataclass(frozen=True, slots=True)
class SectionWish:
    """One section as it shall be; ``pk`` None for a new one, ``title`` "" for the seed's word."""

    pk: int | None
    title: str
    kind: SectionKind
    required: bool
    used: bool


def seed_sections(workspace: Workspace) -> None:
    """Give a new workspace the sections it starts with; for its transaction."""
    Section.objects.bulk_create(
        Section(workspace=workspace, slug=slug, kind=kind, required=required, position=position)
        for position, (slug, kind, required) in enumerate(SEEDS)
    )


@transaction.atomic
def set_form(
    workspace: Workspace, *, wishes: Sequence[SectionWish], by: Member, now: datetime
) -> None:
    """Set the sections in the order of ``wishes``; every section there is must be among them.

    A section's kind never changes: what it holds would lose its meaning. Raises NotAllowed,
    FormChanged, TextRefused.
    """
    require(by, Decision.LEAD_SET, workspace_id=workspace.pk)
    lock(workspace.pk)
    rows = {row.pk: row for row in Section.objects.filter(workspace=workspace)}
    if {wish.pk for wish in wishes if wish.pk is not None} != rows.keys():
        raise FormChanged
    if len(wishes) > MOST_SECTIONS or not any(wish.used for wish in wishes):
        raise FormChanged
    for position, wish in enumerate(wishes):
        row = rows.get(wish.pk or 0) or Section(workspace=workspace, kind=wish.kind)
        row.title = " ".join(clean_text(wish.title).split())
        row.required, row.used, row.position = wish.required, wish.used, position
        row.save()
    record(
        events.FORM_CHANGED,
        events.Bare(),
        actor=by.ref,
        subject=workspace.ref,
        workspace_id=workspace.pk,
        at=now,
    )
