"""What the review pages show, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanzhen.kernel.text import Weight, weigh
from yanzhen.people.models import Member
from yanzhen.people.zones import city_words
from yanzhen.planning.diffing import Run, RunKind, diff_text
from yanzhen.planning.models import Post, Segment, Version, texts_of
from yanzhen.review.models import Comment, Round, RoundStep, RoundStepQuerySet, Verdict
from yanzhen.review.states import RoundState, StepState, VerdictKind

MOST_COMING = 10
MOST_TEAM = 100


def _for_list(steps: RoundStepQuerySet) -> RoundStepQuerySet:
    """With everything a row shows, in one query."""
    return steps.select_related(
        "role", "round__post__account", "round__post__author__user", "round__version"
    )


def mine(member: Member) -> list[RoundStep]:
    """Steps this member can decide now, most urgent first. Roles must be loaded."""
    steps = RoundStep.objects.visible_to(member).for_member(member)
    return list(_for_list(steps).most_urgent_first())


def of_the_team(member: Member) -> list[RoundStep]:
    """Every step of the workspace that waits, most urgent first, at most MOST_TEAM."""
    steps = RoundStep.objects.visible_to(member).waiting()
    return list(_for_list(steps).most_urgent_first()[:MOST_TEAM])


def coming_to(member: Member) -> list[RoundStep]:
    """Steps that will reach this member once the ones before are passed, at most MOST_COMING."""
    roles = [role.pk for role in member.roles]
    decided = Verdict.objects.filter(member=member).values("round_id")
    steps = (
        RoundStep.objects.visible_to(member)
        .filter(state=StepState.COMING, round__state=RoundState.OPEN, role_id__in=roles)
        .exclude(round__post__writers=member)
        .exclude(round_id__in=decided)
    )
    return list(_for_list(steps).order_by("round__opened_at", "pk")[:MOST_COMING])


@dataclass(frozen=True)
class Passage:
    """One segment as a reviewer reads it: its runs against the version before, and its weight."""

    text: str
    runs: Sequence[Run]
    weight: Weight


def read_texts(texts: Sequence[str], *, limit: int) -> list[Passage]:
    """Return texts without anything to compare them with."""
    return [Passage(text, [Run(RunKind.SAME, text)], weigh(text, limit)) for text in texts]


def passages(version: Version, before: Version | None, *, limit: int) -> list[Passage]:
    """Return the version's segments, each compared with the same place of ``before``."""
    texts = list(texts_of(version))
    if before is None:
        return read_texts(texts, limit=limit)
    old = list(texts_of(before))
    length = max(len(texts), len(old))
    texts += [""] * (length - len(texts))
    old += [""] * (length - len(old))
    return [
        Passage(new, diff_text(was, new), weigh(new, limit))
        for was, new in zip(old, texts, strict=True)
    ]


@dataclass(frozen=True)
class TrailStep:
    """One level on the trail. ``look`` is done, back, now or next, as the design draws it."""

    step: RoundStep
    look: str
    verdicts: Sequence[Verdict]


LOOKS = {
    StepState.PASSED: "done",
    StepState.RETURNED: "back",
    StepState.NOW: "now",
    StepState.COMING: "next",
    StepState.OFF: "next",
}


def latest_round(post: Post) -> Round | None:
    """Return the post's newest round with steps, roles and verdicts loaded."""
    verdicts = Verdict.objects.select_related("member__user").order_by("at", "pk")
    steps = RoundStep.objects.select_related("role").order_by("position")
    rounds = post.rounds.select_related("version").prefetch_related(
        Prefetch("steps", queryset=steps.prefetch_related(Prefetch("verdicts", queryset=verdicts)))
    )
    return rounds.order_by("-number").first()


def trail(round_: Round | None) -> list[TrailStep]:
    """Return the levels of a round from latest_round()."""
    if round_ is None:
        return []
    return [
        TrailStep(step, LOOKS[StepState(step.state)], list(step.verdicts.all()))
        for step in round_.steps.all()
    ]


def comments_on(post: Post) -> list[Comment]:
    """Return the post's comments, oldest first."""
    comments = post.comments.select_related("author__user", "version")
    return list(comments.order_by("at", "pk"))


@dataclass(frozen=True)
class Sheet:
    """Everything the reviewer's desk shows of one step."""

    step: RoundStep
    post: Post
    round: Round
    before: Version | None
    passages: Sequence[Passage]
    trail: Sequence[TrailStep]
    asked: Verdict | None
    effect: str
    mine: bool


def _version_before(round_: Round) -> Version | None:
    """Return the version of the last round before this one that somebody decided on."""
    earlier = (
        Round.objects.filter(post_id=round_.post_id, number__lt=round_.number)
        .exclude(version_id=round_.version_id)
        .select_related("version")
        .prefetch_related(Prefetch("version__segments", queryset=Segment.objects.all()))
        .order_by("-number")
        .first()
    )
    return earlier.version if earlier else None


def effect_of_passing(step: RoundStep, levels: Sequence[TrailStep], *, now: datetime) -> str:
    """Say what will happen when this step is passed, in the reader's language."""
    ahead = [each.step for each in levels if each.step.position > step.position]
    missing = step.quorum - step.verdicts.count()
    if missing > 1:
        return _("Passing is one of %(count)s needed at this level.") % {"count": step.quorum}
    if ahead:
        return _("Passing sends it on to: %(level)s.") % {"level": ahead[0].shown_title}
    post = step.round.post
    if post.due_at is None:
        return _("Passing clears it. It has no time yet, so it will wait for one.")
    if post.due_at <= now:
        return _("Its time has passed, so after your pass a person must set a new one.")
    local = post.due_at.astimezone(ZoneInfo(post.due_zone))
    day = formats.date_format(local, pgettext("date format", "D j M"))
    return _("Passing schedules it for %(time)s, %(zone)s.") % {
        "time": f"{day} {local:%H:%M}",
        "zone": city_words(post.due_zone),
    }


def sheet(step: RoundStep, *, member: Member, now: datetime) -> Sheet:
    """Read one step for the desk. ``step`` comes from a visible_to() queryset."""
    post = step.round.post
    round_ = latest_round(post) if post.rounds.count() else step.round
    if round_ is None or round_.pk != step.round_id:
        round_ = step.round
    levels = trail(round_)
    before = _version_before(step.round)
    asked = (
        Verdict.objects.filter(round__post=post, kind=VerdictKind.RETURN)
        .exclude(round=step.round)
        .select_related("member__user")
        .order_by("-at")
        .first()
    )
    can = RoundStep.objects.for_member(member).filter(pk=step.pk).exists()
    return Sheet(
        step=step,
        post=post,
        round=step.round,
        before=before,
        passages=passages(step.round.version, before, limit=post.account.text_limit),
        trail=levels,
        asked=asked,
        effect=effect_of_passing(step, levels, now=now),
        mine=can,
    )
