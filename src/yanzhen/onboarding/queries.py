"""What the first hour shows: how far the steps are, and what is left on the lists of Today.

What was done is read from the data of the rooms. Marks only say what the data cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from yanzhen.brand.models import BrandFramework
from yanzhen.channels.models import Account
from yanzhen.duty.models import Site, Turn
from yanzhen.notify.models import Preference
from yanzhen.onboarding.models import HiddenList, StepMark, Tick
from yanzhen.onboarding.states import StepState
from yanzhen.onboarding.steps import ALL_OWN, OWN_POINTS, STEPS, TEAM_POINTS, Point, Step
from yanzhen.people.models import Invitation, Member, Workspace
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Post, Theme
from yanzhen.planning.states import PostState
from yanzhen.signin.queries import FACTORS

_OUT = (PostState.SCHEDULED, PostState.PUBLISHED, PostState.PARTIAL)


@dataclass(frozen=True)
class Standing:
    """One step as a member finds it. ``mark`` says who settled it, None while nobody has."""

    step: Step
    number: int
    state: StepState
    mark: StepMark | None
    may: bool

    @property
    def url(self) -> str:
        """Its page."""
        return reverse(self.step.url_name)

    @property
    def settled(self) -> bool:
        """Whether nothing is to be done here any more."""
        return self.state is not StepState.OPEN


@dataclass(frozen=True)
class Line:
    """One point of a list, and whether it is done."""

    point: Point
    done: bool

    @property
    def url(self) -> str:
        """Where it is done."""
        return reverse(self.point.url_name)


@dataclass(frozen=True)
class FirstList:
    """What stands on Today until it is done. ``team`` is the workspace's, else the reader's own.

    ``begun`` says whether anybody has settled a step of the first ten minutes.
    """

    team: bool
    lines: Sequence[Line]
    begun: bool = True

    @property
    def done(self) -> int:
        """How many points are done."""
        return sum(line.done for line in self.lines)


def _workspace_facts(member: Member) -> Mapping[str, bool]:
    """Return what the workspace has by now, in one query."""
    others = Member.objects.active().exclude(pk=member.pk)
    invited = Invitation.objects.filter(taken_at=None, withdrawn_at=None)
    posts = Post.objects.visible_to(member).filter(state__in=_OUT)
    facts: dict[str, QuerySet[Any]] = {
        "people": others.filter(workspace=OuterRef("pk")),
        "invited": invited.filter(workspace=OuterRef("pk")),
        "places": Site.objects.filter(workspace=OuterRef("pk")),
        "account": Account.objects.connected().filter(workspace=OuterRef("pk")),
        "words": BrandFramework.objects.filter(workspace=OuterRef("pk"), live__isnull=False),
        "theme": Theme.objects.filter(workspace=OuterRef("pk")),
        "rota": Turn.objects.filter(rota__workspace=OuterRef("pk")),
        "post": posts.filter(workspace=OuterRef("pk")),
        "hidden": HiddenList.objects.filter(workspace=OuterRef("pk")),
        "begun": StepMark.objects.filter(workspace=OuterRef("pk")),
    }
    rows = Workspace.objects.filter(pk=member.workspace_id)
    found = rows.annotate(**{f"has_{name}": Exists(each) for name, each in facts.items()})
    row = found.values(*(f"has_{name}" for name in facts)).get()
    return {name: row[f"has_{name}"] for name in facts}


def standings_of(member: Member) -> list[Standing]:
    """Return all steps of the member's workspace in order. Two queries."""
    facts = _workspace_facts(member)
    shown = {**facts, "people": facts["people"] or facts["invited"]}
    marks = StepMark.objects.visible_to(member).select_related("by__user")
    by_step = {mark.step: mark for mark in marks}
    return [
        Standing(
            step,
            number,
            _state(by_step.get(step.slug), shown.get(step.slug, False)),
            by_step.get(step.slug),
            member.may_somewhere(step.asks),
        )
        for number, step in enumerate(STEPS, start=1)
    ]


def _state(mark: StepMark | None, shown: bool) -> StepState:
    """Return done where the data show it, whatever was said; else what was said."""
    if shown:
        return StepState.DONE
    return StepState(mark.state) if mark else StepState.OPEN


def next_open(standings: Sequence[Standing], *, after: int = 0) -> Standing | None:
    """Return the first open step behind number ``after``, else the first open one at all."""
    still = [each for each in standings if not each.settled]
    return next((each for each in still if each.number > after), still[0] if still else None)


def first_list_for(member: Member) -> FirstList | None:
    """Return the list that Today shows the member, None when it is done or hidden. One query."""
    if member.may_somewhere(Decision.WORKSPACE_EDIT):
        facts = _workspace_facts(member)
        lines = [Line(point, facts[point.slug]) for point in _points_for(member)]
        found = FirstList(team=True, lines=lines, begun=facts["begun"])
        return None if facts["hidden"] or found.done == len(lines) else found
    done = _own_facts(member)
    lines = [Line(point, done[point.slug]) for point in OWN_POINTS]
    return None if done[ALL_OWN] or all(line.done for line in lines) else FirstList(False, lines)


def _points_for(member: Member) -> list[Point]:
    """Return the team's points; who may not write is led to the posts instead."""
    writes = member.may_somewhere(Decision.POST_WRITE)
    return [
        Point(point.slug, point.title, "posts") if point.slug == "post" and not writes else point
        for point in TEAM_POINTS
    ]


def _own_facts(member: Member) -> Mapping[str, bool]:
    """Return which of their own points a member has seen to, in one query."""
    facts: dict[str, QuerySet[Any]] = {
        point.slug: Tick.objects.filter(member=OuterRef("pk"), point=point.slug)
        for point in OWN_POINTS
    }
    facts[ALL_OWN] = Tick.objects.filter(member=OuterRef("pk"), point=ALL_OWN)
    facts["told_said"] = Preference.objects.filter(member=OuterRef("pk"))
    facts["factor"] = Authenticator.objects.filter(user=OuterRef("user"), type__in=FACTORS)
    rows = Member.objects.filter(pk=member.pk)
    found = rows.annotate(**{f"has_{name}": Exists(each) for name, each in facts.items()})
    row = found.values(*(f"has_{name}" for name in facts)).get()
    done = {name: row[f"has_{name}"] for name in facts}
    return {
        **done,
        "hours": done["hours"] or bool(member.user.city),
        "told": done["told"] or done["told_said"],
        "passkey": done["passkey"] or done["factor"],
    }


def list_is_hidden(member: Member) -> bool:
    """Tell whether the team's list is out of sight."""
    return HiddenList.objects.filter(workspace_id=member.workspace_id).exists()
