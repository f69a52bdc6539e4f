"""What planning itself does to many posts: move them, put them into a campaign, drop them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yanzhen.kernel.wall_time import FoldTime, GapTime, UnknownZone
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.people.zones import city_words
from yanzhen.planning.actions.details import change_details
from yanzhen.planning.actions.timing import (
    WALL,
    InThePast,
    drop_post,
    moment_of,
    time_post,
    untime_post,
)
from yanzhen.planning.bulk import Answers, Meanwhile, Outlook, VerbFace, register
from yanzhen.planning.bulk_words import lifts_words, refusal_words
from yanzhen.planning.content import Json
from yanzhen.planning.forms_bulk import CampaignForm, ShiftForm
from yanzhen.planning.models import Campaign, Post
from yanzhen.planning.moments import moment_words
from yanzhen.planning.states import POST, TIMEABLE, PostState

#: When a post without a time goes out on the day it is put on.
TEN = time(10)
_YEARS = range(2000, 2101)


def _wall_of(post: Post) -> datetime | None:
    """Return the post's own wall time, naive; None for none."""
    return datetime.strptime(post.due_wall, WALL) if post.due_wall else None  # noqa: DTZ007 -- a wall time has no zone


def _zone_of(post: Post) -> str:
    return post.due_zone or post.account.zone


def _time_seen(post: Post) -> str:
    """Name the time a post has, as the page that asks saw it."""
    return f"{post.due_wall} {post.due_fold} {post.due_zone}" if post.due_wall else "-"


def _wished(post: Post, asked: Answers) -> datetime | None:
    """Return the wall time asked for, naive; None for a shift of what has no time."""
    wall = _wall_of(post)
    if asked["way"] == "day":
        return datetime.combine(asked["day"], wall.time() if wall else TEN)
    if wall is None:
        return None
    return wall + timedelta(days=asked["days"] or 0, hours=asked["hours"] or 0)


def _time_fault(post: Post, wall: datetime, *, now: datetime) -> str:
    """Say which rule of time_post stands against that time, "" for none."""
    if wall.year not in _YEARS:
        return _("Choose a year from 2000 to 2100.")
    try:
        moment = moment_of(wall, _zone_of(post), None, now=now)
    except (GapTime, FoldTime, InThePast, UnknownZone) as refused:
        return refusal_words(refused)
    embargo = post.standing_embargo
    return lifts_words(embargo) if embargo is not None and embargo.lifts_at > moment.at else ""


class Move:
    """Gives posts another time, each by time_post and in its own zone."""

    face = VerbFace(
        slug="move",
        name=pgettext_lazy("bulk", "Move"),
        icon="icon-calendar",
        key="m",
        decision=Decision.POST_SCHEDULE,
        place=20,
        note=gettext_lazy(
            "Each post keeps its time zone. Approvals stand: the texts stay the same."
        ),
    )

    def form(self, data: Mapping[str, Any] | None, *, member: Member) -> forms.Form:
        """Ask how far, or to which day."""
        return ShiftForm(data)

    def outlooks(
        self, posts: Sequence[Post], asked: Answers, *, by: Member, now: datetime
    ) -> list[Outlook]:
        """Foresee each post's new time by the rules that time_post has."""
        return [self._outlook(post, asked, now=now) for post in posts]

    def _outlook(self, post: Post, asked: Answers, *, now: datetime) -> Outlook:
        url = reverse("post", args=[post.pk])
        wall = _wished(post, asked)
        why = self._why_not(post, wall, now=now)
        if why or wall is None:
            return Outlook(post, why_not=why, url=url)
        before = _wall_of(post)
        words = {
            "before": moment_words(before) if before else _("No time yet"),
            "after": moment_words(wall),
            "city": city_words(_zone_of(post)),
        }
        will = _("%(before)s → %(after)s, %(city)s") % words
        return Outlook(post, will=will, seen=_time_seen(post), url=url)

    def _why_not(self, post: Post, wall: datetime | None, *, now: datetime) -> str:
        """Say why a post cannot have that time, "" when it can."""
        if post.state not in TIMEABLE:
            words = {"stage": post.get_state_display()}
            return _("Its time cannot be changed any more: %(stage)s.") % words
        if wall is None:
            return _("It has no time to shift. Put it on a day instead.")
        if wall == _wall_of(post):
            return _("It is planned for that time already.")
        return _time_fault(post, wall, now=now)

    def do(self, outlook: Outlook, asked: Answers, *, by: Member, now: datetime) -> Json | None:
        """Give one post its time; the way back ends where its old time has passed."""
        post = outlook.post
        wall = _wished(post, asked)
        assert wall is not None  # noqa: S101 -- the outlook said that it can be done
        kept = {"wall": post.due_wall, "zone": post.due_zone, "fold": post.due_fold}
        was_due = post.due_at
        moved = time_post(post, by=by, wall=wall, zone=_zone_of(post), now=now)
        if was_due is not None and was_due < now:
            return None
        return {**kept, "seen": _time_seen(moved)}

    def undo(self, post: Post, kept: Json, *, by: Member, now: datetime) -> None:
        """Give one post the time it had, or none."""
        if _time_seen(post) != kept["seen"]:
            raise Meanwhile
        if not kept["wall"]:
            untime_post(post, by=by, now=now)
            return
        wall = datetime.strptime(kept["wall"], WALL)  # noqa: DTZ007 -- a wall time has no zone
        time_post(post, by=by, wall=wall, zone=kept["zone"], fold=kept["fold"], now=now)


