"""What people asks about roles: which steps of review ask for them, and how they go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yanzhen.people.ports import measure, tell_uses
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.review.models import FastStep, Round, RoundStep, Step, Verdict
from yanzhen.review.states import RoundState, StepKind, StepState, VerdictKind

SPAN = timedelta(days=30)
_HOUR = 3600


def _uses(role_id: int) -> list[str]:
    """Return the steps of review that ask for the role, and posts in review that wait for it."""
    titles = [step.shown_title for step in Step.objects.filter(role_id=role_id, flow__active=True)]
    titles += [step.shown_title for step in FastStep.objects.filter(role_id=role_id)]
    uses = [_("the step “%(step)s” of review") % {"step": title} for title in titles]
    return uses + _waiting(role_id)


def _waiting(role_id: int) -> list[str]:
    """Return how many posts in review ask for it still, though the flow may have changed since."""
    steps = RoundStep.objects.filter(role_id=role_id, round__state=RoundState.OPEN)
    undecided = steps.filter(state__in=[StepState.COMING, StepState.NOW])
    count = undecided.values("round").distinct().count()
    words = ngettext("%(count)d post in review", "%(count)d posts in review", count)
    return [words % {"count": count}] if count else []


def _share(part: int, whole: int) -> str:
    return _("%(percent)d%% of %(count)d") % {"percent": round(100 * part / whole), "count": whole}


def _passed_first_time(workspace_id: int, members: Collection[int], now: datetime) -> str:
    rounds = Round.objects.filter(
        workspace_id=workspace_id,
        number=1,
        post__author_id__in=members,
        closed_at__gt=now - SPAN,
        state__in=[RoundState.PASSED, RoundState.RETURNED],
    )
    states = list(rounds.values_list("state", flat=True))
    return _share(states.count(RoundState.PASSED), len(states)) if states else ""


def _verdicts(workspace_id: int, members: Collection[int], now: datetime) -> list[Verdict]:
    rows = Verdict.objects.filter(
        round__workspace_id=workspace_id, member_id__in=members, at__gt=now - SPAN
    )
    # What a guest decided is not the work of whoever invited them.
    rows = rows.filter(step__kind=StepKind.ROLE, guest=None)
    return list(rows.select_related("step"))


def _time_to_decide(workspace_id: int, members: Collection[int], now: datetime) -> str:
    waits = [
        (verdict.at - verdict.step.started_at).total_seconds() / _HOUR
        for verdict in _verdicts(workspace_id, members, now)
        if verdict.step.started_at is not None
    ]
    if not waits:
        return ""
    return _("%(hours).1f h in the middle") % {"hours": median(waits)}


def _returned(workspace_id: int, members: Collection[int], now: datetime) -> str:
    kinds = [verdict.kind for verdict in _verdicts(workspace_id, members, now)]
    return _share(kinds.count(VerdictKind.RETURN), len(kinds)) if kinds else ""


def _went_out(workspace_id: int, members: Collection[int], now: datetime) -> str:
    posts = Post.objects.filter(
        workspace_id=workspace_id,
        author_id__in=members,
        state=PostState.PUBLISHED,
        due_at__gt=now - SPAN,
    )
    return str(posts.count() or "")


def _in_campaigns(workspace_id: int, members: Collection[int], now: datetime) -> str:
    posts = Post.objects.filter(
        workspace_id=workspace_id, state=PostState.PUBLISHED, due_at__range=(now - SPAN, now)
    )
    whole = posts.count()
    return _share(posts.filter(campaign__isnull=False).count(), whole) if whole else ""


tell_uses(_uses)
measure("passed_first_time", gettext_lazy("Passed first time"), _passed_first_time)
measure("time_to_decide", gettext_lazy("Time to a decision"), _time_to_decide)
measure("returned_with_reason", gettext_lazy("Returned with a reason"), _returned)
measure("went_out", gettext_lazy("Posts that went out"), _went_out)
measure("in_campaigns", gettext_lazy("Posts in a campaign"), _in_campaigns)
