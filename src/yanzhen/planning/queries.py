"""What the posts and composer pages ask, where the answer is more than rows of one model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.models import Campaign, Draft, Focus, Post, PostQuerySet, Theme, Version
from yanzhen.planning.models import month_of as month_date_of
from yanzhen.planning.states import PostState
from yanzhen.planning.wording import folded

SAVED_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list of posts is narrowed to; None and "" leave everything in.

    ``timed`` True keeps posts with a time, False those without.
    """

    account: Account | None = None
    stage: str = ""
    author: Member | None = None
    campaign: Campaign | None = None
    text: str = ""
    timed: bool | None = None


def narrowed_posts(member: Member, by: Narrowing) -> PostQuerySet:
    """Return the member's posts that match, the last changed first, with names loaded.

    Dropped posts are left out unless they are asked for.
    """
    posts = Post.objects.visible_to(member)
    posts = posts.filter(state=by.stage) if by.stage else posts.live()
    for field in ("account", "author", "campaign"):
        chosen = getattr(by, field)
        if chosen is not None:
            posts = posts.filter(**{field: chosen})
    if by.timed is not None:
        posts = posts.filter(due_at__isnull=not by.timed)
    if by.text:
        posts = posts.filter(says(by.text))
    return posts.with_names().order_by("-updated_at", "-pk")


def says(text: str) -> Q:
    """Match posts with ``text`` anywhere in the title or the draft, whatever its case."""
    drafts = Draft.objects.filter(words__contains=folded(text))
    return Q(title__icontains=text) | Q(pk__in=drafts.values("post_id"))


def authors_of(member: Member) -> QuerySet[Member]:
    """Return everybody who has started a post in the workspace, by name."""
    started = Post.objects.visible_to(member).values("author_id")
    authors = Member.objects.visible_to(member).filter(pk__in=started)
    return authors.select_related("user").order_by("user__name", "pk")


def campaigns_of(member: Member) -> QuerySet[Campaign]:
    """Return the workspace's running campaigns by name."""
    rows = Campaign.objects.filter(workspace_id=member.workspace_id, active=True)
    return rows.order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Saver:
    """Somebody else who saved this post a moment ago; ``at`` is aware."""

    member: Member
    at: datetime


def savers_of(post: Post, member: Member, *, now: datetime) -> list[Saver]:
    """Return who else saved the draft or a version within SAVED_WITHIN, the latest first."""
    since = now - SAVED_WITHIN
    seen: dict[int, Saver] = {}
    drafts = Draft.objects.filter(post=post, saved_at__gte=since).select_related("saved_by__user")
    versions = post.versions.filter(cut_at__gte=since).select_related("cut_by__user")
    traces = [Saver(draft.saved_by, draft.saved_at) for draft in drafts]
    traces += [Saver(version.cut_by, version.cut_at) for version in versions]
    for trace in sorted(traces, key=lambda each: each.at, reverse=True):
        if trace.member.pk != member.pk:
            seen.setdefault(trace.member.pk, trace)
    return list(seen.values())


def versions_of(post: Post) -> QuerySet[Version]:
    """Return the post's versions, the newest first, with who cut them."""
    return post.versions.select_related("cut_by__user").order_by("-number")


def writers_of(post: Post) -> list[Member]:
    """Return everybody who has written in it, the author first."""
    writers = post.writers.select_related("user").order_by("pk")
    return sorted(writers, key=lambda member: member.pk != post.author_id)


@dataclass(frozen=True, slots=True)
class Framing:
    """What the month and the week of a post are about; "" where nobody said. ``week`` is ISO."""

    theme: str = ""
    week: int = 0
    focus: str = ""


def framing_of(post: Post) -> Framing:
    """Return theme and focus of the day the post goes out, in the workspace's home zone."""
    if post.due_at is None:
        return Framing()
    day = post.due_at.astimezone(ZoneInfo(post.workspace.zone)).date()
    theme = Theme.objects.filter(workspace_id=post.workspace_id, month_date=month_date_of(day))
    focus = Focus.objects.filter(
        workspace_id=post.workspace_id, week_date=day - timedelta(days=day.weekday())
    )
    return Framing(
        theme=theme.values_list("name", flat=True).first() or "",
        week=day.isocalendar().week,
        focus=focus.values_list("name", flat=True).first() or "",
    )


#: Stages a list can be narrowed to, in the order posts go through them.
STAGES = tuple(PostState)
