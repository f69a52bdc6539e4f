"""Ideas: added, changed, wanted, moved along, and written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from yanzhen.activity.spine import Kind, record
from yanzhen.channels.models import Account
from yanzhen.ideas.events import (
    ADDED,
    BRIEFED,
    DRAFTED,
    DROPPED,
    EDITED,
    OWNED,
    RESTORED,
    UNBRIEFED,
    UNVOTED,
    VOTED,
    IdeaDrafted,
    IdeaOwned,
    IdeaTold,
)
from yanzhen.ideas.models import Idea, PostOfIdea, Vote
from yanzhen.ideas.queries_files import carried
from yanzhen.ideas.states import IDEA, IdeaState
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require_somewhere
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.models import Campaign, Post


@dataclass(frozen=True, slots=True)
class Wish:
    """All that is said of an idea. Rows are of its workspace; ``accounts`` are for the drafts."""

    title: str
    note: str = ""
    links: str = ""
    campaign: Campaign | None = None
    goal: str = ""
    audience: str = ""
    message: str = ""
    deadline_date: date | None = None
    owner: Member | None = None
    accounts: Sequence[Account] = ()


class IdeaMoved(Exception):
    """Somebody changed the idea meanwhile."""


class NoAccount(Exception):
    """Nobody has said to which account the drafts go."""


_PLAIN = (
    *("title", "note", "links", "campaign", "goal", "audience", "message", "deadline_date"),
    "owner",
)
_MOVES: dict[str, Kind] = {
    "brief": BRIEFED,
    "back": UNBRIEFED,
    "drop": DROPPED,
    "restore": RESTORED,
    "restore_brief": RESTORED,
    "restore_drafted": RESTORED,
}


_WAYS_BACK: dict[str, str] = {
    IdeaState.BRIEF: "restore_brief",
    IdeaState.DRAFTED: "restore_drafted",
}


def may_change(idea: Idea, member: Member) -> bool:
    """Tell whether the member may: who had the idea, who owns the brief, and whoever writes."""
    return member.pk in (idea.author_id, idea.owner_id) or member.may_somewhere(Decision.POST_WRITE)


def require_change(idea: Idea, by: Member) -> None:
    """Raise NotAllowed unless the member may change the idea; see may_change."""
    if by.workspace_id != idea.workspace_id or not may_change(idea, by):
        require_somewhere(by, Decision.POST_WRITE, workspace_id=idea.workspace_id)


Payload = IdeaTold | IdeaOwned | IdeaDrafted


def _tell(kind: Kind, idea: Idea, payload: Payload, *, by: Member, now: datetime) -> None:
    record(
        kind,
        payload,
        actor=by.ref,
        subject=idea.ref,
        workspace_id=idea.workspace_id,
        at=now,
    )


@transaction.atomic
def add_idea(*, wish: Wish, by: Member, now: datetime) -> Idea:
    """Add an idea; every member may. Its author is for it."""
    idea = Idea.objects.create(
        workspace_id=by.workspace_id,
        author=by,
        **{name: getattr(wish, name) for name in _PLAIN},
        state_since_at=now,
        created_at=now,
        updated_at=now,
    )
    idea.accounts.set(wish.accounts)
    Vote.objects.create(idea=idea, member=by)
    _tell(ADDED, idea, IdeaTold(), by=by, now=now)
    return idea


@transaction.atomic
def edit_idea(idea: Idea, *, wish: Wish, revision: int, by: Member, now: datetime) -> Idea:
    """Change what is said of an idea still at ``revision``. Raises NotAllowed and IdeaMoved."""
    require_change(idea, by)
    before = Idea.objects.select_for_update().get(pk=idea.pk)
    values = {name: getattr(wish, name) for name in _PLAIN}
    rows = Idea.objects.filter(pk=idea.pk, revision=revision)
    if not rows.update(**values, revision=F("revision") + 1, updated_at=now):
        raise IdeaMoved
    idea.refresh_from_db()
    idea.accounts.set(wish.accounts)
    _tell(EDITED, idea, IdeaTold(), by=by, now=now)
    if idea.owner is not None and idea.owner_id != before.owner_id:
        _tell(OWNED, idea, IdeaOwned(owner=str(idea.owner)), by=by, now=now)
    return idea


@transaction.atomic
def move_idea(idea: Idea, *, move: str, by: Member, now: datetime) -> Idea:
    """Make a brief of it, put it back, drop it or bring it back (states.IDEA but for "draft").

    What is brought back stands where it got to. Raises NotAllowed and MoveRefused.
    """
    require_change(idea, by)
    more = {"dropped_from": idea.state} if move == "drop" else {}
    if move == "restore":
        move = _WAYS_BACK.get(idea.dropped_from, "restore")
    IDEA.apply(idea, move, now=now, updated_at=now, **more)
    _tell(_MOVES[move], idea, IdeaTold(), by=by, now=now)
    return idea


@transaction.atomic
def set_vote(idea: Idea, *, wanted: bool, by: Member, now: datetime) -> None:
    """Be for an idea, or no longer; every member once. Doing it again changes nothing."""
    if by.workspace_id != idea.workspace_id:
        raise Idea.DoesNotExist(idea.pk)
    votes = Vote.objects.filter(idea=idea, member=by)
    if wanted:
        changed = Vote.objects.get_or_create(idea=idea, member=by)[1]
    else:
        changed = bool(votes.delete()[0])
    if changed:
        _tell(VOTED if wanted else UNVOTED, idea, IdeaTold(), by=by, now=now)


@transaction.atomic
def write_drafts(
    idea: Idea, *, accounts: Sequence[Account], by: Member, now: datetime
) -> list[Post]:
    """Start a draft for each account, with the brief at hand and its pictures hung on.

    Raises NotAllowed, NoAccount and MoveRefused.
    """
    require_somewhere(by, Decision.POST_WRITE, workspace_id=idea.workspace_id)
    if not accounts:
        raise NoAccount
    IDEA.apply(idea, "draft", now=now, updated_at=now)
    extras = [carried(idea, by=by, now=now)]
    posts = [
        create_post(
            account=account,
            by=by,
            texts=[""],
            title=idea.title,
            campaign=idea.campaign,
            extras=extras,
            now=now,
        )
        for account in accounts
    ]
    PostOfIdea.objects.bulk_create(PostOfIdea(idea=idea, post=post) for post in posts)
    payload = IdeaDrafted(posts=[post.pk for post in posts], count=len(posts))
    _tell(DRAFTED, idea, payload, by=by, now=now)
    return posts
