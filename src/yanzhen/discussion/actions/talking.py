"""Saying something about a post, answering, and taking words back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.discussion.events import (
    ANSWERED,
    CHANGED,
    COMMENTED,
    MENTIONED,
    REMOVED,
    RESTORED,
    Mentioned,
    Said,
)
from yanzhen.discussion.mentions import mentions_in
from yanzhen.discussion.models import BODY_LENGTH, QUOTE_LENGTH, Comment, Thread
from yanzhen.discussion.passages import find_passage, one_line
from yanzhen.discussion.queries import mentionable
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.planning.models import Draft, Post


class NothingSaid(Exception):
    """A comment needs words, and no more than BODY_LENGTH characters of them."""


class PassageUnknown(Exception):
    """The quoted passage stands nowhere in the text."""


class TooLate(Exception):
    """A comment can be changed for CHANGE_WITHIN; others have read it by now."""


def require_sight(by: Member, post: Post) -> None:
    """Return quietly when ``by`` may see the post; every member who does may speak."""
    if not Post.objects.visible_to(by).filter(pk=post.pk).exists():
        raise NotAllowed(Decision.POST_WRITE, "elsewhere")


def _require_own(by: Member, comment: Comment) -> None:
    require_sight(by, comment.thread.post)
    if comment.author_id != by.pk:
        raise NotAllowed(Decision.POST_WRITE, "no_right")


def _clean(body: str) -> str:
    body = clean_text(body).strip()
    if not body or len(body) > BODY_LENGTH:
        raise NothingSaid
    return body


def _record(
    kind: Kind, comment: Comment, named: Iterable[Member], *, by: Member, at: datetime
) -> None:
    """Record it with whom the comment is for; a mention says their names too."""
    post = comment.thread.post
    people = sorted(named, key=lambda member: member.pk)
    about = (comment.thread_id, comment.pk, [member.pk for member in people])
    payload: Said | Mentioned = Said(*about)
    if kind is MENTIONED:
        payload = Mentioned(*about, names=", ".join(map(str, people)))
    record(
        kind,
        payload,
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=at,
    )


def _named_in(comment: Comment) -> set[Member]:
    """Return whom the comment names, but for who says it; keep them with it."""
    found = mentions_in(comment.body, mentionable(comment.thread.post))
    named = {member for each in found for member in each.members}
    named -= {comment.author}
    comment.mentioned.set(named)
    return named


def _say(thread: Thread, kind: Kind, *, by: Member, body: str, now: datetime) -> Comment:
    comment = Comment.objects.create(thread=thread, author=by, body=body, at=now)
    named = _named_in(comment)
    _record(kind, comment, named, by=by, at=now)
    if named:
        _record(MENTIONED, comment, named, by=by, at=now)
    return comment


@transaction.atomic
def open_thread(
    post: Post,
    *,
    by: Member,
    body: str,
    quote: str = "",
    position: int | None = None,
    now: datetime,
) -> Comment:
    """Begin a discussion of the post, or of the passage ``quote`` of it, and return its comment.

    ``position`` (from 0) is the segment meant where the passage stands in several. Raises
    NothingSaid, PassageUnknown, TextRefused and NotAllowed.
    """
    require_sight(by, post)
    body, quote = _clean(body), one_line(clean_text(quote))[:QUOTE_LENGTH]
    place = None
    if quote:
        place = find_passage(quote, Draft.objects.get(post=post).texts, position)
        if place is None:
            raise PassageUnknown
    thread = Thread.objects.create(
        workspace_id=post.workspace_id,
        post=post,
        quote=quote,
        position=place.number - 1 if place else None,
        version=post.version.number if post.version else None,
        created_at=now,
        state_since_at=now,
    )
    return _say(thread, COMMENTED, by=by, body=body, now=now)


@transaction.atomic
def answer_thread(thread: Thread, *, by: Member, body: str, now: datetime) -> Comment:
    """Add a comment to a discussion, resolved ones too.

    Raises NothingSaid, TextRefused and NotAllowed.
    """
    require_sight(by, thread.post)
    return _say(thread, ANSWERED, by=by, body=_clean(body), now=now)


@transaction.atomic
def change_comment(comment: Comment, *, by: Member, body: str, now: datetime) -> None:
    """Put one's own comment into other words; whom it names only now is told of it.

    Raises TooLate (also when it was taken back), NothingSaid, TextRefused and NotAllowed.
    """
    _require_own(by, comment)
    body = _clean(body)
    if not comment.may_change(by.pk, now=now):
        raise TooLate
    if body == comment.body:
        return
    rows = Comment.objects.standing().filter(pk=comment.pk)
    if not rows.update(body=body, changed_at=now):
        raise TooLate
    comment.body, comment.changed_at = body, now
    before = set(comment.mentioned.all())
    named = _named_in(comment)
    _record(CHANGED, comment, named, by=by, at=now)
    if named - before:
        _record(MENTIONED, comment, named - before, by=by, at=now)


@transaction.atomic
def remove_comment(comment: Comment, *, by: Member, now: datetime) -> None:
    """Take one's own comment back; nothing happens when it was. Raises NotAllowed."""
    _require_own(by, comment)
    if Comment.objects.standing().filter(pk=comment.pk).update(removed_at=now):
        comment.removed_at = now
        _record(REMOVED, comment, (), by=by, at=now)


@transaction.atomic
def restore_comment(comment: Comment, *, by: Member, now: datetime) -> None:
    """Let one's own comment stand again; nothing happens when it does. Raises NotAllowed."""
    _require_own(by, comment)
    gone = Comment.objects.filter(pk=comment.pk, removed_at__isnull=False)
    if gone.update(removed_at=None):
        comment.removed_at = None
        _record(RESTORED, comment, (), by=by, at=now)
