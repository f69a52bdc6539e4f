"""Whether a post can go out on X at all; asked before it enters review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.content import Content
from yanzhen.planning.models import Post
from yanzhen.planning.queries_checks import findings_for
from yanzhen.planning.queries_embargo import insiders
from yanzhen.review.models import FastStep, Step


def faults(post: Post, content: Content, *, viewer: Member, now: datetime) -> list[str]:
    """Return what stops this content from going out, as sentences in the reader's language.

    The same checks as beside the text, so that nothing new turns up at the door.
    """
    return [check.sentence for check in findings_for(post, content, viewer=viewer, now=now).stops]


def nobody_passes(post: Post, steps: Iterable[Step | FastStep]) -> list[str]:
    """Return which levels an embargoed post would never pass: too few on its list may decide.

    ``post`` with its embargo loaded; no sentence for a post without one. Two queries.
    """
    if post.standing_embargo is None:
        return []
    writers = set(post.writers.values_list("pk", flat=True)) | {post.author_id}
    people = [
        member
        for member in insiders(post).active().with_roles()
        if member.pk not in writers
        and member.may(Decision.REVIEW_DECIDE, account_id=post.account_id)
    ]
    return [
        _(
            "Too few people on the embargo’s list can pass “%(level)s” (%(role)s). Add a reviewer "
            "to the list first."
        )
        % {"level": step.shown_title, "role": step.role.shown_title}
        for step in steps
        # Only the self-check has no role.
        if step.role is not None
        and sum(member.stands_in(step.role.pk, account_id=post.account_id) for member in people)
        < step.quorum
    ]
