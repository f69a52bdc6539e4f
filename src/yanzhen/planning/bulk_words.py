"""Why one of many posts stays as it is, in the reader's language."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.wall_time import FoldTime, GapTime, UnknownZone
from yanzhen.people.rights import NotAllowed
from yanzhen.planning.actions.timing import BeforeLift, InThePast
from yanzhen.planning.embargoes import Embargo
from yanzhen.planning.states import PostState


def refusal_words(why: Exception) -> str:
    """Say why, and what to do where something can be done."""
    if isinstance(why, GapTime):
        text = _("The clocks skip %(time)s on that day. Open it to choose another time.")
        return text % {"time": f"{why.wall:%H:%M}"}
    if isinstance(why, FoldTime):
        text = _("%(time)s happens twice on that day. Open it to say which one is meant.")
        return text % {"time": f"{why.wall:%H:%M}"}
    if isinstance(why, InThePast):
        return _("That time has passed.")
    if isinstance(why, BeforeLift):
        return lifts_words(why.embargo)
    if isinstance(why, UnknownZone):
        return _("No time zone is called %(name)s.") % {"name": why.name}
    return _standing_words(why)


def lifts_words(embargo: Embargo) -> str:
    """Say when an embargo lifts, by the clocks of its zone."""
    local = embargo.lifts_local
    day = formats.date_format(local, pgettext("date format", "D j F"))
    return _("Its embargo lifts %(time)s.") % {"time": f"{day} {local:%H:%M}"}


def _standing_words(why: Exception) -> str:
    if isinstance(why, MoveRefused) and why.found != "changed":
        # Rooms above refuse with words of their own; planning itself names the stage.
        found = dict(PostState.choices).get(why.found, why.found)
        return _("It stays as it is: %(found)s.") % {"found": found}
    if isinstance(why, NotAllowed):
        return _("This one is not yours to decide.")
    return _("Somebody changed it meanwhile. Look at it again.")
