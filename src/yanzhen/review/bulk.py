"""Passing several posts at once, on planning's page of what is done to many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.bulk import Answers, Meanwhile, Outlook, VerbFace, register
from yanzhen.planning.checks import Check, CheckKind
from yanzhen.planning.content import Content, Json, PostKind
from yanzhen.planning.models import Post, Segment, content_of
from yanzhen.planning.queries_checks import brand_checks_of_texts
from yanzhen.planning.states import WRITABLE
from yanzhen.review.actions.rounds import pass_step
from yanzhen.review.models import Round, RoundStep, Verdict
from yanzhen.review.queries import effect_of_passing, trail
from yanzhen.review.states import VerdictKind


def _waiting(posts: Sequence[Post], by: Member) -> list[RoundStep]:
    """Return the steps of these posts that want a decision, with all that is said of them."""
    steps = RoundStep.objects.select_related("role").order_by("position")
    steps = steps.prefetch_related(Prefetch("verdicts", queryset=Verdict.objects.order_by("pk")))
    rows = RoundStep.objects.visible_to(by).waiting().filter(round__post__in=posts)
    return list(
        rows.select_related("role", "round__post__account", "round__version")
        .prefetch_related(
            "verdicts",
            Prefetch("round__steps", queryset=steps),
            Prefetch("round__version__segments", queryset=Segment.objects.all()),
        )
        .order_by("position", "pk")
    )


def _wants_proof(posts: Sequence[int], by: Member) -> bool:
    """Tell whether passing these posts (numbers) passes a level that asks for a fresh proof."""
    mine = RoundStep.objects.visible_to(by).for_member(by)
    return mine.proven().filter(round__post__in=posts).exists()


def _shown_whole(content: Content) -> bool:
    """Tell whether the texts alone say all of it, so that a list of texts can be decided on."""
    plain = content.kind == PostKind.POST and not content.terms.as_json()
    return plain and not any(segment.extras() for segment in content.segments)


def _brand_looks(steps: Sequence[RoundStep]) -> Mapping[int, Sequence[Check]]:
    """Return what the brand framework says now of what is in review, by the post's number."""
    rounds = {step.round.post_id: step.round for step in steps}
    asked = [(round_.post, content_of(round_.version)) for round_ in rounds.values()]
    return dict(zip(rounds, brand_checks_of_texts(asked), strict=True))


def _earlier(steps: Sequence[RoundStep]) -> Mapping[int, str]:
    """Say of what came back to review why the list is not enough, by the post's number.

    The desk shows what was asked for and what has changed; a list of texts shows neither.
    """
    now = {step.round.post_id: step.round for step in steps}
    returned = Verdict.objects.filter(round=OuterRef("pk"), kind=VerdictKind.RETURN)
    before = Round.objects.filter(post__in=now).exclude(pk__in=[each.pk for each in now.values()])
    words: dict[int, str] = {}
    rows = before.annotate(returned=Exists(returned)).order_by("returned", "pk")
    for post, version, was_returned in rows.values_list("post_id", "version_id", "returned"):
        if was_returned:
            words[post] = _("It was returned before. Open it to see why and what has changed.")
        elif version != now[post].version_id:
            words[post] = _("It has changed since it was in review before. Open it to see how.")
    return words


def _warning(check: Check) -> str:
    """Name what is to be looked at; of an error that somebody let stand, also who did and why."""
    if check.brand is None or check.brand.override is None:
        return check.title
    return _("%(rule)s. %(why)s") % {"rule": check.title, "why": check.text}


class Approve:
    """Passes the step that waits for the member, of each post, by pass_step."""

    face = VerbFace(
        slug="approve",
        name=pgettext_lazy("bulk", "Pass"),
        icon="icon-check",
        key="a",
        decision=Decision.REVIEW_DECIDE,
        place=10,
        note=gettext_lazy(
            "A decision is for exactly these texts and cannot be undone. Read them first."
        ),
    )

    def form(self, data: Mapping[str, Any] | None, *, member: Member) -> forms.Form:
        """Ask nothing."""
        return forms.Form(data)

    def outlooks(
        self, posts: Sequence[Post], asked: Answers, *, by: Member, now: datetime
    ) -> list[Outlook]:
        """Say what passing each step leads to, or who else decides."""
        waiting = _waiting(posts, by)
        own = RoundStep.objects.for_member(by).filter(pk__in=[step.pk for step in waiting])
        able = set(own.values_list("pk", flat=True))
        written = Post.objects.filter(pk__in=[post.pk for post in posts], writers=by)
        wrote = set(written.values_list("pk", flat=True))
        looks = _brand_looks(waiting)
        earlier = _earlier(waiting)
        mine: dict[int, RoundStep] = {}
        others: dict[int, RoundStep] = {}
        for step in waiting:
            (mine if step.pk in able else others).setdefault(step.round.post_id, step)
        return [
            self._outlook(post, mine[post.pk], looks[post.pk], earlier.get(post.pk, ""), now=now)
            if post.pk in mine
            else self._not_mine(post, others.get(post.pk), by=by, wrote=post.pk in wrote)
            for post in posts
        ]

    def _outlook(
        self, post: Post, step: RoundStep, looks: Sequence[Check], earlier: str, *, now: datetime
    ) -> Outlook:
        url = reverse("review-step", args=[step.pk])
        content = content_of(step.round.version)
        if not _shown_whole(content):
            why = _("There is more to it than text. Open it to decide.")
            return Outlook(post, why_not=why, url=url)
        if earlier:
            return Outlook(post, why_not=earlier, url=url)
        if stops := [check.title for check in looks if check.kind == CheckKind.STOP]:
            why = _("%(rule)s. Open it to decide.") % {"rule": stops[0]}
            return Outlook(post, why_not=why, url=url)
        effect = effect_of_passing(step, trail(step.round), now=now)
        seen = f"{step.pk} {step.round.digest}"
        return Outlook(
            post,
            will=effect,
            seen=seen,
            url=url,
            texts=content.texts,
            warnings=[_warning(check) for check in looks if check.kind == CheckKind.LOOK],
        )

    def _not_mine(self, post: Post, step: RoundStep | None, *, by: Member, wrote: bool) -> Outlook:
        url = reverse("post", args=[post.pk])
        if step is None and post.state in WRITABLE:
            if post.author_id == by.pk:
                url = reverse("review-submit", args=[post.pk])
            why = _("It is not in review: its author signs the self-check first. Open it.")
        elif step is None:
            why = _("Nothing waits for a decision: %(stage)s.") % {
                "stage": post.get_state_display()
            }
        elif wrote:
            why = _("You wrote in it, so somebody else decides.")
        elif step.role is not None and by.has_role(step.role.pk):
            why = _("You have decided in this round already.")
        else:
            role = step.role.shown_title if step.role else step.shown_title
            why = _("It waits for: %(role)s.") % {"role": role}
        return Outlook(post, why_not=why, url=url)

    def do(self, outlook: Outlook, asked: Answers, *, by: Member, now: datetime) -> Json | None:
        """Pass one step; there is no way back."""
        step = RoundStep.objects.get(pk=int(outlook.seen.split()[0]))
        pass_step(step, by=by, now=now)
        return None

    def undo(self, post: Post, kept: Json, *, by: Member, now: datetime) -> None:
        """Never asked for: nothing is kept."""
        raise Meanwhile


register(Approve(), wants_proof=_wants_proof)
