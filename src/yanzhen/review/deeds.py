"""Passing and returning from a message, and what a message shows of the text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yanzhen.activity.feed import Told
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused
from yanzhen.notify import deeds
from yanzhen.notify.wiring import decides
from yanzhen.people.mail import address_of
from yanzhen.people.models import Member
from yanzhen.planning.content import Content, PostKind
from yanzhen.planning.models import Version, content_of
from yanzhen.review.actions.rounds import ReasonMissing, pass_step, return_step
from yanzhen.review.became import PASSED, RETURNED, became_of_round, became_of_step
from yanzhen.review.events import (
    FAST_ESCALATED,
    FAST_STARTED,
    ROUND_OPENED,
    ROUND_WITHDRAWN,
    STEP_PASSED,
    STEP_RETURNED,
)
from yanzhen.review.models import Round, RoundStep
from yanzhen.review.states import Reason

#: What wants a decision, as long as a step of its round waits for one.
KINDS = (ROUND_OPENED, STEP_PASSED, FAST_STARTED, FAST_ESCALATED)
#: Less than a message takes, so that nothing is cut.
MOST_TEXT = 2800


def round_of(event: Told) -> int:
    """Return the number of the round an event is about."""
    return int(event.subject_id if event.subject_type == "review.round" else event.data["round"])


def _matter(event: Told) -> str:
    """Return how messages name what an event of a round wants decided, or decides."""
    return f"review.round:{round_of(event)}"


def _waiting(event: Told) -> str:
    """Return the step that waits for a decision; with several at once, they are for the page."""
    steps = RoundStep.objects.waiting().filter(round_id=round_of(event))
    found = list(steps.values_list("pk", flat=True)[:2])
    return str(found[0]) if len(found) == 1 else ""


def _step(by: Member, target: str) -> RoundStep:
    """Return the step, of those the member may see. Raises RoundStep.DoesNotExist."""
    steps = RoundStep.objects.visible_to(by).select_related("round__post__author__user")
    return steps.get(pk=parse_id(target) or 0)


def _pass(by: Member, target: str, given: deeds.Given, now: datetime) -> deeds.Words:
    step = _step(by, target)
    pass_step(step, by=by, now=now)
    return deeds.say(PASSED, name=by.name)


def _proof_page(by: Member, target: str) -> str:
    """Return the desk's address of a step that nobody passes without a fresh proof, else ""."""
    step = RoundStep.objects.visible_to(by).proven().filter(pk=parse_id(target) or 0).first()
    return address_of("review-step", step_id=step.pk) if step else ""


def _return(by: Member, target: str, given: deeds.Given, now: datetime) -> deeds.Words:
    step = _step(by, target)
    if given.reason not in Reason.values:
        raise deeds.DeedRefused(_("Choose a reason."))
    try:
        return_step(step, by=by, reason=given.reason, comment=given.comment, now=now)
    except ReasonMissing:
        raise deeds.DeedRefused(_("Say what should change.")) from None
    except TextRefused as refused:
        raise deeds.DeedRefused(str(refused)) from None
    return deeds.say(
        RETURNED,
        name=by.name,
        author=step.round.post.author.name,
        comment=given.comment.strip(),
    )


def _became(event: Told, target: str) -> deeds.Words:
    """Say who decided the step that was offered, or the round; "" while it waits."""
    if target:
        steps = RoundStep.objects.select_related("round__post__author__user")
        step = steps.get(pk=parse_id(target) or 0)
        return became_of_step(step)
    rounds = Round.objects.select_related("post__author__user")
    return became_of_round(rounds.get(pk=round_of(event)))


def _reasons() -> Sequence[tuple[str, str]]:
    return [(value, str(words)) for value, words in Reason.choices]


PASS = deeds.Deed(
    "review.pass",
    label=pgettext_lazy("verdict", "Pass"),
    target=_waiting,
    run=_pass,
    style="primary",
    proof_page=_proof_page,
    became=_became,
)
RETURN = deeds.Deed(
    "review.return",
    label=pgettext_lazy("verdict", "Return"),
    target=_waiting,
    run=_return,
    style="danger",
    asks=deeds.Asked(
        reasons=_reasons,
        reason_label=gettext_lazy("Reason"),
        comment_label=gettext_lazy("What should change"),
    ),
    # Whoever sees a part may know enough to send it back.
    decides=False,
    became=_became,
)


def _text_of(event: Told) -> deeds.Detail | None:
    """Return the text under review, and whether a message shows all that an approval is for."""
    rounds = Round.objects.select_related("version__account")
    round_ = rounds.filter(pk=round_of(event)).first()
    if round_ is None:
        return None
    note = _("There is more to it than this text. Open it to see all and to pass it.")
    return words_of(round_.version, more=note)


def words_of(version: Version, *, more: str) -> deeds.Detail:
    """Return what a message shows of a version, its account loaded; with ``more`` if not all."""
    content = content_of(version)
    text = f"@{version.account.handle}\n" + "\n\n".join(content.texts)
    if _all_in_text(content) and len(text) <= MOST_TEXT:
        return deeds.Detail(text)
    return deeds.Detail(text[:MOST_TEXT], whole=False, note=more)


def _all_in_text(content: Content) -> bool:
    """Tell whether the texts are all there is: no files, no poll, no terms, no other post."""
    plain = not any(segment.media or segment.poll for segment in content.segments)
    return plain and content.kind == PostKind.POST and not content.terms.as_json()


deeds.offer(KINDS, PASS, RETURN, matter=_matter)
deeds.detail(KINDS, _text_of)
decides(STEP_PASSED, STEP_RETURNED, ROUND_WITHDRAWN, matters=lambda event: [_matter(event)])
