"""Starting from what is out: an edit in X's window, a repost from another account.

Both are posts of their own and go through the normal review.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from yanzhen.channels.models import Account
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member
from yanzhen.planning.actions.writing import create_post, cut_version
from yanzhen.planning.content import PostKind, Terms
from yanzhen.planning.models import Post, content_of
from yanzhen.publishing.engine import editing
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState, HoldReason


class CannotEdit(Exception):
    """X takes no edit of this post (any more). ``reason`` is WINDOW or REMOVED."""

    def __init__(self, reason: HoldReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def edit_on_x(delivery: Delivery, *, by: Member, now: datetime) -> Post:
    """Start a post that replaces a published one on X; it begins as what X shows now.

    Its first version, noted "X", is what X shows, for whoever compares. Raises NotAllowed,
    CannotEdit, MoveRefused (not published).
    """
    if delivery.state != DeliveryState.PUBLISHED:
        raise MoveRefused(delivery, "edit on X", delivery.state)
    history = editing.history_of(delivery)
    why = editing.fault(delivery.account, history, now=now)
    if why is not None or not editing.may_ever_change(history.original):
        raise CannotEdit(why or HoldReason.WINDOW)
    newest = history.newest
    content = content_of(newest.version)
    segment = content.segments[newest.position]
    terms = content.terms if newest.position == 0 else _flags(content.terms)
    post = create_post(
        account=delivery.account,
        by=by,
        texts=[segment.text],
        title=delivery.post.title,
        campaign=delivery.post.campaign,
        source="edit",
        extras=[segment.extras()],
        terms=terms,
        kind=PostKind.EDIT,
        target_id=newest.remote_id,
        made_from=history.original.post,
        now=now,
    )
    cut_version(post, by=by, note="X", now=now)
    return post


def _flags(terms: Terms) -> Terms:
    """Keep what belongs to every segment; who may answer and what is quoted do not."""
    return replace(terms, reply_settings="", reply_to="", quote="")


@transaction.atomic
def repost_from(delivery: Delivery, account: Account, *, by: Member, now: datetime) -> Post:
    """Start a post that shows a published one again on another account of the workspace.

    It has no words of its own; what it shows is kept beside it for whoever reviews. Raises
    NotAllowed, CannotEdit (deleted), MoveRefused (not published, or the same account).
    """
    if delivery.state != DeliveryState.PUBLISHED or delivery.kind == PostKind.REPOST:
        raise MoveRefused(delivery, "repost", delivery.state)
    if account.pk == delivery.account_id or account.workspace_id != delivery.workspace_id:
        raise MoveRefused(delivery, "repost", "changed")
    history = editing.history_of(delivery)
    if editing.is_gone(history.original) or editing.is_gone(history.newest):
        raise CannotEdit(HoldReason.REMOVED)
    newest = history.newest
    return create_post(
        account=account,
        by=by,
        texts=[newest.text],
        title=delivery.post.title,
        campaign=delivery.post.campaign,
        source="repost",
        kind=PostKind.REPOST,
        target_id=newest.remote_id,
        made_from=history.original.post,
        now=now,
    )
