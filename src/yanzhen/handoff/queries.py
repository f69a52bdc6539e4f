"""Reading: who leads and who follows, what waits to be accepted, what was handed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from yanzhen.duty.models import Turn
from yanzhen.duty.queries import on_duty
from yanzhen.handoff.models import Handover, HandoverQuerySet, Item, Section
from yanzhen.handoff.states import OPEN, HandoverState
from yanzhen.library.searching import MOST_TERMS, fold
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision

COORDINATOR = "crisis_coordinator"


def open_handover_of(workspace_id: int) -> Handover | None:
    """Return the handover that is written or waits, if any."""
    return Handover.objects.filter(workspace_id=workspace_id).open().with_names().first()


def standing_of(workspace_id: int) -> QuerySet[Handover]:
    """Return the logs whose points are still to be done: the open one, and the last one settled
    before it, from which points are carried.
    """
    settled = Handover.objects.filter(
        workspace_id=workspace_id, state__in=(HandoverState.ACCEPTED, HandoverState.REFUSED)
    ).order_by("-decided_at", "-pk")
    here = Handover.objects.filter(workspace_id=workspace_id)
    return here.filter(Q(state__in=OPEN) | Q(pk__in=settled.values("pk")[:1]))


def turns_of_others(workspace: Workspace, *, now: datetime) -> QuerySet[Turn]:
    """Return the turns of the rota, running or to come, of others than who has the lead."""
    turns = Turn.objects.filter(rota__workspace=workspace, end_at__gt=now).primary()
    turns = turns.exclude(member_id=workspace.lead_id or 0).order_by("start_at", "pk")
    return turns.select_related("member__user")


def deputies_of(workspace: Workspace, *, now: datetime) -> list[Member]:
    """Return who is backup at ``now``."""
    backup = on_duty(workspace, at=now).backup
    return [backup] if backup is not None else []


def coordinators_of(workspace: Workspace, *, barred: frozenset[int] = frozenset()) -> list[Member]:
    """Return the active crisis coordinators, else whoever may say who has the lead.

    Not those who may by a right that one of ``barred`` (numbers of members) lent them.
    """
    team = Member.objects.filter(workspace=workspace)
    role = Q(primary_role__slug=COORDINATOR) | Q(further_roles__slug=COORDINATOR)
    found = list(team.active().filter(role).distinct().select_related("user").order_by("pk"))
    return found or [
        member
        for member in team.holding(Decision.LEAD_SET)
        if member.authority(Decision.LEAD_SET, barred=barred)
    ]


def may_write(handover: Handover, member: Member) -> bool:
    """Tell whether the member may write the open handover: who hands over, or who sets the lead."""
    return handover.state in OPEN and (
        member.pk == handover.outgoing_id or member.may(Decision.LEAD_SET)
    )


def may_record(handover: Handover, member: Member) -> bool:
    """Tell whether the member may hang a video on the open handover, whatever else they may do:
    who writes it, and the receiver, who may answer in the same way.
    """
    receives = handover.state in OPEN and member.pk == handover.receiver_id
    return receives or may_write(handover, member)


def may_record_somewhere(member: Member) -> bool:
    """Tell whether the member may hang videos on any log that is open; a query at most."""
    if member.may(Decision.LEAD_SET):
        return True
    theirs = Q(outgoing=member) | Q(receiver=member)
    return Handover.objects.visible_to(member).open().filter(theirs).exists()


def may_accept(handover: Handover, member: Member) -> bool:
    """Tell whether the member may take the lead by it, or refuse: the receiver, whoever was paged
    because the receiver did not answer, and who sets the lead. Nobody from themselves.
    """
    if handover.state != HandoverState.WAITING or member.pk == handover.outgoing_id:
        return False
    by_right = member.authority(Decision.LEAD_SET, barred=barred_from(handover))
    return by_right is not None or is_asked(handover, member)


def barred_from(handover: Handover) -> frozenset[int]:
    """Return by whose lent right nobody decides about it, by number: who hands over.

    Otherwise somebody could lend the right to say who leads, and have their own log accepted by it.
    """
    return frozenset() if handover.outgoing_id is None else frozenset({handover.outgoing_id})


def is_asked(handover: Handover, member: Member) -> bool:
    """Tell whether the handover waits for this member: the receiver, or somebody who was paged."""
    if handover.state != HandoverState.WAITING or member.pk == handover.outgoing_id:
        return False
    if member.pk == handover.receiver_id:
        return True
    return handover.pagings.filter(members=member).exists()


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a handover with its points. ``empty``: somebody said there is nothing."""

    section: Section
    items: Sequence[Item]
    empty: bool


def parts_of(handover: Handover) -> list[Part]:
    """Return the sections with their points, in the order of the form; two queries.

    Sections that are not used any more are left out where they hold nothing.
    """
    found: dict[int, list[Item]] = defaultdict(list)
    for item in handover.items.select_related("owner__user").order_by("pk"):
        found[item.section_id].append(item)
    sections = Section.objects.filter(workspace_id=handover.workspace_id).in_order()
    return [
        Part(section, found[section.pk], section.pk in handover.nothing)
        for section in sections
        if section.used or section.pk in found
    ]


def missing_of(parts: Sequence[Part]) -> list[Section]:
    """Return the required sections that say neither something nor that there is nothing."""
    return [
        part.section
        for part in parts
        if part.section.used and part.section.required and not part.items and not part.empty
    ]


def history_for(member: Member, query: str) -> HandoverQuerySet:
    """Return the handovers in which every term of ``query`` stands, the newest first."""
    rows = Handover.objects.visible_to(member).with_names()
    for term in fold(query).split()[:MOST_TERMS]:
        rows = rows.saying(term)
    return rows.newest_first()


@dataclass(frozen=True, slots=True)
class Strip:
    """What Today says about the lead, for one reader.

    ``waiting`` is the open handover; ``mine`` whether it waits for the reader, and then ``parts``
    are what it says; ``writes`` whether they may write it. ``turn`` is who follows by the rota,
    ``leads`` whether the reader leads.
    """

    waiting: Handover | None
    mine: bool
    writes: bool
    turn: Turn | None
    leads: bool
    may_start: bool
    parts: Sequence[Part] = ()


def asked_of(member: Member) -> Handover | None:
    """Return the handover that waits for this member to take the lead, if any."""
    waiting = open_handover_of(member.workspace_id)
    return waiting if waiting is not None and is_asked(waiting, member) else None


def strip_for(member: Member, *, now: datetime) -> Strip:
    """Return what Today shows; ``member.workspace`` must be loaded."""
    waiting = open_handover_of(member.workspace_id)
    mine = waiting is not None and is_asked(waiting, member)
    return Strip(
        waiting=waiting,
        mine=mine,
        parts=parts_of(waiting) if mine and waiting is not None else (),
        writes=waiting is not None and may_write(waiting, member),
        turn=turns_of_others(member.workspace, now=now).first(),
        leads=member.leads,
        may_start=member.leads or member.may(Decision.LEAD_SET),
    )
