"""Fields that several forms of the rota have: wall times, hours of a day, an order of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from yanzhen.duty.rules.spans import Span
from yanzhen.kernel.wall_time import FoldTime, GapTime, every_zone, resolve
from yanzhen.people.models import Member
from yanzhen.people.zones import Choices, choices, city_words

MOST_PAIRS = 3
FIRST_YEAR, LAST_YEAR = 2000, 2100
_WALL = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
WEEKDAYS = [
    (1, pgettext_lazy("weekday", "Mon")),
    (2, pgettext_lazy("weekday", "Tue")),
    (3, pgettext_lazy("weekday", "Wed")),
    (4, pgettext_lazy("weekday", "Thu")),
    (5, pgettext_lazy("weekday", "Fri")),
    (6, pgettext_lazy("weekday", "Sat")),
    (7, pgettext_lazy("weekday", "Sun")),
]


class WallInput(forms.DateTimeInput):
    """A browser's own choice of day and time."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local", "step": 60}, format=_WALL[0])
        self.input_type = "datetime-local"


class WallField(forms.Field):
    """A wall time without a zone; the form knows whose walls."""

    widget = WallInput

    def to_python(self, value: Any) -> datetime | None:
        """Return a naive datetime. Raises ValidationError for what is none."""
        if value in self.empty_values:
            return None
        for form in _WALL:
            try:
                found = datetime.strptime(str(value).strip(), form)  # noqa: DTZ007 -- a wall time
            except ValueError:
                continue
            if FIRST_YEAR <= found.year <= LAST_YEAR:
                return found
        raise forms.ValidationError(_("Write a day and a time, such as 2026-03-29 09:00."))


class DayField(forms.DateField):
    """A day, between the years anybody plans for."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)

    def clean(self, value: Any) -> Any:
        """Return the day. Raises ValidationError for what is none."""
        found = super().clean(value)
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise forms.ValidationError(_("Choose a year from 2000 to 2100."))
        return found


class HourField(forms.TimeField):
    """An hour and minute of a day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, **options)


class TeamField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """A member of the team; with ``anyone`` a word for none of them in particular."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Member.objects.none(), **options)

    def offer(self, member: Member, *, others: bool = False) -> None:
        """Offer the active members of this member's workspace, or only the ``others``."""
        team = Member.objects.visible_to(member).active().select_related("user")
        if others:
            team = team.exclude(pk=member.pk)
        self.queryset = team.order_by("user__name", "pk")


def moment_of(wall: datetime, zone: str, *, closing: bool = False) -> datetime:
    """Return the moment (aware UTC) a wall time of ``zone`` means.

    Of one that happens twice, the first begins and the second ends. Raises ValidationError for one
    the clocks jump over.
    """
    try:
        return resolve(wall, zone).at
    except FoldTime as twice:
        return (twice.later if closing else twice.earlier).at
    except GapTime as gap:
        words = _(
            "The clocks in %(city)s jump over %(time)s that day. Choose %(before)s or %(after)s."
        )
        raise forms.ValidationError(
            words
            % {
                "city": city_words(zone),
                "time": f"{wall:%H:%M}",
                "before": f"{gap.before:%H:%M}",
                "after": f"{gap.after:%H:%M}",
            }
        ) from gap


def wall_in(at: datetime, zone: Any) -> datetime:
    """Return the wall time (naive) of a moment in ``zone`` (tzinfo), as forms begin with it."""
    return at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


def zone_choices(near: Iterable[str]) -> Choices:
    """Return every zone as choices: those ``near`` first, the rest by parts of the world."""
    first = [zone for zone in dict.fromkeys(near) if zone in every_zone()]
    rest = [
        (part, [choice for choice in named if choice[0] not in first]) for part, named in choices()
    ]
    return [(_("Where the team is"), [(zone, city_words(zone)) for zone in first]), *rest]


class MindingForm(forms.Form):
    """What may be hard on somebody; ``accepted`` is the mark of what was said of it (minding)."""

    accepted = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)


