"""Bringing a whole plan in from a file: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.events import PLAN_IMPORTED, PlanImported
from yanzhen.planning.importing.plan import Plan, Planned, Source, check_plan
from yanzhen.planning.likeness import fingerprint
from yanzhen.planning.models import TITLE_LENGTH, Draft, Post
from yanzhen.planning.wording import words_of

WALL = "%Y-%m-%dT%H:%M"
_BATCH = 500


class PlanRefused(Exception):
    """The plan has rows with errors, so nothing was imported. ``plan`` says which and why."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{len(plan.refused)} rows cannot be imported")
        self.plan = plan


@transaction.atomic
def import_plan(*, source: Source, by: Member, now: datetime) -> Sequence[Post]:
    """Import every row of a file as a draft with its time, and return the posts in file order.

    The file is checked again inside the transaction, so that what was planned since the dry run
    counts. One event stands for the whole import. Raises NotAllowed, FileRefused, PlanRefused.
    """
    require(by, Decision.PLAN_IMPORT, workspace_id=by.workspace_id)
    plan = check_plan(source, viewer=by, now=now)
    if not plan.is_clean:
        raise PlanRefused(plan)
    if any(planned.when for planned in plan.posts):
        require(by, Decision.POST_SCHEDULE, workspace_id=by.workspace_id)
    posts = Post.objects.bulk_create(
        [_post(planned, by, now) for planned in plan.posts], batch_size=_BATCH
    )
    Draft.objects.bulk_create(
        (
            Draft(
                post=post,
                texts=planned.texts,
                words=words_of(planned.texts),
                saved_by=by,
                saved_at=now,
            )
            for post, planned in zip(posts, plan.posts, strict=True)
        ),
        batch_size=_BATCH,
    )
    writers = Post.writers.through
    writers.objects.bulk_create(
        (writers(post_id=post.pk, member_id=by.pk) for post in posts), batch_size=_BATCH
    )
    record(
        PLAN_IMPORTED,
        PlanImported(file=source.name[:120], count=len(posts), format=plan.table.format),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
    return posts


def _post(planned: Planned, by: Member, now: datetime) -> Post:
    account, when = planned.account, planned.when
    if account is None:
        raise AssertionError("a clean row names an account")
    post = Post(
        workspace_id=by.workspace_id,
        account=account,
        author=by,
        title=planned.title,
        excerpt=" ".join(planned.texts[0].split())[:TITLE_LENGTH],
        language=account.language,
        segment_count=len(planned.texts),
        fingerprint=fingerprint(planned.texts),
        campaign=planned.campaign,
        state_since_at=now,
        created_at=now,
        updated_at=now,
    )
    if when is not None:
        post.due_wall, post.due_zone = when.wall.strftime(WALL), when.zone
        post.due_fold, post.due_tzdata, post.due_at = when.fold, when.tzdata, when.at
    return post
