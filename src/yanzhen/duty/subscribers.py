"""What the rota does when people change, and whom it tells."""

from __future__ import annotations

from django.urls import reverse

from yanzhen.activity.feed import Told
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import within
from yanzhen.duty import events
from yanzhen.duty.actions.keeping import lay_after
from yanzhen.duty.actions.linking import revoke_links_of
from yanzhen.duty.actions.voiding import withdraw_offers_of
from yanzhen.duty.models import LayerMember, Place
from yanzhen.duty.rules.ahead import NOTICE_MINUTES
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.wiring import tells
from yanzhen.people.events import (
    MEMBER_LEFT,
    MEMBER_RETURNED,
    OTHERS_ENDED,
    PASSWORD_SET,
    ROLES_CHANGED,
)
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.signin.events import FACTORS_RESET


def _lay_after(event: Told) -> None:
    """Somebody left, came back or has other roles: the turns from now on follow."""
    by = Ref(event.actor_type, event.actor_id, event.actor_label)
    lay_after(event.workspace_id, by=by, now=event.at)


for kind in (MEMBER_LEFT, MEMBER_RETURNED, ROLES_CHANGED):
    within(kind, _lay_after)


def _withdraw_offers(event: Told) -> None:
    """Nobody waits for an answer of somebody who left, or takes hours that are not theirs now."""
    withdraw_offers_of(int(event.subject_id), now=event.at)


within(MEMBER_LEFT, _withdraw_offers)


def _revoke_links(event: Told) -> None:
    """Whoever leaves takes no calendar with them, nor does somebody who had another's session."""
    by = Ref(event.actor_type, event.actor_id, event.actor_label)
    revoke_links_of(int(event.subject_id), by=by, now=event.at)


for kind in (MEMBER_LEFT, PASSWORD_SET, OTHERS_ENDED, FACTORS_RESET):
    within(kind, _revoke_links)


def _members(event: Told, numbers: list[int]) -> list[Member]:
    """Return those members, but for the one who did it."""
    own = event.actor_id if event.actor_type == "people.member" else ""
    found = Member.objects.filter(workspace_id=event.workspace_id, pk__in=numbers)
    return [member for member in found if str(member.pk) != own]


def _tell_moved(event: Told) -> None:
    """Whose hours on duty are others now."""
    tell(event, members=_members(event, event.data["members"]), url=reverse("duty"))


def _tell_two(event: Told) -> None:
    """The two of a swap."""
    numbers = [event.data["giver"], event.data["taker"], event.data["asked"]]
    tell(event, members=_members(event, numbers), url=reverse("duty-swaps"), urgent=True)


def _tell_asked(event: Told) -> None:
    """Who is asked to swap; an offer to everybody is on the page for whoever looks."""
    tell(event, members=_members(event, [event.data["asked"]]), url=reverse("duty-swaps"))


def _tell_gap(event: Told) -> None:
    """Nobody is on duty: who keeps the rota, urgently in the last two days."""
    team = Member.objects.filter(workspace_id=event.workspace_id)
    urgent = event.data["days"] <= _SOON_DAYS
    tell(event, members=team.holding(Decision.DUTY_KEEP), url=reverse("duty"), urgent=urgent)


def _tell_change(event: Told) -> None:
    """Both sides of a change of hands; who keeps the rota too where nobody follows."""
    numbers = [event.data["before"], event.data["after"]]
    members = {member.pk: member for member in _members(event, numbers)}
    if not event.data["after"] and event.data["place"] == Place.PRIMARY:
        team = Member.objects.filter(workspace_id=event.workspace_id)
        members |= {member.pk: member for member in team.holding(Decision.DUTY_KEEP)}
    urgent = event.data["minutes"] <= min(NOTICE_MINUTES)
    tell(event, members=members.values(), url=reverse("duty"), urgent=urgent)


def _tell_waits(event: Told) -> None:
    """Who is asked, or whoever takes turns; and who offers, so that they look for another way."""
    numbers = [event.data["giver"], event.data["asked"]]
    if not event.data["asked"]:
        order = LayerMember.objects.filter(layer__rota__workspace=event.workspace_id)
        numbers += order.values_list("member_id", flat=True)
    tell(event, members=_members(event, numbers), url=reverse("duty-swaps"))


def _tell_zones(event: Told) -> None:
    """Who keeps the rota; whose hours moved hear it as of any other change."""
    url = f"{reverse('duty-zones')}?change={event.number}"
    team = Member.objects.filter(workspace_id=event.workspace_id)
    tell(event, members=team.holding(Decision.DUTY_KEEP), url=url)


_SOON_DAYS = 2
tells(events.TURNS_MOVED, listener=_tell_moved)
tells(events.SWAP_OFFERED, listener=_tell_asked)
tells(
    events.SWAP_TAKEN,
    events.SWAP_DECLINED,
    events.SWAP_WITHDRAWN,
    events.SWAP_VOID,
    events.SWAP_LAPSED,
    listener=_tell_two,
)
tells(events.GAP_AHEAD, listener=_tell_gap)
tells(events.TURN_BEGINS, events.BACKUP_BEGINS, events.TURN_ENDS, listener=_tell_change)
tells(events.SWAP_WAITS, listener=_tell_waits)
tells(events.ZONES_CHANGED, listener=_tell_zones)
