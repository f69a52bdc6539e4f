"""What has become of a step or a round, and by whom, for messages that asked for a decision."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.feed import events
from yanzhen.activity.refs import SYSTEM
from yanzhen.notify import deeds
from yanzhen.review.events import ROUND_WITHDRAWN
from yanzhen.review.models import Round, RoundStep, Verdict
from yanzhen.review.states import RoundState, StepKind, StepState, VerdictKind

PASSED = _("%(name)s passed this step.")
RETURNED = _("%(name)s returned it to %(author)s: %(comment)s")
#: Why a round ended without a decision, by what its event says.
_WITHDRAWN = {
    "author": _("%(name)s took it back from review."),
    "revised": _("%(name)s changed it, so there is nothing to decide here."),
}
_OVER = _("There is nothing to decide here any more.")


def became_of_step(step: RoundStep) -> deeds.Words:
    """Say who decided the step, "" while it waits; the round with post and author loaded."""
    if step.state in {StepState.COMING, StepState.NOW}:
        return ""
    if step.state == StepState.PASSED:
        verdict = _verdicts(step.round).filter(step=step, kind=VerdictKind.PASS).last()
        return deeds.say(PASSED, name=_name(verdict)) if verdict is not None else _OVER
    return became_of_round(step.round) or _OVER


def became_of_round(round_: Round) -> deeds.Words:
    """Say who decided a round last, "" while it is open; its post and author loaded."""
    if round_.state == RoundState.OPEN:
        return ""
    if round_.state == RoundState.WITHDRAWN:
        return _withdrawn(round_)
    verdict = _verdicts(round_).last()
    if verdict is None:
        return _OVER
    if round_.state == RoundState.PASSED:
        return deeds.say(_("%(name)s gave the last pass."), name=_name(verdict))
    author = round_.post.author.name
    return deeds.say(RETURNED, name=_name(verdict), author=author, comment=verdict.comment)


def _verdicts(round_: Round) -> QuerySet[Verdict]:
    rows = Verdict.objects.filter(round=round_, step__kind=StepKind.ROLE)
    return rows.select_related("member__user").order_by("pk")


def _name(verdict: Verdict) -> str:
    return verdict.guest_name or verdict.member.name


def _withdrawn(round_: Round) -> deeds.Words:
    ref = round_.ref
    ended = events().objects.filter(
        kind=ROUND_WITHDRAWN.slug, subject_type=ref.type, subject_id=ref.id
    )
    event = ended.order_by("-pk").first()
    words = _WITHDRAWN.get(event.data["because"]) if event is not None else None
    if event is None or words is None or event.actor_type == SYSTEM.type:
        return _OVER
    return deeds.say(words, name=event.actor_label)
