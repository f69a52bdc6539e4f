"""Giving somebody else what is to be done by who has left, or leaves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from yanzhen.handoff.actions.checks import fresh, require_doer, still_there
from yanzhen.handoff.models import Handover, Item
from yanzhen.handoff.queries import standing_of
from yanzhen.people.models import Member


class OwnerThere(Exception):
    """Whoever has the point is a member; it is done, or was given to somebody meanwhile."""


def points_of(member: Member, viewer: Member, now: datetime) -> QuerySet[Item]:
    """Return what the member has to do by the logs that stand, once each."""
    rows = _theirs(member.pk, viewer.workspace_id)
    carried = rows.exclude(origin=None).values("origin")
    return rows.exclude(pk__in=carried)


def hand_over_points(member: Member, to: Member, by: Member, now: datetime) -> int:
    """Give all of it to ``to``; for the transaction of people's hand_over."""
    count = points_of(member, by, now).count()
    _give(_theirs(member.pk, by.workspace_id), to)
    return count


@transaction.atomic
def give_point(item: Item, *, to: Member | None, by: Member) -> Item:
    """Give what is to be done by a former member to ``to``, None: to whoever leads.

    The same point on the log it was carried from or to goes along. For those who may note it as
    done. Raises NotAllowed, Gone, OwnerThere, and Member.DoesNotExist for who is no active member
    here.
    """
    handover = fresh(item.handover)
    require_doer(item, by)
    still_there(item)
    if to is not None:
        to = Member.objects.active().filter(workspace_id=handover.workspace_id).get(pk=to.pk)
    now_is = Item.objects.select_related("owner__user").get(pk=item.pk)
    if not now_is.orphaned or now_is.owner_id is None:
        raise OwnerThere
    same = Q(pk=item.pk) | Q(origin=item.pk) | Q(pk=now_is.origin_id or 0)
    _give(_theirs(now_is.owner_id, handover.workspace_id).filter(same), to)
    item.owner = to
    return item


def _theirs(member_id: int, workspace_id: int) -> QuerySet[Item]:
    return Item.objects.filter(
        owner=member_id, done_at=None, handover__in=standing_of(workspace_id)
    )


def _give(rows: QuerySet[Item], to: Member | None) -> None:
    """Change the owner, and the revision of the logs, so that nobody accepts what was not read."""
    found = dict(rows.values_list("pk", "handover"))
    Handover.objects.filter(pk__in=set(found.values())).update(revision=F("revision") + 1)
    Item.objects.filter(pk__in=found).update(owner=to)
