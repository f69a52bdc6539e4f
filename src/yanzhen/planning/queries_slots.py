"""What the calendar asks about slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.calendar_days import DAY, window_of
from yanzhen.planning.models import APART_MINUTES, Post, Slot, SlotQuerySet, Spacing
from yanzhen.planning.queries_calendar import Wanted
from yanzhen.planning.slots import SlotShown, fill, takes_at

_COLUMNS = (
    *("pk", "account_id", "starts_at", "minutes", "goal", "format"),
    *("owner__user__name", "note", "state_version"),
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A post as far as slots ask."""

    pk: int
    account: Account
    due_at: datetime | None


def slots_between(
    member: Member,
    start: date,
    end: date,
    wanted: Wanted,
    accounts: Sequence[Account],
    *,
    now: datetime,
) -> list[SlotShown]:
    """Read the slots of the days from ``start`` and before ``end``, earliest first. One query.

    None where the calendar is narrowed by what a slot has not: a stage, an author or a campaign.
    """
    if wanted.stage or wanted.author is not None or wanted.campaign is not None:
        return []
    window = window_of(start, end, member.user.tz)
    slots = Slot.objects.visible_to(member).planned().starting_between(*window)
    if wanted.accounts:
        slots = slots.filter(account__in=wanted.accounts)
    return _shown(slots, accounts, member, now=now)


def _shown(
    slots: SlotQuerySet, accounts: Sequence[Account], member: Member, *, now: datetime
) -> list[SlotShown]:
    by_number = {account.pk: account for account in accounts}
    words = {value: str(label) for value, label in Slot.Format.choices}
    found = []
    for row in slots.filter(account__in=by_number).values_list(*_COLUMNS):
        pk, account, starts_at, minutes, goal, format_, owner, note, seen = row
        slot = SlotShown(
            pk=pk,
            account=by_number[account],
            starts_at=starts_at,
            local=starts_at.astimezone(member.user.tz),
            minutes=minutes,
            goal=goal,
            format=words.get(format_, ""),
            owner=owner or "",
            note=note,
            seen=seen,
            past=False,
            takes_at=starts_at,
        )
        takes = takes_at(slot, now=now)
        found.append(replace(slot, past=slot.ends_at <= now, takes_at=takes))
    return found


def empty_slot_on(
    member: Member, account: Account, day: date, *, now: datetime
) -> SlotShown | None:
    """Return the first slot of the account on the viewer's day that nothing fills. Two queries.

    A post that an embargo keeps from the member does not show by filling a slot.
    """
    window = window_of(day, day + DAY, member.user.tz)
    planned = Slot.objects.visible_to(member).planned().starting_between(*window)
    slots = _shown(planned.filter(starts_at__gte=now), [account], member, now=now)
    taken = {slot.pk for slot in fill(slots, _placed(member, account, slots)).values()}
    return next((slot for slot in slots if slot.pk not in taken), None)


def _placed(member: Member, account: Account, slots: Sequence[SlotShown]) -> list[_Placed]:
    if not slots:
        return []
    first = min(slot.starts_at for slot in slots)
    last = max(slot.ends_at for slot in slots)
    posts = Post.objects.visible_to(member).live().filter(account=account)
    rows = posts.due_between(first, last).values_list("pk", "due_at")
    return [_Placed(pk, account, due_at) for pk, due_at in rows]


def post_in(member: Member, slot: SlotShown) -> int | None:
    """Return the number of the post that fills the slot, as far as the member may know it."""
    posts = _placed(member, slot.account, [slot])
    return next(iter(fill([slot], posts)), None)


def shown_slot(member: Member, slot: Slot, *, now: datetime) -> SlotShown:
    """Return one slot as the calendar shows it. One query."""
    return _shown(Slot.objects.filter(pk=slot.pk), [slot.account], member, now=now)[0]


def apart_minutes_of(member: Member) -> int:
    """Return how far apart (minutes) posts of one account should be in the workspace."""
    rows = Spacing.objects.filter(workspace_id=member.workspace_id)
    found = rows.values_list("apart_minutes", flat=True).first()
    return APART_MINUTES if found is None else found
