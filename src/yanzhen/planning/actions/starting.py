"""Starting a post with everything known about it, in one step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.content import Terms
from yanzhen.planning.models import Campaign, Draft, Post


@transaction.atomic
def start_post(
    *,
    account: Account,
    by: Member,
    texts: Sequence[str],
    title: str = "",
    campaign: Campaign | None = None,
    wall: datetime | None = None,
    zone: str = "",
    fold: int | None = None,
    now: datetime,
) -> Post:
    """Create a post and, when ``wall`` (naive, in ``zone``) is given, put it on the calendar.

    Nothing is created when the time is refused. Raises as create_post and time_post do.
    """
    post = create_post(account=account, by=by, texts=texts, title=title, campaign=campaign, now=now)
    if wall is not None:
        time_post(post, by=by, wall=wall, zone=zone, fold=fold, now=now)
    return post


@transaction.atomic
def copy_post(post: Post, *, by: Member, now: datetime) -> Post:
    """Start a new draft from what ``post`` says, without its time, under its embargo.

    Raises NotAllowed.
    """
    require(by, Decision.POST_WRITE, workspace_id=post.workspace_id, account_id=post.account_id)
    draft = Draft.objects.get(post=post)
    return create_post(
        account=post.account,
        by=by,
        texts=draft.texts,
        extras=draft.extras,
        terms=Terms.read(draft.terms),
        title=post.title,
        campaign=post.campaign,
        copy_of=post,
        now=now,
    )
