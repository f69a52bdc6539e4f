"""What handoffs do when people or the lead change, and whom they tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from yanzhen.activity.feed import Told
from yanzhen.activity.spine import within
from yanzhen.handoff import events
from yanzhen.handoff.actions.forming import seed_sections
from yanzhen.handoff.actions.keeping import keep_lead
from yanzhen.handoff.actions.sending import overtake_handover
from yanzhen.handoff.models import Handover
from yanzhen.library.ports import Used, tell_uses
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.wiring import tells
from yanzhen.people.events import LEAD_SET, LEAD_TAKEN, MEMBER_LEFT, WORKSPACE_CREATED
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision


def _give_form(event: Told) -> None:
    """A new workspace starts with the usual sections."""
    seed_sections(Workspace.objects.get(pk=event.workspace_id))


def _overtake(event: Told) -> None:
    """The lead moved: a handover that is still open comes from somebody who has it no more."""
    for handover in Handover.objects.filter(workspace_id=event.workspace_id).open():
        overtake_handover(handover, now=event.at)


def _left(event: Told) -> None:
    """Whoever had the lead, or should have taken it, is gone."""
    workspace = Workspace.objects.get(pk=event.workspace_id)
    keep_lead(workspace, now=event.at)
    waiting = Handover.objects.filter(workspace=workspace, receiver=int(event.subject_id)).open()
    for handover in waiting:
        overtake_handover(handover, now=event.at)


within(WORKSPACE_CREATED, _give_form)
within(LEAD_SET, _overtake)
within(LEAD_TAKEN, _overtake)
within(MEMBER_LEFT, _left)


def _members(event: Told, numbers: Sequence[int]) -> list[Member]:
    """Return those members, but for the one who did it."""
    own = event.actor_id if event.actor_type == "people.member" else ""
    found = Member.objects.filter(workspace_id=event.workspace_id, pk__in=numbers)
    return [member for member in found if str(member.pk) != own]


def _url(event: Told) -> str:
    return reverse("handoff", args=[int(event.subject_id)])


def _by_clock(event: Told) -> bool:
    return event.actor_type != "people.member"


def _tell_opened(event: Told) -> None:
    """The clock opened the log: whoever hands over should fill it in."""
    if _by_clock(event):
        tell(event, members=_members(event, [event.data["outgoing"]]), url=_url(event))


def _tell_sent(event: Told) -> None:
    """The receiver, and whoever hands over where the clock did it."""
    numbers = [event.data["outgoing"], event.data["receiver"]]
    tell(event, members=_members(event, numbers), url=_url(event), urgent=True)


def _tell_accepted(event: Told) -> None:
    """Whoever handed over may go; the receiver hears that another one accepted."""
    numbers = [event.data["outgoing"], event.data["receiver"]]
    tell(event, members=_members(event, numbers), url=_url(event))


def _tell_refused(event: Told) -> None:
    """Whoever hands over still has the lead."""
    members = _members(event, [event.data["outgoing"]])
    tell(event, members=members, url=_url(event), urgent=True)


def _tell_paged(event: Told) -> None:
    """Everybody on that rung of the ladder and below."""
    tell(event, members=_members(event, event.data["members"]), url=_url(event), urgent=True)


def _tell_fell(event: Told) -> None:
    """Whoever has the lead now without having been asked, and who may say who should."""
    team = Member.objects.filter(workspace_id=event.workspace_id)
    members = {member.pk: member for member in team.holding(Decision.LEAD_SET)}
    members |= {member.pk: member for member in team.filter(pk=int(event.subject_id))}
    tell(event, members=members.values(), url=reverse("handoffs"), urgent=True)


tells(events.OPENED, listener=_tell_opened)
tells(events.SENT, listener=_tell_sent)
tells(events.ACCEPTED, listener=_tell_accepted)
tells(events.REFUSED, listener=_tell_refused)
tells(events.UNACCEPTED, listener=_tell_paged)
tells(events.FELL, listener=_tell_fell)


def _uses(member: Member, ids: Sequence[str]) -> Mapping[str, Used]:
    """Tell the library on which logs a video hangs."""
    rows = Handover.objects.visible_to(member).with_names().filter(pk__in=ids)
    return {
        str(row.pk): Used(
            title=_("Handoff to %(name)s") % {"name": row.receiver.user.name},
            url=reverse("handoff", args=[row.pk]),
            stage=str(row.get_state_display()),
            at=row.due_at,
        )
        for row in rows
    }


tell_uses("handoff.handover", _uses)
