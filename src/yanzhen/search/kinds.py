"""What can be found: each kind says which rows match, and how one of them is shown.

The rows come from each room's ``visible_to``, so nobody finds what they may not see. Texts are
matched with LIKE: at the size of a team's own work (10,000 posts) that answers in a few dozen
milliseconds on either database, and it needs no word boundaries, which Chinese does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from yanzhen.channels.models import Account
from yanzhen.discussion.models import Comment
from yanzhen.handoff.models import Handover
from yanzhen.handoff.queries import asked_of
from yanzhen.ideas.models import Idea
from yanzhen.ideas.states import IdeaState
from yanzhen.library.models import MediaFile
from yanzhen.library.searching import contains
from yanzhen.people.models import Member
from yanzhen.planning.models import Campaign, Post, Theme
from yanzhen.planning.queries import says
from yanzhen.planning.states import PostState
from yanzhen.search.words import Part, marked, passage
from yanzhen.tasks.models import Task

Terms = Sequence[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """One row that was found. ``title`` and ``note`` are words in parts, ``about`` plain ones.

    ``post`` is given where a stage can be drawn, ``language`` where the words are somebody's text.
    """

    url: str
    title: Sequence[Part]
    note: Sequence[Part] = ()
    about: str = ""
    language: str = ""
    post: Post | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of thing. ``rows`` gives what matches all terms, the most likely first."""

    slug: str
    name: Promise
    icon: str
    rows: Callable[[Member, Terms], QuerySet[Any]]
    hit: Callable[[Any, Terms], Hit]


def _posts(member: Member, terms: Terms) -> QuerySet[Post]:
    rows = Post.objects.visible_to(member).live().select_related("draft").with_names()
    for term in terms:
        rows = rows.filter(says(term))
    return rows.order_by("-updated_at", "-pk")


def _post(post: Post, terms: Terms) -> Hit:
    texts = "\n".join(post.draft.texts)
    return Hit(
        reverse("post", args=[post.pk]),
        marked(post.shown_title, terms),
        passage(texts, terms) if post.title else (),
        about=f"@{post.account.handle}",
        language=post.language,
        post=post,
    )


def _tasks(member: Member, terms: Terms) -> QuerySet[Task]:
    rows = Task.objects.visible_to(member).live().select_related("assignee__user")
    for term in terms:
        rows = rows.filter(Q(title__icontains=term) | Q(notes__icontains=term))
    return rows.open_first()


def _task(task: Task, terms: Terms) -> Hit:
    return Hit(
        reverse("task", args=[task.pk]),
        marked(task.title, terms),
        passage(task.notes, terms),
        about=task.assignee.user.name if task.assignee else "",
    )


def _comments(member: Member, terms: Terms) -> QuerySet[Comment]:
    rows = Comment.objects.visible_to(member).standing()
    rows = rows.exclude(thread__post__state=PostState.DROPPED)
    for term in terms:
        rows = rows.filter(body__icontains=term)
    return rows.select_related("author__user", "thread__post").order_by("-at", "-pk")


def _comment(comment: Comment, terms: Terms) -> Hit:
    post = comment.thread.post
    return Hit(
        comment.address,
        passage(comment.body, terms),
        marked(post.shown_title, ()),
        about=comment.author.user.name,
    )


def _ideas(member: Member, terms: Terms) -> QuerySet[Idea]:
    rows = Idea.objects.visible_to(member).exclude(state=IdeaState.DROPPED)
    for term in terms:
        rows = rows.saying(term)
    return rows.order_by("-updated_at", "-pk")


def _idea(idea: Idea, terms: Terms) -> Hit:
    return Hit(
        reverse("idea", args=[idea.pk]),
        marked(idea.title, terms),
        passage(idea.note, terms),
        about=str(IdeaState(idea.state).label),
    )


def _media(member: Member, terms: Terms) -> QuerySet[MediaFile]:
    rows = MediaFile.objects.visible_to(member).shelved().select_related("asset")
    rows = rows.filter(contains(" ".join(terms), "asset__words"))
    return rows.order_by("-uploaded_at", "-pk")


def _medium(media: MediaFile, terms: Terms) -> Hit:
    return Hit(
        reverse("media", args=[media.pk]),
        marked(media.asset.name, terms),
        passage(media.alt, terms),
    )


def _people(member: Member, terms: Terms) -> QuerySet[Member]:
    rows = Member.objects.visible_to(member).active().with_roles()
    for term in terms:
        rows = rows.filter(user__name__icontains=term)
    return rows.order_by("user__name", "pk")


def _person(found: Member, terms: Terms) -> Hit:
    return Hit(
        reverse("member", args=[found.pk]),
        marked(found.user.name, terms),
        about=found.primary_role.shown_title,
    )


