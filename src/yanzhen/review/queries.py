"""What the review pages show, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanzhen.channels.platforms import platform
from yanzhen.channels.prices import dollars
from yanzhen.kernel.text import Weight, weigh
from yanzhen.library.models import MediaFile
from yanzhen.people.models import Member
from yanzhen.people.zones import city_words
from yanzhen.planning.actions.recurring import rule_of
from yanzhen.planning.checks import Check
from yanzhen.planning.content import Content
from yanzhen.planning.diffing import Run, RunKind
from yanzhen.planning.diffing_parts import Line, SegmentDiff, diff_contents, diff_terms, unchanged
from yanzhen.planning.models import Post, Segment, Version, content_of
from yanzhen.planning.pieces import files_of
from yanzhen.planning.ports import Standing, outside
from yanzhen.planning.pricing import price_of
from yanzhen.planning.queries_checks import brand_checks
from yanzhen.planning.rule_words import TimeLine, rule_words, time_lines
from yanzhen.review.models import Round, RoundStep, RoundStepQuerySet, Verdict
from yanzhen.review.queries_guests import GuestRow, guests_of
from yanzhen.review.states import RoundState, StepState, VerdictKind

MOST_COMING = 10
MOST_TEAM = 100


def _for_list(steps: RoundStepQuerySet) -> RoundStepQuerySet:
    """With everything a row shows, in one query."""
    return steps.select_related(
        "role",
        "round__post__account",
        "round__post__author__user",
        "round__post__embargo",
        "round__version",
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
    coming = RoundStep.objects.visible_to(member).decided_by(member)
    steps = coming.filter(state=StepState.COMING, round__state=RoundState.OPEN)
    return list(_for_list(steps).order_by("round__opened_at", "pk")[:MOST_COMING])


@dataclass(frozen=True)
class Passage:
    """One segment as a reviewer reads it: against the version before, with weight and price."""

    text: str
    diff: SegmentDiff
    weight: Weight
    price: str = ""

    @property
    def runs(self) -> Sequence[Run]:
        """The words with what changed."""
        return self.diff.runs


@dataclass(frozen=True)
class Reading:
    """Everything that is approved, for reading: segments, terms, files by number, what it costs.

    ``times`` are all the times a recurring post goes out, ``rule`` says by which rule.
    """

    passages: Sequence[Passage]
    terms: Sequence[Line]
    files: Mapping[int, MediaFile]
    price: str
    rule: str = ""
    times: Sequence[TimeLine] = ()


def read(post: Post, content: Content, before: Content | None = None) -> Reading:
    """Prepare content for reading, compared with ``before`` where there is one."""
    segments = content.segments
    rows = diff_contents(before.segments, segments) if before else unchanged(segments)
    price = price_of(content, own_target=_answers_own(post, content))
    prices = iter(price.segments)
    rule = rule_of(post)
    on = platform(post.account.platform)
    return Reading(
        passages=[_passage(row, prices, limit=post.account.text_limit) for row in rows],
        terms=diff_terms(before, content, lambda pk: on.post_url("i", pk)),
        files=files_of([*segments, *(before.segments if before else ())], post.workspace_id),
        price=dollars(price.micros),
        rule=rule_words(rule) if rule else "",
        times=time_lines(post, rule) if rule else (),
    )


def _answers_own(post: Post, content: Content) -> bool:
    target = content.terms.reply_to
    return bool(target) and outside().standing(post.account_id, target) is Standing.OURS


def _passage(row: SegmentDiff, prices: Iterator[int], *, limit: int) -> Passage:
    if row.fate is RunKind.REMOVED:
        return Passage("", row, weigh("", limit))
    text = row.content.text
    return Passage(text, row, weigh(text, limit), dollars(next(prices, 0)))


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
    verdicts = Verdict.objects.select_related("member__user", "acting_for__user").order_by(
        "at", "pk"
    )
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


@dataclass(frozen=True)
class Sheet:
    """Everything the reviewer's desk shows of one step."""

    step: RoundStep
    post: Post
    round: Round
    before: Version | None
    reading: Reading
    trail: Sequence[TrailStep]
    asked: Verdict | None
    effect: str
    mine: bool
    brand: Sequence[Check] = ()
    guests: Sequence[GuestRow] = ()


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
    beside = [each.step for each in levels if each.look == "now" and each.step.pk != step.pk]
    if beside:
        return _("It also needs: %(level)s.") % {"level": beside[0].shown_title}
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
    content = content_of(step.round.version)
    return Sheet(
        step=step,
        post=post,
        round=step.round,
        before=before,
        reading=read(post, content, content_of(before) if before else None),
        trail=levels,
        asked=asked,
        effect=effect_of_passing(step, levels, now=now),
        mine=can,
        brand=brand_checks(post, content),
        guests=guests_of(step.round, now=now),
    )
