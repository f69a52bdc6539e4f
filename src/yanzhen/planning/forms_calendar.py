"""What people ask of the calendar, and what they send it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.channels.models import Account
from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.people.models import Member
from yanzhen.planning.calendar_days import next_month, wall_time
from yanzhen.planning.models import Campaign, month_of
from yanzhen.planning.queries import STAGES, authors_of, campaigns_of
from yanzhen.planning.queries_calendar import Wanted
from yanzhen.planning.states import PostState

MONTH, WEEK, DAY, LIST = "month", "week", "day", "list"
#: Views of one day or its week; the others are of a month.
BY_HOUR = frozenset({WEEK, DAY})
_STEPS = {WEEK: timedelta(days=7), DAY: timedelta(days=1)}
_FIRST_YEAR, _LAST_YEAR = 2006, 2100


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything the calendar can be narrowed to. Three queries."""

    accounts: Sequence[Account]
    authors: Sequence[Member]
    campaigns: Sequence[Campaign]

    @classmethod
    def to(cls, member: Member) -> Offer:
        """Read what the member may choose from."""
        return cls(
            accounts=list(Account.objects.visible_to(member).in_order()),
            authors=list(authors_of(member)),
            campaigns=list(campaigns_of(member)),
        )

    def has(self, query: str) -> bool:
        """Tell whether everything a kept query is narrowed to is still there."""
        asked = QueryDict(query)
        offered: dict[str, Sequence[Account | Member | Campaign]] = {
            "account": self.accounts,
            "author": self.authors,
            "campaign": self.campaigns,
        }
        return all(
            set(asked.getlist(name)) <= {str(row.pk) for row in rows}
            for name, rows in offered.items()
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One view of the calendar: ``month`` is its first day, ``view`` one of the four.

    ``day`` is which day or whose week is shown; in a month, the one to go to from there, if any.
    ``good`` tells that good times are shown, which they are by the hour only.
    """

    month: date
    view: str = MONTH
    wanted: Wanted = field(default_factory=Wanted)
    day: date | None = None
    good: bool = False

    @property
    def query(self) -> str:
        """The view as a query string; filters that leave everything in are left out."""
        parts: list[tuple[str, object]] = [("month", f"{self.month:%Y-%m}")]
        if self.by_hour and self.day:
            parts = [("day", f"{self.day:%Y-%m-%d}")]
        if self.view != MONTH:
            parts.append(("view", self.view))
        if self.by_hour and self.good:
            parts.append(("good", 1))
        return urlencode(parts) + self.narrowing

    @property
    def narrowing(self) -> str:
        """What the view is narrowed to, to be added to a query string: &account=1, or ""."""
        wanted = self.wanted
        parts: list[tuple[str, object]] = [("account", pk) for pk in sorted(wanted.accounts)]
        named = ("stage", wanted.stage), ("author", wanted.author), ("campaign", wanted.campaign)
        parts += [(name, value) for name, value in named if value]
        return f"&{urlencode(parts)}" if parts else ""

    @property
    def kept(self) -> str:
        """What a view keeps of it: how it is shown and narrowed, and no date; "" for everything."""
        view = urlencode({"view": self.view}) if self.view != MONTH else ""
        return (view + self.narrowing).removeprefix("&")

    @property
    def when(self) -> str:
        """The month and day shown, to be added to what a view keeps: &month=2026-06."""
        day = {"day": f"{self.day:%Y-%m-%d}"} if self.by_hour and self.day else {}
        return f"&{urlencode({'month': f'{self.month:%Y-%m}', **day})}"

    @property
    def address(self) -> str:
        """Where this view is."""
        return f"{reverse('calendar')}?{self.query}"

    @property
    def by_hour(self) -> bool:
        """Whether this shows days by the hour."""
        return self.view in BY_HOUR

    @property
    def previous(self) -> str:
        """Where the month, week or day before is, "" at the end of time."""
        return self._beside(-1)

    @property
    def next(self) -> str:
        """Where the month, week or day after is, "" at the end of time."""
        return self._beside(1)

    @property
    def as_week(self) -> str:
        """The same as a week by the hour."""
        return replace(self, view=WEEK).address

    @property
    def as_day(self) -> str:
        """The same as a day by the hour."""
        return replace(self, view=DAY).address

    @property
    def as_good(self) -> str:
        """The same with good times, or without where they are shown; a month leads to its week."""
        view = self.view if self.by_hour else WEEK
        on = not (self.by_hour and self.good)
        return replace(self, view=view, good=on).address + ("#good" if on else "")

    @property
    def as_month(self) -> str:
        """The same as a month."""
        return replace(self, view=MONTH).address

    @property
    def as_list(self) -> str:
        """The same as a list."""
        return replace(self, view=LIST).address

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return self.wanted != Wanted()

    @property
    def everything(self) -> str:
        """The same month with nothing left out."""
        return replace(self, wanted=Wanted()).address

    @property
    def all_address(self) -> str:
        """The month as weeks with nothing left out: what no view keeps."""
        return replace(self, view=MONTH, wanted=Wanted()).address

    def at(self, day: date) -> str:
        """Return the address of the same view with another day in it."""
        return replace(self, month=month_of(day), day=day).address

    def day_at(self, day: date) -> str:
        """Return the address of another day by the hour."""
        return replace(self, view=DAY, month=month_of(day), day=day).address

    def _beside(self, by: int) -> str:
        step = _STEPS.get(self.view)
        beside = self.day + step * by if step and self.day else next_month(self.month, by)
        return self.at(beside) if _FIRST_YEAR <= beside.year <= _LAST_YEAR else ""


class CalendarForm(forms.Form):
    """A view of the calendar, as it comes in the address."""

    month = forms.DateField(required=False, input_formats=["%Y-%m"])
    view = forms.ChoiceField(
        required=False, choices=[(view, view) for view in (MONTH, WEEK, DAY, LIST)]
    )
    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    good = forms.BooleanField(required=False)
    account = forms.TypedMultipleChoiceField(required=False, coerce=int)
    stage = forms.ChoiceField(label=pgettext_lazy("post form", "Stage"), required=False)
    author = forms.TypedChoiceField(
        label=pgettext_lazy("post form", "Author"), required=False, coerce=int, empty_value=None
    )
    campaign = forms.TypedChoiceField(
        label=pgettext_lazy("post form", "Campaign"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, data: QueryDict, *, offer: Offer) -> None:
        super().__init__(data)
        _choices(self, "account", [(each.pk, str(each)) for each in offer.accounts])
        stages = [each for each in STAGES if each != PostState.DROPPED]
        _choices(self, "stage", [("", _("Every stage")), *((s.value, s.label) for s in stages)])
        authors = [(each.pk, str(each)) for each in offer.authors]
        _choices(self, "author", [("", _("Everyone")), *authors])
        campaigns = [(each.pk, str(each)) for each in offer.campaigns]
        _choices(self, "campaign", [("", _("Every campaign")), *campaigns])
        for name in ("stage", "author", "campaign"):
            self.fields[name].widget.attrs["class"] = "input"

    def clean_month(self) -> date | None:
        """Refuse months nobody plans for."""
        return _planned(self.cleaned_data["month"])

    def clean_day(self) -> date | None:
        """Refuse days nobody plans for."""
        return _planned(self.cleaned_data["day"])

    def asked(self, *, today: date) -> Asked:
        """Return the view that the valid form asks for; without a month, the one of ``today``.

        By the hour a month alone stands for today where that is in it, else for its first day.
        """
        sent = self.cleaned_data
        month, view, day = sent["month"] or month_of(today), sent["view"] or MONTH, sent["day"]
        if view in BY_HOUR:
            day = day or (today if month == month_of(today) else month)
            month = month_of(day)
        return Asked(
            month=month,
            view=view,
            day=day,
            good=sent["good"],
            wanted=Wanted(
                accounts=frozenset(sent["account"]),
                stage=sent["stage"],
                author=sent["author"],
                campaign=sent["campaign"],
            ),
        )


def _planned(day: date | None) -> date | None:
    if day and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise forms.ValidationError("out of range")
    return day


def _choices(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    offered = form.fields[name]
    assert isinstance(offered, forms.ChoiceField)  # noqa: S101 -- tells the type checker
    offered.choices = choices


class NameForm(forms.Form):
    """What a month or a week is about."""

    name = forms.CharField(label=pgettext_lazy("calendar", "In a few words"), max_length=80)

    def clean_name(self) -> str:
        """Refuse what no text may hold."""
        try:
            return clean_text(self.cleaned_data["name"])
        except TextRefused as refused:
            raise forms.ValidationError(str(refused)) from None


class FocusForm(NameForm):
    """What the week of ``week`` is about."""

    week = forms.DateField(input_formats=["%Y-%m-%d"])


class MoveForm(forms.Form):
    """The day a post is moved to, in the viewer's zone, and its time as the page showed it.

    With ``time`` it is moved to that hour of the viewer's clocks too.
    """

    day = forms.DateField(input_formats=["%Y-%m-%d"])
    time = forms.TimeField(required=False, input_formats=["%H:%M"])
    seen = forms.CharField(required=False, max_length=20)

    def clean_day(self) -> date:
        """Refuse days nobody plans for."""
        day = _planned(self.cleaned_data["day"])
        assert day is not None  # noqa: S101 -- the field is required
        return day


class BackForm(forms.Form):
    """Where a move is undone to: ``back`` is a wall time, None for no time at all."""

    back = forms.CharField(required=False, max_length=16)
    zone = forms.CharField(required=False, max_length=64)
    fold = forms.TypedChoiceField(
        choices=[("0", "0"), ("1", "1")], coerce=int, required=False, empty_value=None
    )
    seen = forms.CharField(max_length=20)

    def clean_back(self) -> datetime | None:
        """Return the wall time, naive."""
        sent: str = self.cleaned_data["back"]
        try:
            return wall_time(sent) if sent else None
        except ValueError:
            raise forms.ValidationError("no time") from None
