"""Posts in every stage of review, made through the actions."""

from __future__ import annotations

from yanzhen.activity.feed import events
from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.models import Post
from yanzhen.review.actions.rounds import pass_step, submit_post
from yanzhen.review.models import CheckPoint, Round, RoundStep
from yanzhen.review.states import StepState


def all_ticked(post: Post) -> dict[int, bool]:
    """Tick every point of the workspace's self-check."""
    points = CheckPoint.objects.filter(flow__workspace_id=post.workspace_id, flow__active=True)
    return {point.pk: True for point in points}


def make_post(account: Account, author: Member, *texts: str, title: str = "") -> Post:
    """Start a post with these segments."""
    texts = texts or ("Geese take turns at the lead.",)
    return create_post(account=account, by=author, texts=texts, title=title, now=NOW)


def submitted(account: Account, author: Member, *texts: str) -> Round:
    """Write a post and send it to review."""
    post = make_post(account, author, *texts)
    return submit_post(post, by=author, ticks=all_ticked(post), now=NOW)


def waiting_step(round_: Round) -> RoundStep:
    """Return the step that wants a decision."""
    return RoundStep.objects.select_related("round__post").get(round=round_, state=StepState.NOW)


def pass_all(round_: Round, *deciders: Member) -> Post:
    """Pass the waiting levels one after another and return the post."""
    for member in deciders:
        pass_step(waiting_step(round_), by=member, now=NOW)
    return Post.objects.get(pk=round_.post_id)


def kinds_about(subject_type: str, pk: int) -> list[str]:
    """Return the kinds recorded about one thing, oldest first."""
    return list(events().objects.about(subject_type, str(pk)).values_list("kind", flat=True))
