"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class Bare:
    """Payload of what needs no further words."""


@dataclass(frozen=True, slots=True)
class RotaChanged:
    """Payload of duty.rota_changed. ``role`` is the title of who may be on duty, "" for all."""

    role: str
    always: bool


@dataclass(frozen=True, slots=True)
class LayerAdded:
    """Payload of duty.layer_added. ``order`` are the members' numbers; the days are ISO dates."""

    place: str
    order: list[int]
    first: str


@dataclass(frozen=True, slots=True)
class LayerEnded:
    """Payload of duty.layer_ended. ``last`` is an ISO date."""

    last: str


@dataclass(frozen=True, slots=True)
class Hours:
    """Payload of what has a beginning and an end: ISO instants with offset."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Overridden:
    """Payload of duty.overridden: ISO instants with offset."""

    place: str
    start: str
    end: str
    reason: str


@dataclass(frozen=True, slots=True)
class SwapMade:
    """Payload of what is said of a swap. ``giver``, ``taker`` and ``asked`` are members' numbers,
    0 for none.

    ``back`` is where the hours in return start, "" for none.
    """

    giver: int
    taker: int
    asked: int
    start: str
    end: str
    back: str


@dataclass(frozen=True, slots=True)
class TurnsMoved:
    """Payload of duty.turns_moved: the numbers of the members whose hours are others now."""

    members: list[int]


@dataclass(frozen=True, slots=True)
class GapAhead:
    """Payload of duty.gap_ahead: from when to when (ISO) nobody is on duty, and the warning."""

    start: str
    end: str
    days: int


@dataclass(frozen=True, slots=True)
class TurnChanges:
    """Payload of what is told before a place changes hands: when (ISO), in how many minutes, and
    the members' numbers, 0 for nobody.
    """

    place: str
    at: str
    minutes: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ZonesChanged:
    """Payload of duty.zones_changed: the versions, how many turns moved, the first of them in
    words without a language, and all of them as [member, was, now], each from and until (ISO)
    or None.
    """

    old: str
    new: str
    count: int
    words: str
    moved: list[tuple[int, tuple[str, str] | None, tuple[str, str] | None]]


@dataclass(frozen=True, slots=True)
class Linked:
    """Payload of duty.calendar_linked. ``shows`` is "own" or "rota"."""

    shows: str


ROTA_OPENED = announce(Kind("duty.rota_opened", Bare, _("%(actor)s opened the rota")))
ROTA_CHANGED = announce(
    Kind("duty.rota_changed", RotaChanged, _("%(actor)s changed the settings of the rota"))
)
SITE_ADDED = announce(
    Kind("duty.site_added", Bare, _("%(actor)s added the place %(subject)s to the rota"))
)
SITE_CHANGED = announce(
    Kind("duty.site_changed", Bare, _("%(actor)s changed the place %(subject)s of the rota"))
)
SITE_REMOVED = announce(
    Kind("duty.site_removed", Bare, _("%(actor)s removed the place %(subject)s from the rota"))
)
HOLIDAYS_SET = announce(
    Kind("duty.holidays_set", Bare, _("%(actor)s set the holidays of %(subject)s"))
)
LAYER_ADDED = announce(
    Kind("duty.layer_added", LayerAdded, _("%(actor)s added the layer %(subject)s to the rota"))
)
LAYER_ENDED = announce(
    Kind("duty.layer_ended", LayerEnded, _("%(actor)s ended the layer %(subject)s of the rota"))
)
LAYER_REOPENED = announce(
    Kind("duty.layer_reopened", Bare, _("%(actor)s let the layer %(subject)s of the rota go on"))
)
OVERRIDDEN = announce(
    Kind("duty.overridden", Overridden, _("%(actor)s put %(subject)s on duty: %(reason)s"))
)
OVERRIDE_WITHDRAWN = announce(
    Kind(
        "duty.override_withdrawn",
        Hours,
        _("%(actor)s took back that %(subject)s is on duty out of turn"),
    )
)
LEAVE_TAKEN = announce(Kind("duty.leave_taken", Hours, _("%(subject)s is on leave for a time")))
LEAVE_CANCELLED = announce(
    Kind("duty.leave_cancelled", Hours, _("%(subject)s is not on leave after all"))
)
SWAP_OFFERED = announce(
    Kind("duty.swap_offered", SwapMade, _("%(actor)s offered hours on duty: %(subject)s"))
)
SWAP_TAKEN = announce(
    Kind("duty.swap_taken", SwapMade, _("%(actor)s took the offered hours on duty: %(subject)s"))
)
SWAP_WITHDRAWN = announce(
    Kind("duty.swap_withdrawn", SwapMade, _("%(actor)s took back the swap of duty: %(subject)s"))
)
SWAP_DECLINED = announce(
    Kind("duty.swap_declined", SwapMade, _("%(actor)s declined a swap of duty: %(subject)s"))
)
SWAP_LAPSED = announce(
    Kind("duty.swap_lapsed", SwapMade, _("Nobody took the offered hours on duty: %(subject)s"))
)
SWAP_VOID = announce(
    Kind("duty.swap_void", SwapMade, _("The swap of duty does not hold any more: %(subject)s"))
)
SWAP_BEGUN = announce(Kind("duty.swap_begun", SwapMade, _("The swap of duty began: %(subject)s")))
SWAP_WAITS = announce(
    Kind(
        "duty.swap_waits",
        SwapMade,
        _("Nobody has taken the offered hours on duty yet: %(subject)s"),
    )
)
TURN_BEGINS = announce(
    Kind("duty.turn_begins", TurnChanges, _("%(subject)s goes on duty in %(minutes)s min"))
)
BACKUP_BEGINS = announce(
    Kind("duty.backup_begins", TurnChanges, _("%(subject)s is backup in %(minutes)s min"))
)
TURN_ENDS = announce(
    Kind(
        "duty.turn_ends",
        TurnChanges,
        _("The turn of %(subject)s ends in %(minutes)s min, and nobody follows"),
    )
)
ZONES_CHANGED = announce(
    Kind(
        "duty.zones_changed",
        ZonesChanged,
        _("New rules of time zones (%(old)s to %(new)s) moved turns: %(count)s. %(words)s"),
    )
)
CALENDAR_FOLLOWED = announce(
    Kind(
        "duty.calendar_followed",
        Bare,
        _("%(actor)s chose whose public holidays %(subject)s keeps"),
    )
)
TURNS_MOVED = announce(
    Kind("duty.turns_moved", TurnsMoved, _("Hours on duty changed for members of %(subject)s"))
)
GAP_AHEAD = announce(
    Kind("duty.gap_ahead", GapAhead, _("Nobody is on duty for some hours: %(subject)s"))
)
CALENDAR_LINKED = announce(
    Kind(
        "duty.calendar_linked", Linked, _("%(actor)s made a calendar link to the rota: %(subject)s")
    )
)
CALENDAR_UNLINKED = announce(
    Kind(
        "duty.calendar_unlinked",
        Bare,
        _("%(actor)s revoked a calendar link to the rota: %(subject)s"),
    )
)
