"""What the pages of this room ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch

from yanzhen.discussion.models import Comment, Pen, Presence, Thread
from yanzhen.discussion.passages import Place, find_passage
from yanzhen.discussion.ports import Made, tasks_of
from yanzhen.discussion.states import ThreadState
from yanzhen.people.models import Member
from yanzhen.planning.embargoes import Embargo
from yanzhen.planning.models import Draft, Post
from yanzhen.planning.queries_embargo import insiders

#: What the panel can show: open ones, resolved ones.
SHOWS = (ThreadState.OPEN.value, ThreadState.RESOLVED.value)


@dataclass(frozen=True, slots=True)
class CommentShown:
    """A comment as its reader sees it, with the tasks that were made of it."""

    comment: Comment
    own: bool
    changeable: bool
    tasks: Sequence[Made] = ()


@dataclass(frozen=True, slots=True)
class ThreadShown:
    """A discussion with its comments, and where its passage stands (None: it has changed)."""

    thread: Thread
    comments: Sequence[CommentShown]
    place: Place | None

    @property
    def keyed(self) -> int | None:
        """The comment that the keys of the row change and remove: the reader's last one."""
        own = [
            each.comment.pk for each in self.comments if each.own and not each.comment.removed_at
        ]
        return own[-1] if own else None


@dataclass(frozen=True, slots=True)
class Talk:
    """The discussions of a post of one state, the oldest first, and how many there are of both."""

    show: str
    threads: Sequence[ThreadShown]
    counts: Mapping[str, int]

    @property
    def open_count(self) -> int:
        """How many nobody resolved."""
        return self.counts.get(ThreadState.OPEN, 0)

    @property
    def resolved_count(self) -> int:
        """How many are resolved."""
        return self.counts.get(ThreadState.RESOLVED, 0)


def mentionable(post: Post) -> list[Member]:
    """Return the active members who may see the post, by name: those a comment can name."""
    # Asked of the database: the post in hand may not know of an embargo set a moment ago.
    embargoed = Embargo.objects.standing().filter(post=post).exists()
    rows = insiders(post) if embargoed else Member.objects.filter(workspace_id=post.workspace_id)
    return list(rows.active().select_related("user").order_by("user__name", "pk"))


def talk_about(post: Post, member: Member, *, show: str, now: datetime) -> Talk:
    """Read the discussions of a post that are in state ``show``, in five queries however many."""
    said = Comment.objects.select_related("author__user").order_by("at", "pk")
    rows = Thread.objects.visible_to(member).filter(post=post).standing()
    counted = rows.values_list("state").annotate(count=Count("pk"))
    shown = (
        rows.filter(state=show)
        .select_related("moved_by__user")
        .prefetch_related(Prefetch("comments", queryset=said))
        .order_by("created_at", "pk")
    )
    texts = Draft.objects.values_list("texts", flat=True).get(post=post)
    tasks = tasks_of(member, [each.pk for thread in shown for each in thread.comments.all()])
    threads = [
        ThreadShown(
            thread,
            _shown(list(thread.comments.all()), member, tasks, now),
            find_passage(thread.quote, texts, thread.position),
        )
        for thread in shown
    ]
    return Talk(show, threads, dict(counted))


def _shown(
    comments: Sequence[Comment],
    member: Member,
    tasks: Mapping[int, Sequence[Made]],
    now: datetime,
) -> list[CommentShown]:
    """Leave out what was taken back before anybody else had answered."""
    return [
        CommentShown(
            each,
            own=each.author_id == member.pk,
            changeable=each.may_change(member.pk, now=now),
            tasks=tasks.get(each.pk, ()),
        )
        for at, each in enumerate(comments)
        if each.removed_at is None
        or any(o.removed_at is None and o.author_id != each.author_id for o in comments[at + 1 :])
    ]


def open_counts(posts: Iterable[int]) -> dict[int, int]:
    """Return how many open discussions each of these posts has; posts without one are left out."""
    rows = Thread.objects.filter(post_id__in=list(posts)).open().standing()
    return dict(rows.order_by().values_list("post_id").annotate(count=Count("pk")))


@dataclass(frozen=True, slots=True)
class Here:
    """Who else has a post open, and who holds its pen; ``pen`` None while nobody does."""

    others: Sequence[Presence]
    pen: Pen | None
    member: Member

    @property
    def lock(self) -> str:
        """How the pen stands to the reader: free, mine, lost (taken from them) or theirs."""
        if self.pen is None:
            return "free"
        if self.pen.holder_id == self.member.pk:
            return "mine"
        return "lost" if self.pen.taken_from_id == self.member.pk else "theirs"

    @property
    def names(self) -> Sequence[Member]:
        """The others, by name."""
        return [each.member for each in self.others]

    @property
    def writing(self) -> Sequence[Member]:
        """The others who are typing."""
        return [each.member for each in self.others if each.unsaved]


def here_at(post: Post, member: Member, *, now: datetime) -> Here:
    """Return who else is at the post, by name. Two queries."""
    rows = Presence.objects.here(now=now).filter(post=post).exclude(member=member)
    pages = rows.select_related("member__user").order_by("member__user__name", "member", "unsaved")
    # Of the pages of one member the one counts on which they type.
    others = {each.member_id: each for each in pages}
    pens = Pen.objects.held(now=now).filter(post=post)
    pen = pens.select_related("holder__user", "taken_from").first()
    return Here(list(others.values()), pen, member)
