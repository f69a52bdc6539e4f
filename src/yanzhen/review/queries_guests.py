"""What a post's page says of its guests, and what a guest is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yanzhen.channels.platforms import platform
from yanzhen.planning.actions.recurring import rule_of
from yanzhen.planning.content import Content, PostKind
from yanzhen.planning.content_words import TermLine, term_lines
from yanzhen.planning.models import Post, content_of
from yanzhen.planning.pieces import Piece, pieces_of
from yanzhen.planning.rule_words import rule_words
from yanzhen.review.models import (
    GuestLink,
    GuestRemark,
    Round,
    RoundStep,
    Verdict,
    guest_may_decide,
    shown_by_inviters,
    standing_of,
)
from yanzhen.review.states import GuestRule, GuestStanding, RoundState, StepKind, StepState


@dataclass(frozen=True)
class GuestRow:
    """One link as the team sees it: whether it is open, what the guest decided and said."""

    link: GuestLink
    standing: GuestStanding
    verdict: Verdict | None
    remarks: Sequence[GuestRemark]

    @property
    def is_open(self) -> bool:
        """Whether the guest can still read the post."""
        return self.standing is GuestStanding.OPEN

    @property
    def ends(self) -> bool:
        """Whether there is something to revoke."""
        return self.standing in (GuestStanding.OPEN, GuestStanding.WITHHELD)


def guests_of(round_: Round, *, now: datetime) -> list[GuestRow]:
    """Return the round's links, the newest first, in as many queries for three as for one."""
    found = GuestLink.objects.whole().filter(round=round_).prefetch_related("remarks")
    links = list(found.select_related("verdict").order_by("-pk"))
    shown = shown_by_inviters(links)
    return [
        GuestRow(
            link=link,
            standing=standing_of(link, now=now, shown=shown),
            verdict=getattr(link, "verdict", None),
            remarks=sorted(link.remarks.all(), key=lambda remark: remark.pk),
        )
        for link in links
    ]


@dataclass(frozen=True)
class OpenStep:
    """One step of a round as the invitation offers it; ``why_not`` is a word, "" when it may."""

    step: RoundStep
    why_not: str


def steps_for(round_: Round) -> list[OpenStep]:
    """Return the round's steps that members decide, each with why no guest may.

    Words: "members" (the flow lets no guest), "last" (it is the last gate), "over" (decided).
    """
    steps = list(round_.steps.select_related("role").order_by("position"))
    last = max((step.position for step in steps), default=0)
    return [
        OpenStep(step, _why_not(step, last=last)) for step in steps if step.kind == StepKind.ROLE
    ]


def _why_not(step: RoundStep, *, last: int) -> str:
    if step.state not in (StepState.COMING, StepState.NOW):
        return "over"
    if step.guests == GuestRule.NO:
        return "members"
    return "last" if step.guests == GuestRule.YES and step.position == last else ""


@dataclass(frozen=True)
class GuestSheet:
    """What the guest's page shows while its link is open.

    ``before`` is a step that must be decided first, ``verdict`` the guest's own, ``decides``
    whether the step waits for them now, ``taken`` whether it was decided without them.
    """

    content: Content
    pieces: Sequence[Piece]
    lines: Sequence[TermLine]
    rule: str
    about: str
    remarks: Sequence[GuestRemark]
    verdict: Verdict | None
    decides: bool
    before: RoundStep | None
    taken: bool


def verdict_of(link: GuestLink) -> Verdict | None:
    """Return what the guest of this link decided, with its step."""
    return Verdict.objects.filter(guest=link).select_related("step").first()


def guest_sheet(link: GuestLink) -> GuestSheet:
    """Read what the guest of an open link is shown; ``link`` from whole()."""
    round_, post, step = link.round, link.round.post, link.step
    content = content_of(round_.version)
    verdict = verdict_of(link)
    answered = Verdict.objects.filter(round=round_, member_id=link.inviter_id).exists()
    open_ = step is not None and guest_may_decide(step) and verdict is None and not answered
    before = None
    if open_ and step is not None and step.state == StepState.COMING:
        earlier = round_.steps.filter(state=StepState.NOW).select_related("role")
        before = earlier.order_by("position").first()
    on = platform(post.account.platform)
    rule = rule_of(post)
    return GuestSheet(
        content=content,
        pieces=pieces_of(
            content.segments, limit=post.account.text_limit, workspace_id=post.workspace_id
        ),
        lines=term_lines(content.terms, lambda pk: on.post_url("i", pk)),
        rule=rule_words(rule) if rule else "",
        about=on.post_url("i", content.target) if content.kind != PostKind.POST else "",
        remarks=list(link.remarks.order_by("pk")),
        verdict=verdict,
        decides=open_ and step is not None and step.state == StepState.NOW,
        before=before,
        taken=step is not None and verdict is None and (not open_ or _is_over(step)),
    )


def _is_over(step: RoundStep) -> bool:
    return step.state not in (StepState.COMING, StepState.NOW)


def open_round(post: Post) -> Round | None:
    """Return the round of the post that is under way."""
    rounds = post.rounds.select_related("version", "post__account")
    return rounds.filter(state=RoundState.OPEN).first()
