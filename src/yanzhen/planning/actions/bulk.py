"""Doing one thing to many posts, each by its own action, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.wall_time import FoldTime, GapTime, UnknownZone
from yanzhen.people.models import Member
from yanzhen.people.rights import NotAllowed, require_somewhere
from yanzhen.planning.actions.timing import InThePast
from yanzhen.planning.bulk import Answers, Meanwhile, Outlook, Verb
from yanzhen.planning.models import BulkRun, Post

#: What doing it to one of many may raise; anything else is a fault of ours.
REFUSALS = (MoveRefused, NotAllowed, Meanwhile, GapTime, FoldTime, InThePast, UnknownZone)


class AlreadyUndone(Exception):
    """The change was taken back before."""


@dataclass
class Outcome:
    """What became of many posts. ``run`` is there where something can be taken back."""

    done: list[Outlook] = field(default_factory=list)
    stayed: list[Outlook] = field(default_factory=list)
    run: BulkRun | None = None


def do_to_many(
    verb: Verb,
    posts: Sequence[Post],
    *,
    asked: Answers,
    seen: Mapping[int, str],
    words: Callable[[Exception], str],
    by: Member,
    now: datetime,
) -> Outcome:
    """Do it to each post for which the outlook is still what the member saw.

    One transaction for each post, so that one refusal leaves the others done. ``seen`` is
    Outlook.seen by post number, ``words`` says why one stayed. Raises NotAllowed when the
    member may not do it at all.
    """
    require_somewhere(by, verb.face.decision, workspace_id=by.workspace_id)
    outcome, kept = Outcome(), []
    for outlook in verb.outlooks(posts, asked, by=by, now=now):
        post = outlook.post
        if outlook.why_not:
            outcome.stayed.append(outlook)
            continue
        try:
            if seen.get(post.pk) != outlook.seen:
                raise Meanwhile
            with transaction.atomic():
                way_back = verb.do(outlook, asked, by=by, now=now)
        except REFUSALS as why:
            stays = Outlook(post, why_not=words(why), url=outlook.url)
            outcome.stayed.append(stays)
            continue
        outcome.done.append(outlook)
        if way_back is not None:
            kept.append({"post": post.pk, **way_back})
    if kept:
        outcome.run = BulkRun.objects.create(member=by, what=verb.face.slug, kept=kept, made_at=now)
    return outcome


def undo_run(run: BulkRun, verb: Verb, *, by: Member, now: datetime) -> tuple[int, int]:
    """Take back a change of the member's own; return how many posts went back and how many stay.

    What somebody changed since stays. Raises NotAllowed, and AlreadyUndone the second time.
    """
    require_somewhere(by, verb.face.decision, workspace_id=by.workspace_id)
    if run.member_id != by.pk:
        raise BulkRun.DoesNotExist(run.pk)
    if not BulkRun.objects.filter(pk=run.pk, undone_at=None).update(undone_at=now):
        raise AlreadyUndone
    rows = Post.objects.visible_to(by).with_names()
    posts = rows.in_bulk([kept["post"] for kept in run.kept])
    back = 0
    for kept in run.kept:
        post = posts.get(kept["post"])
        if post is None:
            continue
        try:
            with transaction.atomic():
                verb.undo(post, kept, by=by, now=now)
        except REFUSALS:
            continue
        back += 1
    return back, len(run.kept) - back
