"""Today: who leads, what needs me, when does it go out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yanzhen.activity.feed import events, sentence
from yanzhen.duty.models import Turn
from yanzhen.duty.queries_board import ahead_of
from yanzhen.handoff.panel import panel_context
from yanzhen.handoff.queries import strip_for
from yanzhen.kernel import clock
from yanzhen.kernel.sky import Hours, Sky, sky
from yanzhen.onboarding.queries import first_list_for
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.models import Delegation, Member
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.queries_looks import waiting_for
from yanzhen.review import queries as review

MOST_REVIEWS = 6
MOST_EVENTS = 12
MOST_OWN = 6
#: The formation has three places behind the lead.
MOST_FOLLOWING = 3
PARTS = ("looks", "reviews", "run", "recent", "handoff", "lent", "accept")
#: What the log keeps but the desk need not say: it follows from the line beside it.
TOO_SMALL = (
    "planning.version_cut",
    "planning.post_changed",
    "onboarding.step_done",
    "onboarding.step_skipped",
)


def _sky(member: Member, *, now: datetime) -> Sky:
    """Return the strip of the member's team, drawn for the member."""
    team = Member.objects.active().filter(workspace_id=member.workspace_id).select_related("user")
    hours = [
        Hours(
            zone=each.user.zone,
            city=each.user.city,
            start=each.user.day_start,
            end=each.user.day_end,
            days=frozenset(each.user.workdays),
        )
        for each in team
    ]
    return sky(hours, viewer=member.user.tz, now=now)


def _run(member: Member, *, now: datetime, zone: ZoneInfo) -> list[Post]:
    """Return the posts of the viewer's day, by time."""
    start = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    posts = Post.objects.visible_to(member).live().with_names()
    return list(posts.due_between(start, start + timedelta(days=1)))


def _hour(at: datetime, zone: ZoneInfo) -> float:
    local = at.astimezone(zone)
    return round(local.hour + local.minute / 60, 2)


def _run_context(member: Member, *, now: datetime) -> dict[str, Any]:
    """Return the day's posts, split at now, and their places on the strip."""
    zone = member.user.tz
    posts = _run(member, now=now, zone=zone)
    return {
        "run": posts,
        "past": [post for post in posts if post.due_at and post.due_at <= now],
        "ahead": [post for post in posts if post.due_at and post.due_at > now],
        "dots": [(post.state, _hour(post.due_at, zone)) for post in posts if post.due_at],
    }


def _following(member: Member, *, now: datetime) -> list[Turn]:
    """Return who is on duty by the rota, unless they have the lead, and who comes after them."""
    ahead = ahead_of(member.workspace, now=now, most=MOST_FOLLOWING)
    lead_id = member.workspace.lead_id
    running = [] if ahead.now is None or ahead.now.member_id == lead_id else [ahead.now]
    return [*running, *ahead.next][:MOST_FOLLOWING]


@require_GET
@members
def today(request: MemberRequest) -> HttpResponse:
    """Show the duty desk; htmx asks for one of PARTS alone."""
    member, now = request.member, clock.now()
    own = Post.objects.visible_to(member).with_names().filter(author=member)
    waiting = review.mine(member)
    lent = Delegation.objects.visible_to(member)
    recent = events().objects.told_to(member).exclude(kind__in=TOO_SMALL)
    context = {
        "now": now,
        "looks": waiting_for(member, now=now) if member.leads else [],
        "waiting": waiting[:MOST_REVIEWS],
        "waiting_count": len(waiting),
        "returned": list(own.filter(state=PostState.RETURNED).order_by("-updated_at")[:MOST_OWN]),
        "drafts": list(own.filter(state=PostState.DRAFT).order_by("-updated_at")[:MOST_OWN]),
        "recent": [(event, sentence(event)) for event in recent.newest_first()[:MOST_EVENTS]],
        "following": _following(member, now=now),
        "sky": _sky(member, now=now),
        **panel_context(strip_for(member, now=now)),
        "first": first_list_for(member),
        "lent": list(lent.running(now=now).with_names().order_by("ends_at", "pk")),
        "may_read_log": member.may(Decision.AUDIT_READ),
        **_run_context(member, now=now),
    }
    target = request.headers.get("HX-Target", "").removeprefix("today-")
    part = f"#{target}" if target in PARTS else ""
    response = render(request, f"web/today.html{part}", context)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response