class SpanForm(forms.Form):
    """From a wall time to another, both in ``zone``; ``cleaned_data["span"]`` is what is meant."""

    start = WallField(label=pgettext_lazy("duty span", "From"))
    end = WallField(label=pgettext_lazy("duty span", "Until"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        """Read both ends as moments."""
        cleaned = super().clean() or {}
        found: dict[str, datetime] = {}
        for name in ("start", "end"):
            wall = cleaned.get(name)
            if wall is None:
                continue
            try:
                found[name] = moment_of(wall, self.zone, closing=name == "end")
            except forms.ValidationError as error:
                self.add_error(name, error)
        cleaned["span"] = None
        if len(found) == 2:  # noqa: PLR2004 -- both ends
            if found["end"] <= found["start"]:
                self.add_error("end", _("This is not after the start. Choose a later time."))
            else:
                cleaned["span"] = Span(found["start"], found["end"])
        return cleaned


class HoursForm(forms.Form):
    """Up to MOST_PAIRS pairs of hours and the weekdays they are kept on."""

    weekdays = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("duty hours", "On"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": pgettext_lazy("duty hours", "Choose a day at least.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, MOST_PAIRS + 1):
            self.fields[f"from{n}"] = HourField(
                label=pgettext("duty hours", "From"), required=n == 1
            )
            self.fields[f"until{n}"] = HourField(
                label=pgettext("duty hours", "Until"), required=n == 1
            )

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each pair."""
        return [(self[f"from{n}"], self[f"until{n}"]) for n in range(1, MOST_PAIRS + 1)]

    def clean(self) -> dict[str, Any]:
        """Gather the pairs that are filled in as ("HH:MM", "HH:MM")."""
        cleaned = super().clean() or {}
        hours = []
        for n in range(1, MOST_PAIRS + 1):
            start, end = cleaned.get(f"from{n}"), cleaned.get(f"until{n}")
            if start and end:
                hours.append((f"{start:%H:%M}", f"{end:%H:%M}"))
            elif (start or end) and not {f"from{n}", f"until{n}"} & set(self.errors):
                missing = f"until{n}" if start else f"from{n}"
                self.add_error(missing, _("Fill in both times, or neither."))
        cleaned["hours"] = hours
        return cleaned


def hours_initial(hours: Sequence[Sequence[str]]) -> dict[str, time]:
    """Return stored pairs as what an HoursForm begins with."""
    begin: dict[str, time] = {}
    for n, (start, end) in enumerate(hours[:MOST_PAIRS], start=1):
        begin |= {f"from{n}": time.fromisoformat(start), f"until{n}": time.fromisoformat(end)}
    return begin


class OrderForm(forms.Form):
    """A place in the order for each member; who has none is not in it."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        team: Sequence[Member],
        order: Sequence[int] = (),
        prefix: str = "order",
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.team = team
        places = {pk: n for n, pk in enumerate(order, start=1)}
        for member in team:
            self.fields[str(member.pk)] = forms.IntegerField(
                required=False,
                min_value=1,
                max_value=99,
                initial=places.get(member.pk),
                label=_("Place of %(name)s") % {"name": member.name},
                widget=forms.NumberInput({"class": "input order__place", "inputmode": "numeric"}),
            )

    @property
    def rows(self) -> list[tuple[Member, forms.BoundField]]:
        """Each member with the field, those in the order first."""
        found = [(member, self[str(member.pk)]) for member in self.team]
        return sorted(found, key=lambda row: (row[1].initial is None, row[1].initial or 0))

    def clean(self) -> dict[str, Any]:
        """Gather the members in order, and refuse two in one place."""
        cleaned = super().clean() or {}
        placed = [m for m in self.team if cleaned.get(str(m.pk))]
        placed.sort(key=lambda member: int(cleaned[str(member.pk)]))
        if len({cleaned[str(member.pk)] for member in placed}) < len(placed):
            raise forms.ValidationError(_("Two members have the same number. Give each their own."))
        if not placed and not self.errors:
            raise forms.ValidationError(_("Give at least one member a number."))
        cleaned["order"] = placed
        return cleaned