class IntoCampaign:
    """Puts posts into a campaign, or out of theirs."""

    face = VerbFace(
        slug="campaign",
        name=pgettext_lazy("bulk", "Campaign"),
        icon="icon-flag",
        key="c",
        decision=Decision.POST_WRITE,
        place=30,
    )

    def form(self, data: Mapping[str, Any] | None, *, member: Member) -> forms.Form:
        """Ask for the campaign."""
        return CampaignForm(data, member=member)

    def outlooks(
        self, posts: Sequence[Post], asked: Answers, *, by: Member, now: datetime
    ) -> list[Outlook]:
        """Name the campaign each has and would have."""
        wished: Campaign | None = asked["campaign"]
        return [self._outlook(post, wished) for post in posts]

    def _outlook(self, post: Post, wished: Campaign | None) -> Outlook:
        if post.campaign == wished:
            why = _("It is in that campaign already.") if wished else _("It is in no campaign.")
            return Outlook(post, why_not=why)
        words = {
            "before": post.campaign or _("No campaign"),
            "after": wished or _("No campaign"),
        }
        will = _("%(before)s → %(after)s") % words
        return Outlook(post, will=will, seen=str(post.campaign_id or "-"))

    def do(self, outlook: Outlook, asked: Answers, *, by: Member, now: datetime) -> Json | None:
        """Change one post's campaign."""
        before = outlook.post.campaign_id
        self._change(outlook.post, asked["campaign"], by=by, now=now)
        return {"campaign": before, "seen": outlook.post.campaign_id}

    def undo(self, post: Post, kept: Json, *, by: Member, now: datetime) -> None:
        """Put one post back where it was."""
        before = Campaign.objects.filter(pk=kept["campaign"], workspace_id=by.workspace_id).first()
        gone = kept["campaign"] is not None and before is None
        if post.campaign_id != kept["seen"] or gone:
            raise Meanwhile
        self._change(post, before, by=by, now=now)

    def _change(self, post: Post, campaign: Campaign | None, *, by: Member, now: datetime) -> None:
        change_details(
            post, by=by, title=post.title, account=post.account, campaign=campaign, now=now
        )


class Drop:
    """Drops posts, for good."""

    face = VerbFace(
        slug="drop",
        name=pgettext_lazy("bulk", "Drop"),
        icon="icon-x",
        key="d",
        decision=Decision.POST_DROP,
        place=90,
        note=gettext_lazy(
            "This cannot be undone. A dropped post can still be found by its stage, and copied."
        ),
    )

    def form(self, data: Mapping[str, Any] | None, *, member: Member) -> forms.Form:
        """Ask nothing."""
        return forms.Form(data)

    def outlooks(
        self, posts: Sequence[Post], asked: Answers, *, by: Member, now: datetime
    ) -> list[Outlook]:
        """Say which stages can be left."""
        return [self._outlook(post) for post in posts]

    def _outlook(self, post: Post) -> Outlook:
        stage = post.get_state_display()
        if POST.allows("drop", post.state):
            words = {"before": stage, "after": PostState.DROPPED.label}
            will = _("%(before)s → %(after)s") % words
            return Outlook(post, will=will, seen=f"{post.state} {post.state_version}")
        url = reverse("post", args=[post.pk])
        if post.state == PostState.REVIEW:
            return Outlook(post, why_not=_("It is in review. Take it back first."), url=url)
        why = _("It cannot be dropped any more: %(stage)s.") % {"stage": stage}
        return Outlook(post, why_not=why, url=url)

    def do(self, outlook: Outlook, asked: Answers, *, by: Member, now: datetime) -> Json | None:
        """Drop one post; there is no way back."""
        drop_post(outlook.post, by=by, now=now)
        return None

    def undo(self, post: Post, kept: Json, *, by: Member, now: datetime) -> None:
        """Never asked for: nothing is kept."""
        raise Meanwhile


register(Move())
register(IntoCampaign())
register(Drop())
