"""Ways of working: how much of review a team of a given size uses, and when it is time for more.

Read only. What is chosen is the flow and the fast lane themselves; a way is what they amount to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Post
from yanzhen.review.models import FastLane, Flow, Verdict
from yanzhen.review.states import StepKind, VerdictKind

SPAN = timedelta(days=30)
WEEKS = 4
PAIR, TRIO, TEAM = 2, 3, 5
MANY_POSTS_A_WEEK = 10
MANY_RETURNED_PERCENT = 30
FEW_VERDICTS = 5


@dataclass(frozen=True)
class Way:
    """One preset. ``steps`` are the standard roles that pass a post after its self-check.

    ``fast`` says whether the fast lane is on.
    """

    slug: str
    title: str | Promise
    says: str | Promise
    steps: tuple[str, ...]
    fast: bool

    @property
    def alone(self) -> bool:
        """Tell whether nobody but the author looks."""
        return not self.steps


WAYS: tuple[Way, ...] = (
    Way(
        "alone",
        gettext_lazy("One person"),
        gettext_lazy("The author signs the self-check, and the post is passed. Nobody else looks."),
        (),
        fast=False,
    ),
    Way(
        "small",
        gettext_lazy("Small team"),
        gettext_lazy("The author signs the self-check, and one other person passes the post."),
        ("team_lead",),
        fast=False,
    ),
    Way(
        "full",
        gettext_lazy("Full review"),
        gettext_lazy("Self-check, team lead and brand manager: three people, and the fast lane."),
        ("team_lead", "brand_manager"),
        fast=True,
    ),
)
BY_SLUG = {way.slug: way for way in WAYS}


def way_of(workspace_id: int) -> Way | None:
    """Return which preset the flow amounts to, None for a flow of the team's own."""
    flow = Flow.objects.filter(workspace_id=workspace_id, active=True).first()
    if flow is None:
        return None
    steps = list(flow.steps.select_related("role").order_by("position"))
    asked = tuple(step.role.slug for step in steps if step.role is not None)
    signed = [step.kind for step in steps[:1]] == [StepKind.SELF]
    plain = all(step.quorum == 1 for step in steps)
    return next((w for w in WAYS if signed and plain and w.steps == asked), None)


def mechanisms(workspace_id: int) -> list[tuple[str, bool]]:
    """Return what review uses, by name, and whether it is on."""
    flow = Flow.objects.filter(workspace_id=workspace_id, active=True).first()
    kinds = list(flow.steps.values_list("kind", flat=True)) if flow else []
    others = kinds.count(StepKind.ROLE)
    lane = FastLane.objects.filter(workspace_id=workspace_id, active=True).exists()
    return [
        (_("Self-check by the author"), StepKind.SELF in kinds),
        (_("Another person passes each post"), others > 0),
        (_("A second person has the last word"), others > 1),
        (_("Fast lane for what cannot wait"), lane),
    ]


@dataclass(frozen=True)
class Growth:
    """One step that the numbers suggest: the way it leads to, and why."""

    way: Way
    reason: str


def growths(workspace_id: int, members: Sequence[Member], *, now: datetime) -> list[Growth]:
    """Return the next step that the last 30 days suggest; none, or one.

    ``members`` are the active ones, loaded with_roles().
    """
    way = way_of(workspace_id)
    if way is None or way.slug == "full":
        return []
    if way.alone:
        writers = [member for member in members if member.may_somewhere(Decision.POST_WRITE)]
        if len(members) < PAIR or not writers:
            return []
        words = ngettext(
            "You are %(count)d person by now: another can look before a post goes out.",
            "You are %(count)d people by now: another can look before a post goes out.",
            len(members),
        )
        return [Growth(BY_SLUG["small"], words % {"count": len(members)})]
    reason = _why_full(workspace_id, members, now=now)
    return [Growth(BY_SLUG["full"], reason)] if reason else []


def _why_full(workspace_id: int, members: Sequence[Member], *, now: datetime) -> str:
    """Return why a second look would help, or ""; it takes three people to have one."""
    if len(members) < TRIO:
        return ""
    if len(members) >= TEAM:
        return _("You are %(count)d people by now: three levels keep one voice.") % {
            "count": len(members)
        }
    verdicts = Verdict.objects.filter(
        round__workspace_id=workspace_id, at__gt=now - SPAN, step__kind=StepKind.ROLE
    )
    kinds = list(verdicts.values_list("kind", flat=True))
    returned = round(100 * kinds.count(VerdictKind.RETURN) / len(kinds)) if kinds else 0
    if len(kinds) >= FEW_VERDICTS and returned >= MANY_RETURNED_PERCENT:
        return _("%(percent)d%% of the posts were returned: a second look settles the tone.") % {
            "percent": returned
        }
    posts = Post.objects.filter(workspace_id=workspace_id, due_at__range=(now - SPAN, now)).count()
    weekly = posts // WEEKS
    if weekly >= MANY_POSTS_A_WEEK:
        return _("%(count)d posts a week: share the last word with a second person.") % {
            "count": weekly
        }
    return ""
