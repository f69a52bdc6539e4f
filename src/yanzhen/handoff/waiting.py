"""What waits in the rooms below when a shift ends: per account, and what belongs to none.

Rooms above tell theirs through ports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yanzhen.handoff.ports import Backlog, Open
from yanzhen.notify.models import Letter
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.publishing.inbox import waiting_for_a_person
from yanzhen.review.models import RoundStep
from yanzhen.tasks import asked
from yanzhen.tasks.models import Task


def backlogs_below(member: Member, *, now: datetime) -> list[Backlog]:
    """Return what waits for each account, by what the member may see; three queries.

    What the engine will not decide about, steps of review past their clock at ``now`` (aware), and
    open tasks past their time, which count for each account that they are about.
    """
    stopped = waiting_for_a_person(member).order_by().values("account")
    late = RoundStep.objects.visible_to(member).waiting().filter(due_at__lte=now).order_by()
    tasks = _late_tasks(member, now=now).exclude(links=None).order_by()
    return [
        *_each(
            _("Posts that need a decision"),
            stopped.annotate(count=Count("pk", distinct=True), oldest=Min("state_since_at")),
            "account",
            lambda pk: f"{reverse('failures')}?account={pk}",
        ),
        *_each(
            _("Reviews past their time"),
            late.values("round__post__account").annotate(count=Count("pk"), oldest=Min("due_at")),
            "round__post__account",
            lambda _pk: reverse("review"),
        ),
        *_each(
            _("Tasks past their time"),
            tasks.values("links__post__account").annotate(
                count=Count("pk", distinct=True), oldest=Min("due_at")
            ),
            "links__post__account",
            lambda pk: asked.Asked(view=asked.LIST, due=asked.LATE, account=str(pk)).address,
        ),
    ]


def open_below(member: Member, *, now: datetime) -> list[Open]:
    """Return what waits and belongs to no account: late tasks, and news that did not arrive.

    Two queries; the second is told only to who may send such news again.
    """
    found = []
    count, oldest = _sum(_late_tasks(member, now=now).filter(links=None), "due_at")
    if oldest is not None:
        said = ngettext(
            "%(count)d task about no post is past its time",
            "%(count)d tasks about no post are past their time",
            count,
        )
        address = asked.Asked(view=asked.LIST, due=asked.LATE).address
        found.append(Open(said % {"count": count}, address, oldest))
    if member.may_somewhere(Decision.PUBLISH_RESOLVE):
        count, oldest = _sum(Letter.objects.visible_to(member).dead(), "settled_at")
        if oldest is not None:
            said = ngettext(
                "%(count)d message was not delivered",
                "%(count)d messages were not delivered",
                count,
            )
            found.append(Open(said % {"count": count}, reverse("letters"), oldest))
    return found


def _late_tasks(member: Member, *, now: datetime) -> Any:
    return Task.objects.visible_to(member).open().filter(due_at__lte=now)


def _sum(rows: Any, since: str) -> tuple[int, datetime | None]:
    """Return how many there are, and since when the oldest."""
    told = rows.order_by().aggregate(count=Count("pk"), oldest=Min(since))
    return told["count"], told["oldest"]


def _each(
    name: str, groups: Iterable[Mapping[str, Any]], account: str, address: Any
) -> list[Backlog]:
    return [
        Backlog(group[account], name, group["count"], group["oldest"], address(group[account]))
        for group in groups
    ]
