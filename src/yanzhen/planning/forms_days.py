"""What people send about holidays and the team's own days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.holidays import countries, country_name
from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.planning.models import DAY_NAME_LENGTH

_YEARS = range(2006, 2101)


class CountryForm(forms.Form):
    """One more country or region whose holidays are shown; those ``shown`` are not offered."""

    country = forms.ChoiceField(label=_("Country or region"))

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, shown: Collection[str] = ()
    ) -> None:
        super().__init__(data)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        named = ((code, country_name(code)) for code in countries() - set(shown))
        choose = ("", pgettext_lazy("country", "Choose one"))
        field.choices = [choose, *sorted(named, key=lambda each: each[1])]


class TeamDayForm(forms.Form):
    """A day the team marks itself."""

    day = forms.DateField(
        label=pgettext_lazy("time form", "Date"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    name = forms.CharField(
        label=pgettext_lazy("team day", "What it is"), max_length=DAY_NAME_LENGTH
    )
    yearly = forms.BooleanField(label=_("Every year"), required=False)
    free = forms.BooleanField(
        label=_("Nobody works on it: the calendar points at posts that go out then"),
        required=False,
    )

    def clean_day(self) -> date:
        """Refuse days nobody plans for."""
        day: date = self.cleaned_data["day"]
        if day.year not in _YEARS:
            raise forms.ValidationError(_("Choose a year from 2006 to 2100."))
        return day

    def clean_name(self) -> str:
        """Refuse what no text may hold, and keep it to one line."""
        try:
            name = " ".join(clean_text(self.cleaned_data["name"]).split())
        except TextRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        if not name:
            raise forms.ValidationError(_("Say what the day is."))
        return name