def _accounts(member: Member, terms: Terms) -> QuerySet[Account]:
    rows = Account.objects.visible_to(member)
    for term in terms:
        bare = term.removeprefix("@")
        rows = rows.filter(Q(handle__icontains=bare) | Q(name__icontains=bare))
    return rows.in_order()


def _account(account: Account, terms: Terms) -> Hit:
    bare = [term.removeprefix("@") for term in terms if term != "@"]
    return Hit(
        reverse("account", args=[account.pk]),
        marked(f"@{account.handle}", bare),
        marked(account.name, bare),
    )


def _campaigns(member: Member, terms: Terms) -> QuerySet[Campaign]:
    rows = Campaign.objects.filter(workspace_id=member.workspace_id)
    for term in terms:
        rows = rows.filter(Q(name__icontains=term) | Q(code__icontains=term))
    return rows.order_by("-active", "name", "pk")


def _campaign(campaign: Campaign, terms: Terms) -> Hit:
    return Hit(f"{reverse('posts')}?campaign={campaign.pk}", marked(campaign.name, terms))


def _themes(member: Member, terms: Terms) -> QuerySet[Theme]:
    rows = Theme.objects.filter(workspace_id=member.workspace_id)
    for term in terms:
        rows = rows.filter(name__icontains=term)
    return rows.order_by("-month_date")


def _theme(theme: Theme, terms: Terms) -> Hit:
    return Hit(
        f"{reverse('calendar')}?month={theme.month_date:%Y-%m}",
        marked(theme.name, terms),
        about=formats.date_format(theme.month_date, pgettext("date format", "F Y")),
    )


def _handoffs(member: Member, terms: Terms) -> QuerySet[Handover]:
    rows = Handover.objects.visible_to(member).with_names()
    for term in terms:
        rows = rows.saying(term)
    return rows.newest_first()


def _handoff(handover: Handover, terms: Terms) -> Hit:
    to = handover.receiver.user.name
    said = pgettext("search", "Handoff to %(name)s") % {"name": to}
    return Hit(
        reverse("handoff", args=[handover.pk]),
        marked(said, terms),
        passage(handover.read_back or handover.reason or handover.note, terms),
        about=str(handover.get_state_display()),
    )


def asking(member: Member, terms: Terms) -> Sequence[Hit]:
    """Return what the member is asked to do at once, where all of ``terms`` stand in its words."""
    handover = asked_of(member)
    if handover is None:
        return []
    if handover.outgoing is not None:
        name = {"name": handover.outgoing.user.name}
        said = pgettext("search", "Accept the handoff from %(name)s") % name
    else:
        said = pgettext("search", "Accept the handoff")
    if not all(term.lower() in said.lower() for term in terms):
        return []
    url = f"{reverse('handoff', args=[handover.pk])}#accept"
    return [Hit(url, marked(said, terms), about=str(handover.get_light_display()))]


KINDS: Sequence[Kind] = (
    Kind("posts", pgettext_lazy("search", "Posts"), "icon-post", _posts, _post),
    Kind("tasks", pgettext_lazy("search", "Tasks"), "icon-check", _tasks, _task),
    Kind("comments", pgettext_lazy("search", "Comments"), "icon-comment", _comments, _comment),
    Kind("ideas", pgettext_lazy("search", "Ideas"), "icon-bulb", _ideas, _idea),
    Kind("media", pgettext_lazy("search", "Library"), "icon-image", _media, _medium),
    Kind("handoffs", pgettext_lazy("search", "Handoffs"), "icon-handoff", _handoffs, _handoff),
    Kind("people", pgettext_lazy("search", "People"), "icon-user", _people, _person),
    Kind("accounts", pgettext_lazy("search", "Accounts"), "icon-megaphone", _accounts, _account),
    Kind("campaigns", pgettext_lazy("search", "Campaigns"), "icon-flag", _campaigns, _campaign),
    Kind("themes", pgettext_lazy("search", "Themes"), "icon-calendar", _themes, _theme),
)


@dataclass(frozen=True)
class Found:
    """What one kind has for a query; ``more`` tells that there are further rows."""

    kind: Kind
    hits: Sequence[Hit]
    more: bool


def find(member: Member, terms: Terms, *, most: int) -> Sequence[Found]:
    """Return the kinds that have something, at most ``most`` hits each; one query a kind."""
    found = []
    for kind in KINDS if terms else ():
        rows = list(kind.rows(member, terms)[: most + 1])
        if rows:
            hits = [kind.hit(row, terms) for row in rows[:most]]
            found.append(Found(kind, hits, more=len(rows) > most))
    return found


def left_off(member: Member, *, most: int) -> Sequence[Hit]:
    """Return the posts the member has written in, the last changed first."""
    rows = Post.objects.visible_to(member).live().filter(writers=member)
    rows = rows.select_related("draft").with_names().order_by("-updated_at", "-pk")
    return [_post(row, ()) for row in rows[:most]]
