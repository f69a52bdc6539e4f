"""Why something about the rota could not be, in words; and how a page answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from yanzhen.duty.actions.calendars import NoCalendar
from yanzhen.duty.actions.checks import IsAway, NotQualified, NotTheirs, PastDay, PastHours, TooFar
from yanzhen.duty.actions.hours import MOST_HOURS, BadHours
from yanzhen.duty.actions.layers import NoOrder
from yanzhen.duty.actions.minding import TooHard
from yanzhen.duty.actions.overriding import NeedsReason
from yanzhen.duty.actions.presets import AlreadyKept
from yanzhen.duty.actions.sites import InUse, NameTaken
from yanzhen.duty.actions.swapping import AlreadyOffered, NotAsked, OwnSwap
from yanzhen.duty.rules.ical import MOST_EVENTS, NotACalendar
from yanzhen.duty.words import hard_words, moment_words
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member

#: What an action of this room may refuse with, all of which ``refused_words`` can say.
REFUSALS = (
    *(IsAway, NotQualified, NotTheirs, PastDay, PastHours, TooFar, BadHours, NoOrder),
    *(NeedsReason, AlreadyKept, InUse, NameTaken, AlreadyOffered, NotAsked, OwnSwap),
    *(NotACalendar, NoCalendar, MoveRefused, TooHard),
)
CONFLICT = 409


def refused_words(error: Exception, member: Member) -> str:
    """Say why something was not done, and what to do, to ``member`` in their own hours."""
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words(error, member)
    raise error


def status_of(error: Exception) -> int:
    """Return 409 for what changed meanwhile, 422 for what was asked wrongly."""
    return CONFLICT if isinstance(error, (MoveRefused, AlreadyKept, InUse)) else 422


def _span(error: Any, member: Member) -> dict[str, str]:
    return {
        "name": error.member.name,
        "start": moment_words(error.span.start, member.zone),
        "end": moment_words(error.span.end, member.zone),
    }


def _hours(error: Any, _member: Member) -> str:
    words = {
        "none": _("Give the hours, from and until."),
        "many": _("These are more than %(most)d stretches in a day.") % {"most": MOST_HOURS},
        "no_time": _("Write times such as 09:00."),
        "overlap": _("These hours overlap. Put them one after the other."),
        "weekdays": _("Choose a day at least."),
        "rotation": _("This rotation cannot be: choose 1 or more, and a weekday."),
    }
    return words[error.why]


def _calendar(error: Any, _member: Member) -> str:
    words = {
        "begin": _("This is not a calendar: it does not begin with BEGIN:VCALENDAR."),
        "many": _("Line %(line)d: these are more than %(most)d events. Export fewer days."),
        "open": _("Line %(line)d: this event does not end. The file is cut off."),
        "repeats": _(
            "Line %(line)d: this event comes back. Only single events can be read, so that nobody"
            " is away by guess; write each of its times down."
        ),
        "no_start": _("Line %(line)d: this event has no start."),
        "backwards": _("Line %(line)d: this event ends before it starts."),
        "zone": _("Line %(line)d: no time zone is called “%(value)s”."),
        "time": _("Line %(line)d: “%(value)s” is no time."),
        "duration": _("Line %(line)d: “%(value)s” is no duration."),
        "line": _("Line %(line)d: “%(value)s” cannot be read."),
    }
    return words[error.why] % {"line": error.line, "value": error.value, "most": MOST_EVENTS}


def _moved(error: Any, _member: Member) -> str:
    words = {
        "taken": _("Somebody took this swap meanwhile."),
        "withdrawn": _("This swap was taken back meanwhile."),
        "declined": _("This swap was declined meanwhile."),
        "lapsed": _("Nobody took this swap in time."),
        "begun": _("This swap has begun."),
        "void": _("This swap does not hold any more."),
    }
    return words.get(str(error.found), _("Somebody changed this meanwhile. Load the page again."))


def _same(words: Callable[[], str]) -> Callable[[Any, Member], str]:
    return lambda _error, _member: words()


_WORDS: Mapping[type[Exception], Callable[[Any, Member], str]] = {
    IsAway: lambda e, m: (
        _("%(name)s is away at some time from %(start)s to %(end)s.") % _span(e, m)
    ),
    NotQualified: lambda e, _m: (
        _("%(name)s may not be on duty here: no longer a member, or without the role it asks for.")
        % {"name": e.member.name}
    ),
    NotTheirs: lambda e, m: (
        _("%(name)s is not on duty all the time from %(start)s to %(end)s.") % _span(e, m)
    ),
    PastDay: _same(
        lambda: _("That day has begun or is over. What was stands; choose a later day.")
    ),
    PastHours: _same(lambda: _("These hours have begun or are over. What was stands.")),
    TooFar: _same(lambda: _("The rota is planned twelve weeks ahead. Choose hours before that.")),
    BadHours: _hours,
    NoOrder: _same(lambda: _("Give at least one member a number.")),
    NeedsReason: _same(lambda: _("Say why.")),
    AlreadyKept: _same(lambda: _("There is a rota already. Change that one.")),
    InUse: _same(lambda: _("A layer keeps the holidays of this place, so it stays.")),
    NameTaken: _same(lambda: _("Another place has this name. Choose another name.")),
    AlreadyOffered: _same(lambda: _("Some of these hours are offered or swapped already.")),
    NotAsked: _same(lambda: _("Somebody else was asked for this swap.")),
    OwnSwap: _same(lambda: _("Nobody swaps with themselves. Ask somebody else.")),
    NotACalendar: _calendar,
    NoCalendar: _same(lambda: _("No public holidays are known for this country. Choose another.")),
    MoveRefused: _moved,
    TooHard: lambda e, m: hard_words(e.strains, e.members, m.zone),
}
