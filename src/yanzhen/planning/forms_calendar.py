"""What people ask of the calendar, and what they send it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
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
from yanzhen.planning.models import Campaign, month_of
from yanzhen.planning.queries import STAGES, authors_of, campaigns_of
from yanzhen.planning.queries_calendar import Wanted, next_month, wall_time
from yanzhen.planning.states import PostState

MONTH, LIST = "month", "list"
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


@dataclass(frozen=True, slots=True)
class Asked:
    """One view of the calendar: ``month`` is its first day, ``view`` MONTH or LIST."""

    month: date
    view: str = MONTH
    wanted: Wanted = field(default_factory=Wanted)

    @property
    def query(self) -> str:
        """The view as a query string; filters that leave everything in are left out."""
        wanted = self.wanted
        parts: list[tuple[str, object]] = [("month", f"{self.month:%Y-%m}")]
        if self.view != MONTH:
            parts.append(("view", self.view))
        parts += [("account", pk) for pk in sorted(wanted.accounts)]
        named = ("stage", wanted.stage), ("author", wanted.author), ("campaign", wanted.campaign)
        parts += [(name, value) for name, value in named if value]
        return urlencode(parts)

    @property
    def address(self) -> str:
        """Where this view is."""
        return f"{reverse('calendar')}?{self.query}"

    @property
    def previous(self) -> str:
        """Where the month before is, "" at the end of time."""
        return self._beside(-1)

    @property
    def next(self) -> str:
        """Where the month after is, "" at the end of time."""
        return self._beside(1)

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

    def at(self, month: date) -> str:
        """Return the address of another month."""
        return replace(self, month=month_of(month)).address

    def _beside(self, by: int) -> str:
        month = next_month(self.month, by)
        return self.at(month) if _FIRST_YEAR <= month.year <= _LAST_YEAR else ""


class CalendarForm(forms.Form):
    """A view of the calendar, as it comes in the address."""

    month = forms.DateField(required=False, input_formats=["%Y-%m"])
    view = forms.ChoiceField(required=False, choices=[(MONTH, MONTH), (LIST, LIST)])
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
        month: date | None = self.cleaned_data["month"]
        if month and not _FIRST_YEAR <= month.year <= _LAST_YEAR:
            raise forms.ValidationError("out of range")
        return month

    def asked(self, *, today: date) -> Asked:
        """Return the view that the valid form asks for; without a month, the one of ``today``."""
        sent = self.cleaned_data
        return Asked(
            month=sent["month"] or month_of(today),
            view=sent["view"] or MONTH,
            wanted=Wanted(
                accounts=frozenset(sent["account"]),
                stage=sent["stage"],
                author=sent["author"],
                campaign=sent["campaign"],
            ),
        )


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
    """The day a post is moved to, in the viewer's zone, and its time as the page showed it."""

    day = forms.DateField(input_formats=["%Y-%m-%d"])
    seen = forms.CharField(required=False, max_length=20)

    def clean_day(self) -> date:
        """Refuse days nobody plans for."""
        day: date = self.cleaned_data["day"]
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise forms.ValidationError("out of range")
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
