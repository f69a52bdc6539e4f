"""What publishing does when something is announced, and whom it tells, in that transaction."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from yanzhen.activity.feed import Told
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import within
from yanzhen.activity.veils import veil
from yanzhen.channels.events import ACCOUNT_LOST
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.wiring import tells
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.planning.events import (
    EMBARGO_SET,
    EMBARGO_TIGHTENED,
    POST_DROPPED,
    POST_REVISED,
    POST_TIMED,
    POST_UNTIMED,
)
from yanzhen.planning.models import Post
from yanzhen.publishing import events
from yanzhen.publishing.actions.scheduling import (
    call_off,
    follow_time,
    schedule_passed,
    wait_for_flight,
)
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import HoldReason
from yanzhen.review.events import ROUND_PASSED


def _veiled_deliveries(member: Member) -> QuerySet[Delivery]:
    return Delivery.objects.filter(post_id__in=veiled_posts(member))


veil("publishing.delivery", _veiled_deliveries, ground=veiled_posts)


def _actor(event: Told) -> Ref:
    return Ref(event.actor_type, event.actor_id, event.actor_label)


def _schedule(event: Told) -> None:
    """The last level has passed: with a time, the post will go out."""
    schedule_passed(int(event.data["post"]), by=_actor(event), now=event.at)


def _follow(event: Told) -> None:
    """The approval is for the text, so a new time needs no new one."""
    follow_time(int(event.subject_id), by=_actor(event), now=event.at)


def _untimed(event: Told) -> None:
    call_off(int(event.subject_id), move="untime", by=_actor(event), now=event.at)


def _revised(event: Told) -> None:
    call_off(int(event.subject_id), move="revise", by=_actor(event), now=event.at)


def _embargoed(event: Told) -> None:
    """Before it stands nothing of the post may be on its way: who sends must see the embargo."""
    wait_for_flight(int(event.subject_id))


def _dropped(event: Told) -> None:
    call_off(int(event.subject_id), move="drop", by=_actor(event), now=event.at)


within(ROUND_PASSED, _schedule)
within(POST_TIMED, _follow)
within(POST_UNTIMED, _untimed)
within(POST_REVISED, _revised)
within(POST_DROPPED, _dropped)
within(EMBARGO_SET, _embargoed)
within(EMBARGO_TIGHTENED, _embargoed)


def _team(event: Told) -> list[Member]:
    """Everybody who can act in the event's workspace now, with their roles."""
    team = Member.objects.filter(workspace_id=event.workspace_id)
    return list(team.active().with_roles())


def _lead(event: Told) -> Member | None:
    """Who has the lead when it happens."""
    return _workspace(event).lead


def _workspace(event: Told) -> Workspace:
    return Workspace.objects.select_related("lead").get(pk=event.workspace_id)


def _of_post(event: Told, *, resolvers: bool) -> list[Member]:
    """The post's author, whoever has the lead, and who resolves: always, or when nobody leads.

    Also when the lead should have been handed over: whoever still has it may be asleep.
    """
    about = Post.objects.values_list("author_id", "account_id")
    author_id, account_id = about.get(pk=event.data["post"])
    workspace = _workspace(event)
    lead = workspace.lead
    ask_resolvers = resolvers or lead is None or workspace.lead_overdue(event.at)
    return [
        member
        for member in _team(event)
        if member.pk == author_id
        or (lead is not None and member.pk == lead.pk)
        or (ask_resolvers and member.may(Decision.PUBLISH_RESOLVE, account_id=account_id))
    ]


def _tell_stopped(event: Told) -> None:
    """A post does not go out until somebody decides. That a freeze stops it was told before."""
    expired = event.data.get("why") == HoldReason.EXPIRED
    tell(
        event,
        members=_of_post(event, resolvers=expired),
        url=reverse("post", args=[event.data["post"]]),
        urgent=event.data.get("why") != HoldReason.FROZEN,
    )


def _tell_stuck(event: Told) -> None:
    """The engine itself does not get on: everybody who could do something hears of it."""
    tell(
        event,
        members=_of_post(event, resolvers=True),
        url=reverse("post", args=[event.data["post"]]),
        urgent=True,
    )


def _tell_look(event: Told) -> None:
    """Who has the lead; who resolves too once it is late, or when the lead should have moved."""
    about = Post.objects.values_list("account_id", flat=True)
    account_id = about.get(pk=event.data["post"])
    workspace = _workspace(event)
    others = event.data["stage"] == "due" or workspace.lead_overdue(event.at)
    members = [
        member
        for member in _team(event)
        if member.pk == workspace.lead_id
        or (others and member.may(Decision.PUBLISH_RESOLVE, account_id=account_id))
    ]
    tell(event, members=members, url=reverse("last-look"), urgent=True)


def _tell_all(event: Told) -> None:
    """A freeze concerns everybody; who moved it knows."""
    others = [member for member in _team(event) if member.ref.id != _own_id(event)]
    tell(event, members=others, url=reverse("freeze"), urgent=True)


def _others_holding(event: Told, decision: Decision) -> list[Member]:
    """Who may decide that, but for the one who did this: the second person of two."""
    return [m for m in _team(event) if m.may_somewhere(decision) and m.ref.id != _own_id(event)]


def _tell_wish(event: Told) -> None:
    """One person wants a freeze lifted, or was refused; it takes a second to do it."""
    others = _others_holding(event, Decision.PUBLISH_UNFREEZE)
    tell(event, members=others, url=reverse("freeze"), urgent=True)


def _tell_proposal(event: Told) -> None:
    """One person wants to send again what may be on X; it takes a second who did not write it."""
    url = reverse("post", args=[event.data["post"]])
    author_id = Post.objects.values_list("author_id", flat=True).get(pk=event.data["post"])
    others = _others_holding(event, Decision.PUBLISH_RESOLVE)
    tell(event, members=[m for m in others if m.pk != author_id], url=url, urgent=True)


def _own_id(event: Told) -> str:
    return event.actor_id if event.actor_type == "people.member" else ""


def _tell_money(event: Told) -> None:
    """An X app has no money left: who connects accounts or sets budgets, and the lead."""
    lead = _lead(event)
    told = [
        member
        for member in _team(event)
        if member.may_somewhere(Decision.ACCOUNT_CONNECT)
        or member.may_somewhere(Decision.BUDGET_SET)
        or (lead is not None and member.pk == lead.pk)
    ]
    tell(event, members=told, url=reverse("money"), urgent=True)


def _tell_lost(event: Told) -> None:
    """An account can no longer be acted for: who connects accounts, and the lead."""
    lead = _lead(event)
    told = [
        member
        for member in _team(event)
        if member.may_somewhere(Decision.ACCOUNT_CONNECT)
        or (lead is not None and member.pk == lead.pk)
    ]
    tell(event, members=told, url=reverse("account", args=[event.subject_id]), urgent=True)


tells(
    events.HELD,
    events.MISSED,
    events.REFUSED,
    events.DOUBLED,
    events.REMOVAL_FAILED,
    listener=_tell_stopped,
)
tells(events.STUCK, listener=_tell_stuck)
tells(events.LOOK_WANTED, listener=_tell_look)
tells(events.FROZEN, events.UNFROZEN, listener=_tell_all)
tells(
    events.THAW_ASKED,
    events.THAW_REFUSED,
    events.THAW_OVERTAKEN,
    events.RECONCILED,
    listener=_tell_wish,
)
tells(events.RESEND_ASKED, listener=_tell_proposal)
tells(events.APP_PAUSED, listener=_tell_money)
tells(ACCOUNT_LOST, listener=_tell_lost)
