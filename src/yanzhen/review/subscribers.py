"""What review does when others announce something, inside their transaction."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse

from yanzhen.activity.feed import Told
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import within
from yanzhen.activity.veils import veil
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.wiring import tells
from yanzhen.people.events import WORKSPACE_CREATED
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.planning.events import POST_DROPPED, POST_REVISED
from yanzhen.planning.models import Post
from yanzhen.planning.queries_embargo import insiders
from yanzhen.review.actions.fast_lane import seed_lane
from yanzhen.review.actions.flows import seed_flow
from yanzhen.review.actions.rounds import close_round_of
from yanzhen.review.events import (
    FAST_BREACHED,
    FAST_ESCALATED,
    FAST_STARTED,
    GUEST_INVITED,
    GUEST_SAID,
    ROUND_OPENED,
    ROUND_PASSED,
    STEP_PASSED,
    STEP_RETURNED,
)
from yanzhen.review.models import FastRun, GuestLink, Round, RoundStep, Verdict
from yanzhen.review.states import StepKind, StepState, VerdictKind


def _veiled_rounds(member: Member) -> QuerySet[Round]:
    return Round.objects.filter(post_id__in=veiled_posts(member))


def _veiled_runs(member: Member) -> QuerySet[FastRun]:
    return FastRun.objects.filter(round__post_id__in=veiled_posts(member))


veil("review.round", _veiled_rounds, ground=veiled_posts, told=True)
veil("review.fast_run", _veiled_runs, ground=veiled_posts, told=True)


def _actor(event: Told) -> Ref:
    return Ref(event.actor_type, event.actor_id, event.actor_label)


def _give_flow(event: Told) -> None:
    """A new workspace starts with the three levels."""
    seed_flow(Workspace.objects.get(pk=event.workspace_id), now=event.at)


def _close_revised(event: Told) -> None:
    """Editing opens a new round, so the old one ends here."""
    close_round_of(int(event.subject_id), because="revised", by=_actor(event), now=event.at)


def _close_dropped(event: Told) -> None:
    """Nobody should judge what will not be used."""
    close_round_of(int(event.subject_id), because="dropped", by=_actor(event), now=event.at)


within(WORKSPACE_CREATED, _give_flow)
within(POST_REVISED, _close_revised)
within(POST_DROPPED, _close_dropped)


def _give_lane(event: Told) -> None:
    """A new workspace starts with a fast lane that asks the people of its flow."""
    seed_lane(Workspace.objects.get(pk=event.workspace_id))


within(WORKSPACE_CREATED, _give_lane)


def _team(event: Told) -> list[Member]:
    team = Member.objects.filter(workspace_id=event.workspace_id)
    return list(team.active().with_roles())


def _resolvers(event: Told) -> list[Member]:
    """The deputies: those who decide what happens to posts of its account that are stuck."""
    account_id = Post.objects.values_list("account_id", flat=True).get(pk=event.data["post"])
    return [
        member
        for member in _team(event)
        if member.may(Decision.PUBLISH_RESOLVE, account_id=account_id)
    ]


def _lead_or_resolvers(event: Told) -> list[Member]:
    workspace = Workspace.objects.select_related("lead").get(pk=event.workspace_id)
    lead = [workspace.lead] if workspace.lead is not None else []
    # Whoever should have handed over may be asleep.
    return lead if lead and not workspace.lead_overdue(event.at) else [*lead, *_resolvers(event)]


def _tell_deciders(event: Told) -> None:
    """Thirty minutes are short: everybody who may decide hears of it when it begins."""
    steps = RoundStep.objects.filter(round_id=event.data["round"], kind=StepKind.ROLE)
    roles = set(steps.values_list("role_id", flat=True))
    post = Post.objects.get(pk=event.data["post"])
    writers = {post.author_id, *post.writers.values_list("pk", flat=True)}
    deciders = [
        member
        for member in _team(event)
        if member.pk not in writers and _decides_one(member, roles, post, barred=writers)
    ]
    tell(event, members=deciders, url=_page_of(event), urgent=True)


def _decides_one(member: Member, roles: Iterable[int], post: Post, *, barred: set[int]) -> bool:
    """Tell whether the member could decide as one of these roles, by right of none ``barred``."""
    account_id = post.account_id
    return any(
        member.authority(Decision.REVIEW_DECIDE, account_id=account_id, role_id=role, barred=barred)
        for role in roles
    )


def _tell_next(event: Told) -> None:
    """First whoever has the lead, then the deputies; with nobody in the lead, the deputies."""
    first = event.data["level"] == 1
    told = _lead_or_resolvers(event) if first else _resolvers(event)
    tell(event, members=told, url=_page_of(event), urgent=True)


def _tell_breach(event: Told) -> None:
    """The time is over: the author and whoever has the lead."""
    post = Post.objects.select_related("author").get(pk=event.data["post"])
    told = [post.author, *_lead_or_resolvers(event)]
    tell(event, members=told, url=_page_of(event), urgent=True)


def _page_of(event: Told) -> str:
    """The open step on the desk, where it can be decided; else the post."""
    waiting = RoundStep.objects.waiting().filter(round_id=event.data["round"])
    step = waiting.order_by("position").values_list("pk", flat=True).first()
    if step is None:
        return reverse("post", args=[event.data["post"]])
    return reverse("review-step", args=[step])


tells(FAST_STARTED, listener=_tell_deciders)
tells(FAST_ESCALATED, listener=_tell_next)
tells(FAST_BREACHED, listener=_tell_breach)


def _tell_of_guest(event: Told) -> None:
    """What a guest said or decided: whoever invited them, and the author."""
    if event.actor_type != "review.guest_link":
        return
    link = GuestLink.objects.select_related("inviter", "round__post__author").get(pk=event.actor_id)
    told = [link.inviter, link.round.post.author]
    tell(event, members=told, url=reverse("post", args=[link.round.post_id]))


def _tell_insiders(event: Told) -> None:
    """Somebody outside the embargo's list may read the post: everybody on the list hears of it."""
    if not event.data["embargo"]:
        return
    post = Post.objects.select_related("author", "embargo").get(pk=event.data["post"])
    others = [each for each in insiders(post) if str(each.pk) != event.actor_id]
    tell(event, members=others, url=reverse("post", args=[post.pk]))


