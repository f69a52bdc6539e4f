"""Slots as the calendar shows them, and which post fills which. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanzhen.channels.models import Account

#: Posts that are put into a span that has begun go out at a multiple of this (minutes).
QUARTER = 15


class Due(Protocol):
    """A post as far as slots ask: which it is, whose, and when it goes out (aware)."""

    @property
    def pk(self) -> int:
        """The post's number."""
        ...

    @property
    def account(self) -> Account:
        """The account it is for."""
        ...

    @property
    def due_at(self) -> datetime | None:
        """When it goes out, None for never."""
        ...


@dataclass(frozen=True, slots=True)
class SlotShown:
    """A slot in the calendar. ``local`` is its beginning by the viewer's clocks.

    ``minutes`` is the length of its span, 0 for one moment; ``format`` and ``owner`` are words, ""
    for any and nobody. ``seen`` is its revision, ``past`` tells that nothing can fill it any more.
    ``takes_at`` is when a post that is put into it now goes out, by the viewer's clocks.
    """

    pk: int
    account: Account
    starts_at: datetime
    local: datetime
    minutes: int
    goal: str
    format: str
    owner: str
    note: str
    seen: int
    past: bool
    takes_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When it ends (aware): a slot of one moment lasts that minute."""
        return self.starts_at + timedelta(minutes=max(self.minutes, 1))

    @property
    def title(self) -> str:
        """What it is for, else that it is empty."""
        return self.goal or _("Empty slot")

    @property
    def hour(self) -> str:
        """The viewer's wall time: 17:00, or 17:00–19:00 for a span."""
        start = f"{self.local:%H:%M}"
        if not self.minutes:
            return start
        end = self.ends_at.astimezone(self.local.tzinfo)
        return f"{start}–{end:%H:%M}"

    @property
    def told(self) -> str:
        """What the dashes and the colour say, in words."""
        return pgettext("calendar", "%(account)s, empty slot") % {"account": self.account}

    @property
    def details(self) -> str:
        """Format and owner in a line; "" where neither is known."""
        return " · ".join(each for each in (self.format, self.owner) if each)

    def holds(self, due_at: datetime) -> bool:
        """Tell whether a post that goes out then (aware) is within the slot."""
        return self.starts_at <= due_at < self.ends_at


def takes_at(slot: SlotShown, *, now: datetime) -> datetime:
    """Return when a post that is put into the slot now (aware) goes out, by the viewer's clocks.

    That is its beginning; in a span that has begun the next quarter of an hour, which leaves time
    to write, or this very minute where the span ends before that.
    """
    if not slot.starts_at < now < slot.ends_at:
        return slot.local
    minute = now.replace(second=0, microsecond=0)
    quarter = minute + timedelta(minutes=-minute.minute % QUARTER)
    if quarter < now:
        quarter += timedelta(minutes=QUARTER)
    at = quarter if quarter < slot.ends_at else minute
    return at.astimezone(slot.local.tzinfo)


def fill(slots: Iterable[SlotShown], posts: Iterable[Due]) -> Mapping[int, SlotShown]:
    """Return the slot that each post fills, by the post's number.

    A post fills one slot of its account and a slot holds one post; the shortest slots choose first
    and take the earliest that fits, so that a span is not filled by what a moment was planned for.
    """
    waiting: dict[int, list[Due]] = defaultdict(list)
    for post in posts:
        if post.due_at is not None:
            waiting[post.account.pk].append(post)
    filled: dict[int, SlotShown] = {}
    for slot in sorted(slots, key=lambda each: (each.minutes, each.starts_at, each.pk)):
        rest: Sequence[Due] = waiting[slot.account.pk]
        found = next((post for post in rest if post.due_at and slot.holds(post.due_at)), None)
        if found is not None:
            filled[found.pk] = slot
            waiting[slot.account.pk].remove(found)
    return filled
