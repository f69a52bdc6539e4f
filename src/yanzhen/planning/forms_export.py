"""What people ask for when they take the plan with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.calendar_days import DAY, next_month
from yanzhen.planning.copying import monday_of
from yanzhen.planning.form_fields import ManyRowsField
from yanzhen.planning.forms import NarrowForm
from yanzhen.planning.forms_calendar import BY_HOUR, WEEK
from yanzhen.planning.models import CalendarLink
from yanzhen.planning.queries_export import Choice

CSV, XLSX = "CSV", "XLSX"
_FIRST_YEAR, _LAST_YEAR = 2006, 2100


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ExportForm(NarrowForm):
    """Which posts go into a file, and which file. Days are the member's own."""

    first = _day(pgettext_lazy("export", "From"))
    last = _day(pgettext_lazy("export", "Until"))
    account = ManyRowsField(
        Account.objects.none(),
        label=pgettext_lazy("export", "Accounts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means all."),
    )
    format = forms.ChoiceField(
        label=_("File"),
        choices=[(XLSX, _("Excel (.xlsx)")), (CSV, _("CSV, for any spreadsheet"))],
        initial=XLSX,
    )
    field_order = ("format", "first", "last", "account", "stage", "author", "campaign", "when", "q")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, member=member)
        self.initial = dict(initial or {})
        del self.fields["account"].widget.attrs["class"]

    def clean_first(self) -> date | None:
        """Refuse days nobody plans for."""
        return _planned(self.cleaned_data["first"])

    def clean_last(self) -> date | None:
        """Refuse days nobody plans for."""
        return _planned(self.cleaned_data["last"])

    def clean(self) -> dict[str, Any]:
        """Refuse what ends before it begins, and days for posts that have none."""
        asked: dict[str, Any] = self.cleaned_data
        first, last = asked.get("first"), asked.get("last")
        if first and last and last < first:
            self.add_error("last", _("This is before the first day. Choose a later one."))
        if (first or last) and asked.get("when") == "none":
            self.add_error("when", _("Posts without a time are on no day. Clear the days."))
        return asked

    def choice(self) -> Choice:
        """Return what the valid form asks for."""
        asked = self.cleaned_data
        return Choice(
            narrowing=replace(self.narrowing(), account=None),
            accounts=frozenset(asked["account"]),
            first=asked["first"],
            last=asked["last"],
        )


def _planned(day: date | None) -> date | None:
    if day and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise forms.ValidationError(_("Choose a day between 2006 and 2100."))
    return day


def asked_in(query: QueryDict) -> dict[str, Any]:
    """Return what the address of the calendar or of the posts asks for, to begin the form with.

    What no field offers is left unchosen; what the calendar shows, a month, a week or a day,
    becomes its first and last day.
    """
    begin: dict[str, Any] = {
        name: query[name]
        for name in ("stage", "author", "campaign", "when", "q", "first", "last")
        if query.get(name)
    }
    begin["account"] = [each for each in query.getlist("account") if each]
    return begin | _days_shown(query)


def _days_shown(query: QueryDict) -> dict[str, date]:
    """Return the first and last day of the calendar in the address, nothing for anything else."""
    view = query.get("view")
    by_hour = view in BY_HOUR and "day" in query
    sent = query.get("day" if by_hour else "month", "")
    form = "%Y-%m-%d" if by_hour else "%Y-%m"
    try:
        first = datetime.strptime(sent, form).date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return {}
    if not _FIRST_YEAR <= first.year <= _LAST_YEAR:
        return {}
    if not by_hour:
        return {"first": first, "last": next_month(first) - DAY}
    if view == WEEK:
        first = monday_of(first)
        return {"first": first, "last": first + 6 * DAY}
    return {"first": first, "last": first}


class LinkForm(forms.Form):
    """What a calendar link shows."""

    shows = forms.ChoiceField(
        label=pgettext_lazy("calendar link", "Shows"), choices=CalendarLink.Shows.choices
    )
    account = forms.ModelChoiceField(
        Account.objects.none(),
        label=pgettext_lazy("calendar link", "Account"),
        required=False,
        empty_label=pgettext_lazy("calendar link", "Choose an account"),
        help_text=_("Only for the posts of one account."),
    )
    titled = forms.TypedChoiceField(
        label=pgettext_lazy("calendar link", "Says"),
        choices=[
            ("titles", _("Working title, account and stage")),
            ("busy", _("Account and stage only")),
        ],
        coerce=lambda chosen: chosen == "titles",
        help_text=_("The text of a post is never in it."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, member: Member) -> None:
        super().__init__(data)
        offered = self.fields["account"]
        assert isinstance(offered, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        offered.queryset = Account.objects.visible_to(member).in_order()

    def clean(self) -> dict[str, Any]:
        """Ask for the account where one is needed, and forget it elsewhere."""
        asked: dict[str, Any] = self.cleaned_data
        if asked.get("shows") != CalendarLink.Shows.ONE_ACCOUNT:
            asked["account"] = None
        elif asked.get("account") is None and "account" not in self.errors:
            self.add_error("account", _("Choose the account."))
        return asked
