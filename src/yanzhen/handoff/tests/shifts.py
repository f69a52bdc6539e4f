"""Handovers for this room's tests, made through the actions."""

from __future__ import annotations

from datetime import datetime, timedelta

from yanzhen.activity.feed import events
from yanzhen.handoff.actions.deciding import accept_handover
from yanzhen.handoff.actions.filling import Point, add_item
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.actions.sending import send_handover
from yanzhen.handoff.models import Handover, Item, Section
from yanzhen.people.actions.workspaces import set_lead
from yanzhen.people.models import Member, Workspace
from yanzhen.people.tests.cast import NOW, Cast

HOUR = NOW + timedelta(hours=1)


def minutes(number: int, after: datetime = HOUR) -> datetime:
    """Give the moment so many minutes after the hour of the handover."""
    return after + timedelta(minutes=number)


def again(member: Member) -> Member:
    """Give a member as a new request would see them."""
    return Member.objects.with_roles().get(pk=member.pk)


def lead_with(cast: Cast, member: Member) -> None:
    """Name the first to have the lead."""
    workspace = Workspace.objects.get(pk=cast.workspace.pk)
    seen = workspace.revision
    set_lead(workspace, member=member, until=HOUR, seen=seen, by=member, now=NOW)


def leader(cast: Cast) -> Member | None:
    """Give who has the lead, by the row."""
    return Workspace.objects.get(pk=cast.workspace.pk).lead


def section(cast: Cast, slug: str = "actions") -> Section:
    """Give one of the sections a workspace starts with."""
    return Section.objects.get(workspace=cast.workspace, slug=slug)


def begun(cast: Cast, *, to: Member | None = None, by: Member | None = None) -> Handover:
    """Begin the log that hands the lead to Zhou in an hour."""
    by = again(by or cast.lena)
    return open_handover(cast.workspace, to=to or cast.zhou, due_at=HOUR, by=by, now=NOW)


def sent(cast: Cast, *texts: str) -> Handover:
    """Hand over a log with these things to do, at the time of the cast."""
    handover = begun(cast)
    for text in texts or ("Call the press",):
        add_item(handover, section(cast), point=Point(text), by=again(cast.lena))
    send_handover(handover, by=again(cast.lena), now=NOW)
    return Handover.objects.get(pk=handover.pk)


def points(handover: Handover) -> list[Item]:
    """Give its points in order."""
    return list(handover.items.order_by("pk"))


def accepted(handover: Handover, by: Member, *, now: datetime = HOUR) -> Handover:
    """Let ``by`` accept it as it is now, everything ticked."""
    fresh = Handover.objects.get(pk=handover.pk)
    ticked = [item.pk for item in points(fresh)]
    return accept_handover(
        fresh,
        ticked=ticked,
        read_back="Press first",
        seen=fresh.revision,
        by=again(by),
        now=now,
    )


def kinds(cast: Cast) -> list[str]:
    """Give this room's kinds recorded in the workspace, oldest first, without its name."""
    slugs = events().objects.in_workspace(cast.workspace.pk).order_by("number")
    found = slugs.values_list("kind", flat=True)
    return [kind.removeprefix("handoff.") for kind in found if kind.startswith("handoff.")]