tells(GUEST_SAID, STEP_PASSED, STEP_RETURNED, listener=_tell_of_guest)
tells(GUEST_INVITED, listener=_tell_insiders)


def _begins(event: Told) -> RoundStep | None:
    """Return the step that begins with what happened, or None; steps begin after it is recorded.

    In the fast lane everybody was told when it started.
    """
    steps = RoundStep.objects.filter(round_id=event.subject_id, round__due_at=None)
    coming = steps.filter(kind=StepKind.ROLE, state=StepState.COMING).order_by("position")
    if event.kind == STEP_PASSED.slug:
        decided = steps.filter(state=StepState.NOW, position=event.data["level"] - 1).first()
        if decided is None:
            return None
        if decided.verdicts.filter(kind=VerdictKind.PASS).count() < decided.quorum:
            return None
    return coming.select_related("round").first()


def _tell_waiting(event: Told) -> None:
    """A step begins: whoever may decide it, by their own right or by one lent to them.

    Which is nobody who wrote in it or has decided, and nobody by the right of such a one.
    """
    step = _begins(event)
    if step is None or step.role_id is None:
        return
    roles = [step.role_id]
    post = Post.objects.get(pk=event.data["post"])
    out = {post.author_id, *post.writers.values_list("pk", flat=True)}
    verdicts = Verdict.objects.filter(round_id=step.round_id)
    out |= set(verdicts.values_list("member_id", flat=True))
    lent = verdicts.filter(acting_for__isnull=False).values_list("acting_for_id", flat=True)
    out |= set(lent)
    deciders = [
        member
        for member in _team(event)
        if member.pk not in out and _decides_one(member, roles, post, barred=out)
    ]
    tell(event, members=deciders, url=reverse("review-step", args=[step.pk]))


def _tell_author(event: Told) -> None:
    """What became of a post in review: its author."""
    post = Post.objects.select_related("author").get(pk=event.data["post"])
    tell(event, members=[post.author], url=reverse("post", args=[post.pk]))


tells(ROUND_OPENED, STEP_PASSED, listener=_tell_waiting)
tells(STEP_RETURNED, ROUND_PASSED, listener=_tell_author)
