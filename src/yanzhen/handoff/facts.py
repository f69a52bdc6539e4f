"""What the data say of a shift: gathered when a handover is sent, shown by what the reader may see.

Kept are numbers of posts and steps only. Titles are read when somebody looks, through the veils of
their rooms, so that an embargo set later, or a reader outside its list, is never got round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yanzhen.channels.models import Account
from yanzhen.handoff.models import Handover
from yanzhen.handoff.ports import Backlog, Open, backlogs, open_things
from yanzhen.handoff.states import HandoverState
from yanzhen.handoff.waiting import backlogs_below, open_below
from yanzhen.people.models import Member
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.freezes import gates_over, name_of
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState
from yanzhen.publishing.words_gates import reason_of
from yanzhen.review.models import RoundStep

#: The length of a shift whose end nobody gave.
USUAL_SHIFT = timedelta(hours=8)
#: So many of a kind are kept; a shift with more is told by its number of posts elsewhere.
MOST = 200
_STUCK = (PostState.MISSED, PostState.FAILED, PostState.PARTIAL)
_AHEAD = (PostState.DRAFT, PostState.REVIEW, PostState.RETURNED, PostState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class OfAccount:
    """One account's shift: what went out, is due next, is stuck, and what waits since when."""

    account: Account
    out: Sequence[Post]
    ahead: Sequence[Post]
    stuck: Sequence[Post]
    backlogs: Sequence[Backlog]

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say of it."""
        return not (self.out or self.ahead or self.stuck or self.backlogs)


@dataclass(frozen=True, slots=True)
class Facts:
    """What one reader is shown of a shift. ``live``: it is as of now, not as of the sending.

    What is ``open``, and what waits for the accounts, is as of now until the lead has moved; of a
    settled log it is not told.
    """

    accounts: Sequence[OfAccount]
    held: Sequence[Post]
    reviews: Sequence[RoundStep]
    open: Sequence[Open]
    live: bool

    @property
    def silent(self) -> bool:
        """Whether no account has anything to say."""
        return all(each.quiet for each in self.accounts)


def gather(handover: Handover, *, now: datetime) -> dict[str, Any]:
    """Return the numbers of what the shift is about at ``now`` (aware), to be kept or shown."""
    whole = handover.workspace_id
    end = handover.until_at or max(handover.due_at, now) + USUAL_SHIFT
    sent = Delivery.objects.filter(workspace_id=whole, state=DeliveryState.PUBLISHED)
    sent = sent.filter(published_at__gte=handover.from_at, published_at__lte=now)
    posts = Post.objects.filter(workspace_id=whole)
    steps = RoundStep.objects.filter(round__workspace_id=whole).waiting().most_urgent_first()
    return {
        "at": now.isoformat(),
        "out": _once(sent.order_by("published_at", "pk").values_list("post_id", flat=True)),
        "ahead": _once(
            posts.filter(state__in=_AHEAD).due_between(now, end).values_list("pk", flat=True)
        ),
        "stuck": _once(
            posts.filter(state__in=_STUCK).order_by("due_at", "pk").values_list("pk", flat=True)
        ),
        "held": _once(
            posts.filter(state=PostState.HELD).order_by("due_at", "pk").values_list("pk", flat=True)
        ),
        "reviews": _once(steps.values_list("pk", flat=True)),
    }


def _once(numbers: Iterable[int]) -> list[int]:
    """Return each number once, in order, at most MOST."""
    return list(dict.fromkeys(numbers))[:MOST]


def facts_for(handover: Handover, member: Member, *, now: datetime) -> Facts:
    """Return what ``member`` may see of the shift: as of now while it is written, else as sent."""
    live = handover.state == HandoverState.DRAFT or not handover.facts
    kept = gather(handover, now=now) if live else handover.facts
    numbers = {pk for kind in ("out", "ahead", "stuck", "held") for pk in kept.get(kind, ())}
    seen = Post.objects.visible_to(member).with_names().filter(pk__in=numbers)
    posts = {post.pk: post for post in seen}
    steps = RoundStep.objects.visible_to(member).filter(pk__in=kept.get("reviews", ()))
    steps = steps.select_related("role", "round__post__account", "round__post__author__user")
    by_account = {
        kind: _by_account(kept.get(kind, ()), posts) for kind in ("out", "ahead", "stuck")
    }
    now_too = live or handover.state == HandoverState.WAITING
    waiting: dict[int, list[Backlog]] = defaultdict(list)
    for each in _backlogs(member, now=now) if now_too else ():
        waiting[each.account].append(each)
    told = [
        OfAccount(
            account,
            by_account["out"].get(account.pk, ()),
            by_account["ahead"].get(account.pk, ()),
            by_account["stuck"].get(account.pk, ()),
            waiting.get(account.pk, ()),
        )
        for account in Account.objects.visible_to(member).in_order()
    ]
    return Facts(
        accounts=told,
        held=[posts[pk] for pk in kept.get("held", ()) if pk in posts],
        reviews=list(steps.most_urgent_first()),
        open=_open(member, now=now) if now_too else (),
        live=live,
    )


def _backlogs(member: Member, *, now: datetime) -> list[Backlog]:
    """Return what waits in all rooms, the longest waiting first."""
    found = [*backlogs_below(member, now=now), *backlogs(member)]
    return sorted(found, key=lambda each: each.oldest_at)


def _open(member: Member, *, now: datetime) -> list[Open]:
    """Return what is frozen, then what is open in all rooms, the oldest first."""
    found = [*open_below(member, now=now), *open_things(member)]
    return [*_freezes(member, now=now), *sorted(found, key=lambda each: each.since_at)]


def _freezes(member: Member, *, now: datetime) -> list[Open]:
    """Return what is frozen: whoever takes over must know that nothing of it goes out."""
    url = reverse("freeze")
    return [
        Open(
            _("Frozen: %(names)s")
            % {"names": " · ".join(filter(None, (name_of(gate), reason_of(gate))))},
            url,
            gate.changed_at or now,
        )
        for gate in gates_over(member)
    ]


def _by_account(numbers: Iterable[int], posts: Mapping[int, Post]) -> dict[int, list[Post]]:
    found: dict[int, list[Post]] = defaultdict(list)
    for pk in numbers:
        if pk in posts:
            found[posts[pk].account_id].append(posts[pk])
    return found
