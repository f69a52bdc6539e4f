"""Times of duty in words, in the active language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanzhen.duty.queries_strain import Strain
from yanzhen.duty.rules.fairness import MOST_NIGHTS
from yanzhen.duty.rules.spans import Span
from yanzhen.kernel.wall_time import zone_named
from yanzhen.people.models import Member

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_MOST_HARD = 4
_DAYS_NAMED_IN_FULL = timedelta(days=6)


def moment_words(at: datetime, zone: str) -> str:
    """Name a moment in ``zone``: Tue 9 June 17:00."""
    local = at.astimezone(zone_named(zone))
    return f"{formats.date_format(local, pgettext('duty date', 'D j F'))} {local:%H:%M}"


def hours_words(span: Span, zone: str, *, day: bool = False) -> str:
    """Say from when to when by the clocks of ``zone``: 09:00–18:00, or Mon 22:00 – Tue 06:00.

    The days are named when it ends on another one, and the first with ``day``; in full where a
    weekday might be this week's or the next.
    """
    if span.length >= _DAYS_NAMED_IN_FULL:
        return span_words(span, zone)
    start, end = (at.astimezone(zone_named(zone)) for at in (span.start, span.end))
    # Until midnight is still the same day.
    same = (end - timedelta(microseconds=1)).date() == start.date()
    until = "24:00" if same and end.date() != start.date() else f"{end:%H:%M}"
    if same:
        said = f"{start:%H:%M}–{until}"
        return f"{formats.date_format(start, 'D')} {said}" if day else said
    return (
        f"{formats.date_format(start, 'D')} {start:%H:%M} – {formats.date_format(end, 'D')} {until}"
    )


def span_words(span: Span, zone: str) -> str:
    """Say when with its day, in ``zone``: Sun 29 November 12:00–19:00, or both ends in full."""
    start, end = moment_words(span.start, zone), moment_words(span.end, zone)
    first, last = (at.astimezone(zone_named(zone)).date() for at in (span.start, span.end))
    return f"{start}–{end.rpartition(' ')[2]}" if first == last else f"{start} – {end}"


def hard_words(strains: Sequence[Strain], members: Mapping[int, Member], zone: str) -> str:
    """Say whom a plan would be hard on, each with the first time in ``zone``, and what to do."""
    first: dict[tuple[int, str], Strain] = {}
    for strain in strains:
        first.setdefault((strain.member, strain.kind), strain)
    said = [_strain_words(each, members, zone) for each in list(first.values())[:_MOST_HARD]]
    if len(strains) > len(said):
        said.append(_("In all it would happen %(count)d times.") % {"count": len(strains)})
    said.append(_("Nothing is changed yet: choose otherwise, or do it all the same."))
    return " ".join(said)


def _strain_words(strain: Strain, members: Mapping[int, Member], zone: str) -> str:
    named: dict[str, object] = {
        "name": members[strain.member].name,
        "start": moment_words(strain.start, zone),
        "count": strain.count,
        "usual": strain.usual,
    }
    if strain.other is not None:
        named["other"] = members[strain.other].name
    many = (
        _("%(name)s would have %(count)d nights in a row from %(start)s; the plan has %(usual)d.")
        if strain.usual > MOST_NIGHTS
        else _("%(name)s would have more than three nights in a row from %(start)s.")
    )
    words = {
        "double": _("%(name)s would have two duties at once from %(start)s."),
        "rest": _("%(name)s would have less than 11 hours between two duties, %(start)s."),
        "nights": many,
        "night": _(
            "%(name)s would be on duty at night from %(start)s, when it is no night for %(other)s."
        ),
    }
    return words[strain.kind] % named


def away_words(span: Span, zone: str) -> str:
    """Say when somebody is away, in ``zone``: whole days by their names alone, else as span_words.

    Mon 30 November, or Mon 30 November – Fri 4 December: the last day is one they are away on.
    """
    start, end = (at.astimezone(zone_named(zone)) for at in (span.start, span.end))
    if start.time() != time.min or end.time() != time.min:
        return span_words(span, zone)
    last = end.date() - timedelta(days=1)
    pattern = pgettext("duty date", "D j F")
    first = formats.date_format(start, pattern)
    if last <= start.date():
        return first
    return f"{first} – {formats.date_format(last, pattern)}"


def offset_words(distance: timedelta) -> str:
    """Give a distance from UTC as people write it: UTC+8, UTC−3:30, UTC."""
    if not distance:
        return "UTC"
    hours, rest = divmod(abs(distance), _HOUR)
    minutes = rest // _MINUTE
    sign = "−" if distance < timedelta(0) else "+"
    return f"UTC{sign}{hours}:{minutes:02}" if minutes else f"UTC{sign}{hours}"


def length_words(length: timedelta) -> str:
    """Say a length in hours and halves as people do: 2½ h, or with minutes: 2 h 15 min."""
    hours, rest = divmod(length, _HOUR)
    minutes = rest // _MINUTE
    if minutes == 30:  # noqa: PLR2004 -- half an hour
        return _("%(hours)s½ h") % {"hours": hours or ""}
    if minutes:
        said = {"hours": hours, "minutes": minutes}
        return _("%(hours)d h %(minutes)d min") % said if hours else _("%(minutes)d min") % said
    return _("%(hours)d h") % {"hours": hours}


def first_name(name: str) -> str:
    """Give the part of a name that fits on a bar: the first, a Chinese one whole."""
    return name.split(maxsplit=1)[0] if name.split() else name
