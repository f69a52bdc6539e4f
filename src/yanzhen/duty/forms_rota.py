"""What people type about the rota itself: who may be on it, layers, places. Forms clean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yanzhen.duty.actions.layers import LayerWish
from yanzhen.duty.actions.sites import Day
from yanzhen.duty.form_fields import (
    WEEKDAYS,
    DayField,
    HourField,
    HoursForm,
    MindingForm,
    hours_initial,
    zone_choices,
)
from yanzhen.duty.models import Layer, Place, Rota, Site
from yanzhen.duty.rules.layers import Change
from yanzhen.kernel.holidays import countries, country_name, parts_of
from yanzhen.people.models import Member, Role

NAME_LENGTH = 60
MOST_EVERY = 52
MOST_HOLIDAYS = 400


class RotaForm(MindingForm):
    """Who may be on duty, and whether somebody always must."""

    role = forms.ModelChoiceField(
        Role.objects.none(),
        label=gettext_lazy("Who may be on duty"),
        required=False,
        empty_label=gettext_lazy("Every member"),
    )
    always = forms.BooleanField(
        label=gettext_lazy("Somebody round the clock"),
        required=False,
        help_text=gettext_lazy("Else only the hours of the layers need somebody."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, rota: Rota, member: Member
    ) -> None:
        super().__init__(data, initial={"role": rota.role_id, "always": rota.always})
        roles = cast("forms.ModelChoiceField[Role]", self.fields["role"])
        roles.queryset = Role.objects.visible_to(member).in_order()


class LayerForm(MindingForm, HoursForm):
    """A layer; its order of members is a form of its own beside it."""

    name = forms.CharField(
        label=pgettext_lazy("layer", "Name"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("A city, or what the turns are called: Shanghai, Weekends."),
    )
    place = forms.ChoiceField(label=pgettext_lazy("layer", "As"), choices=Place.choices)
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    change = forms.ChoiceField(
        label=pgettext_lazy("layer", "Changes hands"), choices=Layer.Every.choices
    )
    every = forms.IntegerField(
        label=gettext_lazy("Every how many"),
        min_value=1,
        max_value=MOST_EVERY,
        initial=1,
        help_text=gettext_lazy("2 with “Every day” is every second day."),
    )
    hand_over = forms.TypedChoiceField(
        label=gettext_lazy("A week begins on"), choices=WEEKDAYS, coerce=int, initial=1
    )
    first_date = DayField(label=pgettext_lazy("layer", "First day"))
    last_date = DayField(
        label=pgettext_lazy("layer", "Last day"),
        required=False,
        help_text=gettext_lazy("Empty: until you end it."),
    )
    rank = forms.IntegerField(
        label=gettext_lazy("Rank"),
        min_value=-9,
        max_value=9,
        initial=0,
        help_text=gettext_lazy("Where two layers have somebody, the higher number counts."),
    )
    holidays_of = forms.ModelChoiceField(
        Site.objects.none(),
        label=gettext_lazy("Free on the holidays of"),
        required=False,
        empty_label=pgettext_lazy("layer", "No place"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        zones: Sequence[str],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        offered = [*zones, str((initial or {}).get("zone", "UTC"))]
        cast("forms.ChoiceField", self.fields["zone"]).choices = zone_choices(offered)
        sites = cast("forms.ModelChoiceField[Site]", self.fields["holidays_of"])
        sites.queryset = Site.objects.visible_to(member)

    def clean(self) -> dict[str, Any]:
        """Refuse a last day before the first."""
        cleaned = super().clean()
        first, last = cleaned.get("first_date"), cleaned.get("last_date")
        if first and last and last < first:
            self.add_error("last_date", _("This is before the first day. Choose a later one."))
        return cleaned

    def wish(self, order: Sequence[Member]) -> LayerWish:
        """Return what the action takes. Only for a valid form."""
        asked = self.cleaned_data
        return LayerWish(
            name=asked["name"],
            zone=asked["zone"],
            hours=asked["hours"],
            order=order,
            first_date=asked["first_date"],
            change=Change(asked["change"]),
            every=asked["every"],
            hand_over=asked["hand_over"],
            weekdays=frozenset(asked["weekdays"]),
            last_date=asked["last_date"],
            rank=asked["rank"],
            place=asked["place"],
            holidays_of=asked["holidays_of"],
        )


def layer_initial(layer: Layer, first: date) -> dict[str, Any]:
    """Return what a form for what follows ``layer`` from ``first`` on begins with."""
    return {
        "name": layer.name,
        "place": layer.place,
        "zone": layer.zone,
        "weekdays": layer.weekdays,
        "change": layer.change,
        "every": layer.every,
        "hand_over": layer.hand_over,
        "first_date": first,
        "last_date": layer.last_date,
        "rank": layer.rank,
        "holidays_of": layer.holidays_of_id,
        **hours_initial(layer.hours),
    }


class EndForm(forms.Form):
    """The last day of a layer, of its own zone."""

    last_date = DayField(label=pgettext_lazy("layer", "Last day"))


class SiteForm(HoursForm):
    """A place of the team and its working hours."""

    name = forms.CharField(label=pgettext_lazy("site", "Place"), max_length=NAME_LENGTH)
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        zones: Sequence[str],
        site: Site | None = None,
    ) -> None:
        begin: dict[str, Any] = {"weekdays": [1, 2, 3, 4, 5], **hours_initial([["09:00", "18:00"]])}
        if site is not None:
            begin = {
                "name": site.name,
                "zone": site.zone,
                "weekdays": site.weekdays,
                **hours_initial(site.hours),
            }
        super().__init__(data, initial=begin)
        offered = [*([site.zone] if site else []), *zones]
        cast("forms.ChoiceField", self.fields["zone"]).choices = zone_choices(offered)


class CalendarForm(forms.Form):
    """Whose public holidays a place keeps; the part of a country once the country is chosen."""

    country = forms.ChoiceField(label=gettext_lazy("Public holidays of"), required=False)
    part = forms.ChoiceField(
        label=gettext_lazy("Part of the country"),
        required=False,
        help_text=gettext_lazy("Some have holidays of their own."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, site: Site) -> None:
        country, _dash, part = site.calendar.partition("-")
        super().__init__(data, initial={"country": country, "part": part})
        self._country = country
        named = sorted(((code, country_name(code)) for code in countries()), key=lambda c: c[1])
        none = ("", pgettext_lazy("public holidays", "No country"))
        cast("forms.ChoiceField", self.fields["country"]).choices = [none, *named]
        parts = parts_of(country)
        if parts:
            whole = ("", pgettext_lazy("public holidays", "The whole country"))
            cast("forms.ChoiceField", self.fields["part"]).choices = [whole, *parts]
        else:
            del self.fields["part"]

    @property
    def calendar(self) -> str:
        """The chosen code; a part counts only for the country it was offered for."""
        country: str = self.cleaned_data["country"]
        part = self.cleaned_data.get("part", "") if country == self._country else ""
        return f"{country}-{part}" if part else country


class HolidaysForm(forms.Form):
    """Holidays from tomorrow on, one in a line: 2026-10-01 National Day. + before a day worked."""

    days = forms.CharField(
        label=gettext_lazy("Own holidays from tomorrow on"),
        required=False,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One in a line: 2026-10-01 National Day. A day worked instead begins with +. They count"
            " instead of a public holiday of the same day."
        ),
    )

    def clean_days(self) -> list[Day]:
        """Return the days. Raises ValidationError that names the line."""
        lines = [line.strip() for line in self.cleaned_data["days"].splitlines()]
        if len(lines) > MOST_HOLIDAYS:
            raise forms.ValidationError(
                _("These are more than %(most)d lines.") % {"most": MOST_HOLIDAYS}
            )
        return [_holiday(n, line) for n, line in enumerate(lines, start=1) if line]


def _holiday(number: int, line: str) -> Day:
    made_up = line.startswith("+")
    day, _gap, name = line.removeprefix("+").strip().partition(" ")
    try:
        found = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007 -- a day has no zone
    except ValueError as error:
        words = _("Line %(number)d does not begin with a day such as 2026-10-01.")
        raise forms.ValidationError(words % {"number": number}) from error
    return Day(found, name.strip()[:80], made_up)


def holiday_lines(site: Site, after: date) -> str:
    """Return a place's own holidays after a day as the form's lines."""
    rows = site.holidays.filter(day_date__gt=after, public=False).order_by("day_date")
    return "\n".join(
        f"{'+' if day.made_up else ''}{day.day_date:%Y-%m-%d} {day.name}".strip() for day in rows
    )


class StartForm(forms.Form):
    """The way a first rota begins by the week or in the office: where, when and with whom."""

    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    start = HourField(label=pgettext_lazy("duty start", "Changes hands at"))
    end = HourField(label=pgettext_lazy("duty hours", "Until"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        zones: Sequence[str],
        office: bool,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        cast("forms.ChoiceField", self.fields["zone"]).choices = zone_choices(zones)
        if office:
            self.fields["start"].label = _("Working hours from")
            self.fields["end"].required = True
        else:
            del self.fields["end"]


class StartSiteForm(forms.Form):
    """One of the places a rota follows the sun through; one without a name is left out."""

    name = forms.CharField(
        label=pgettext_lazy("site", "Place"), max_length=NAME_LENGTH, required=False
    )
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    start = HourField(label=pgettext_lazy("duty hours", "From"))
    end = HourField(label=pgettext_lazy("duty hours", "Until"))
    order = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label=gettext_lazy("Who takes turns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        zones: Sequence[str],
        prefix: str,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, prefix=prefix, initial=dict(initial or {}))
        cast("forms.ChoiceField", self.fields["zone"]).choices = zone_choices(zones)
        team = Member.objects.visible_to(member).active().select_related("user")
        order = cast("forms.ModelMultipleChoiceField[Member]", self.fields["order"])
        order.queryset = team.order_by("user__name", "pk")

    def clean(self) -> dict[str, Any]:
        """A place with a name needs somebody."""
        cleaned = super().clean() or {}
        if cleaned.get("name") and not cleaned.get("order") and "order" not in self.errors:
            self.add_error("order", _("Choose at least one member, or clear the name."))
        return cleaned
