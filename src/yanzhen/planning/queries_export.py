"""What is taken out of the plan: posts for a file, and posts as entries of other calendars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.calendar_days import DAY, window_of
from yanzhen.planning.embargoes import Embargo
from yanzhen.planning.exporting.entries import Entry
from yanzhen.planning.models import CalendarLink, Post, PostQuerySet
from yanzhen.planning.queries import Narrowing, narrowed_posts
from yanzhen.planning.states import PostState

#: How far calendars see; whole days, so that an unchanged plan reads the same all day.
_BACK, _AHEAD = timedelta(days=92), timedelta(days=400)
#: It goes out as things stand, or it is out.
_CERTAIN = frozenset({PostState.SCHEDULED, PostState.PUBLISHED, PostState.PARTIAL})
_COLUMNS = ("pk", "title", "account__handle", "state", "due_at", "created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which posts go into a file; days are the member's own and both included, None leaves open."""

    narrowing: Narrowing = field(default_factory=Narrowing)
    accounts: frozenset[Account] = frozenset()
    first: date | None = None
    last: date | None = None


def chosen_posts(member: Member, choice: Choice) -> PostQuerySet:
    """Return the member's posts that match, the earliest first, those without a time last."""
    posts = narrowed_posts(member, choice.narrowing)
    if choice.accounts:
        posts = posts.filter(account__in=choice.accounts)
    zone = member.user.tz
    if choice.first:
        posts = posts.filter(due_at__gte=window_of(choice.first, choice.first, zone)[0])
    if choice.last:
        posts = posts.filter(due_at__lt=window_of(choice.last, choice.last + DAY, zone)[1])
    return posts.order_by(F("due_at").asc(nulls_last=True), "pk")


def links_of(member: Member) -> QuerySet[CalendarLink]:
    """Return the member's open links, the newest first."""
    links = CalendarLink.objects.of(member).filter(revoked_at=None)
    return links.select_related("account").order_by("-created_at", "-pk")


def entries_for(link: CalendarLink, *, base: str, now: datetime) -> Iterator[Entry]:
    """Yield the link's posts with a time, in the active language. One query.

    An entry says the working title and never words of the text: a link may fall into wrong hands,
    and the text is not public yet. What is under an embargo is not in it at all, not even for those
    on its list. ``base`` is the address of this site.
    """
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    posts = Post.objects.visible_to(link.member).live()
    posts = posts.exclude(pk__in=Embargo.objects.standing().values("post_id"))
    posts = posts.due_between(today - _BACK, today + _AHEAD)
    if link.shows == CalendarLink.Shows.OWN:
        posts = posts.filter(author=link.member)
    if link.account_id is not None:
        posts = posts.filter(account=link.account_id)
    host = urlsplit(base).hostname or "yanzhen"
    for pk, title, handle, state, at, created_at, changed_at in posts.values_list(*_COLUMNS):
        address = f"{base}/posts/{pk}/"
        named = title if link.titled and title else _("Post")
        yield Entry(
            uid=f"post-{pk}@{host}",
            at=at,
            summary=_("%(title)s (@%(account)s)") % {"title": named, "account": handle},
            description=f"{PostState(state).label}\n{address}",
            url=address,
            certain=state in _CERTAIN,
            sequence=max(0, int((changed_at - created_at).total_seconds())),
            created_at=created_at,
            changed_at=changed_at,
        )
