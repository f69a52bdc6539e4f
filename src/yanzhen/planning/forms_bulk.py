"""What is asked before many posts are changed, and about views that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.people.models import Member
from yanzhen.planning.models import NAME_LENGTH, Campaign
from yanzhen.planning.queries import campaigns_of

_MOST_DAYS, _MOST_HOURS = 366, 23


class ShiftForm(forms.Form):
    """How far to move posts, or to which day."""

    way = forms.ChoiceField(
        label=pgettext_lazy("bulk move", "How"),
        choices=[
            ("shift", _("Shift each by the same time")),
            ("day", _("Put all on one day, each at its hour")),
        ],
        initial="shift",
        widget=forms.RadioSelect,
    )
    days = forms.IntegerField(
        label=pgettext_lazy("bulk move", "Days"),
        required=False,
        min_value=-_MOST_DAYS,
        max_value=_MOST_DAYS,
        help_text=_("For a shift. With a minus: earlier."),
    )
    hours = forms.IntegerField(
        label=pgettext_lazy("bulk move", "Hours"),
        required=False,
        min_value=-_MOST_HOURS,
        max_value=_MOST_HOURS,
        help_text=_("For a shift. With a minus: earlier."),
    )
    day = forms.DateField(
        label=pgettext_lazy("bulk move", "Day"),
        required=False,
        help_text=_("Posts without a time go out at 10:00."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        """Want what the chosen way needs."""
        asked = super().clean() or {}
        if self.errors:
            return asked
        if asked["way"] == "day":
            if not asked["day"]:
                self.add_error("day", _("Choose a day."))
        elif not asked["days"] and not asked["hours"]:
            self.add_error("days", _("Say by how many days or hours."))
        return asked


class CampaignForm(forms.Form):
    """The campaign posts shall belong to."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=pgettext_lazy("post form", "Campaign"),
        required=False,
        empty_label=_("No campaign"),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, member: Member) -> None:
        super().__init__(data)
        field = self.fields["campaign"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        field.queryset = campaigns_of(member)


class ViewForm(forms.Form):
    """A view's name, and whether everybody sees it."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    shared = forms.BooleanField(label=_("Shared with the workspace"), required=False)

    def clean_name(self) -> str:
        """Refuse what no text may hold, and keep it to one line."""
        try:
            return " ".join(clean_text(self.cleaned_data["name"]).split())
        except TextRefused as refused:
            raise forms.ValidationError(str(refused)) from None
