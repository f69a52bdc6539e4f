"""What stands around a text: its title, its account, its campaign."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require, require_somewhere
from yanzhen.planning.content import PostKind
from yanzhen.planning.events import POST_CHANGED, PostChanged
from yanzhen.planning.models import TITLE_LENGTH, Campaign, Post
from yanzhen.planning.states import WRITABLE


@transaction.atomic
def change_details(
    post: Post,
    *,
    by: Member,
    title: str,
    account: Account,
    campaign: Campaign | None,
    now: datetime,
) -> Post:
    """Change title, account and campaign. The account only while the post is writable.

    Raises NotAllowed (also for an account or campaign of another workspace), TextRefused, and
    MoveRefused, also when one of the three is no longer what ``post`` says.
    """
    require(by, Decision.POST_WRITE, workspace_id=post.workspace_id, account_id=post.account_id)
    require(by, Decision.POST_WRITE, workspace_id=account.workspace_id, account_id=account.pk)
    if campaign is not None:
        require_somewhere(by, Decision.POST_WRITE, workspace_id=campaign.workspace_id)
    title = " ".join(clean_text(title).split())[:TITLE_LENGTH]
    rows = Post.objects.filter(
        pk=post.pk, title=post.title, account_id=post.account_id, campaign=post.campaign
    )
    if account.pk != post.account_id:
        # An edit belongs to the account whose post it replaces.
        rows = rows.filter(state__in=WRITABLE).exclude(kind=PostKind.EDIT)
    changes = [
        ("title", post.title, title),
        ("account", str(post.account), str(account)),
        ("campaign", str(post.campaign or ""), str(campaign or "")),
    ]
    if not rows.update(title=title, account=account, campaign=campaign, updated_at=now):
        raise MoveRefused(post, "change", Post.objects.get(pk=post.pk).state)
    post.title, post.account, post.campaign = title, account, campaign
    for field, before, after in changes:
        if before != after:
            record(
                POST_CHANGED,
                PostChanged(field=field, before=before or "–", after=after or "–"),
                actor=by.ref,
                subject=post.ref,
                workspace_id=post.workspace_id,
                at=now,
            )
    return post
