"""What people send about slots, and about how far apart posts should be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from yanzhen.channels.models import Account
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.kernel.wall_time import zone_named
from yanzhen.people.models import Member
from yanzhen.planning.actions.slotting import SlotWish
from yanzhen.planning.copying import monday_of
from yanzhen.planning.models import GOAL_LENGTH, MOST_APART, MOST_MINUTES, Slot

_YEARS = range(2006, 2101)
#: The spans offered, in minutes; 0 is one moment.
SPANS = (0, 60, 120, 180, 240, 360, 480, 720)


if TYPE_CHECKING:
    _Field = forms.ModelChoiceField[Any]
else:
    _Field = forms.ModelChoiceField


class _RowField(_Field):
    """One row of a list; a number no row can have is refused like one that no row has."""

    def to_python(self, value: Any) -> Any:
        """Return the row. Raises ValidationError."""
        if value not in self.empty_values and parse_id(str(value)) is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().to_python(value)


class SlotForm(forms.Form):
    """A slot: when, for which account, and what for. The time is the account's."""

    account = _RowField(
        Account.objects.none(), label=pgettext_lazy("post form", "Account"), empty_label=None
    )
    date = forms.DateField(
        label=pgettext_lazy("time form", "Date"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    time = forms.TimeField(
        label=pgettext_lazy("time form", "Time"),
        help_text=_("In the account’s time zone."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    minutes = forms.TypedChoiceField(
        label=pgettext_lazy("slot", "How long"), coerce=int, required=False, empty_value=None
    )
    goal = forms.CharField(
        label=pgettext_lazy("slot", "Goal"), required=False, max_length=GOAL_LENGTH
    )
    format = forms.ChoiceField(label=pgettext_lazy("slot", "Format"), required=False)
    owner = _RowField(
        Member.objects.none(),
        label=pgettext_lazy("slot", "Owner"),
        required=False,
        empty_label=pgettext_lazy("slot owner", "Nobody yet"),
    )
    note = forms.CharField(label=pgettext_lazy("slot", "Note"), required=False, max_length=300)
    fold = forms.TypedChoiceField(
        choices=[("0", "0"), ("1", "1")], coerce=int, required=False, empty_value=None
    )
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        slot: Slot | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={**(initial or {}), **(facts_of(slot) if slot else {})})
        self._offer("account", Account.objects.visible_to(member).in_order())
        # An owner who has left stays the owner until somebody chooses another.
        owning = Q(active=True) | Q(pk=slot.owner_id if slot else None)
        owners = Member.objects.visible_to(member).filter(owning).select_related("user")
        self._offer("owner", owners.order_by("user__name", "pk"))
        spans = sorted({*SPANS, slot.minutes} if slot else SPANS)
        # A span that was drawn out by hand need not be one of those offered.
        sent = str((data or {}).get("minutes", ""))
        short = len(sent) <= len(str(MOST_MINUTES))
        if sent.isdecimal() and short and int(sent) <= MOST_MINUTES:
            spans = sorted({*spans, int(sent)})
        self._choose("minutes", [(minutes, span_words(minutes)) for minutes in spans])
        any_format = ("", pgettext_lazy("slot format", "Any"))
        self._choose("format", [any_format, *Slot.Format.choices])

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        field.queryset = rows

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        field.choices = choices

    def clean_date(self) -> Any:
        """Refuse days nobody plans for."""
        day = self.cleaned_data["date"]
        if day.year not in _YEARS:
            raise forms.ValidationError(_("Choose a year from 2006 to 2100."))
        return day

    def clean_goal(self) -> str:
        """Refuse what no text may hold."""
        return _readable(self.cleaned_data["goal"])

    def clean_note(self) -> str:
        """Refuse what no text may hold."""
        return _readable(self.cleaned_data["note"])

    def wish(self) -> SlotWish:
        """Return what the valid form asks for."""
        sent = self.cleaned_data
        return SlotWish(
            account=sent["account"],
            wall=datetime.combine(sent["date"], sent["time"]),
            zone=sent["account"].zone,
            fold=sent["fold"],
            minutes=sent["minutes"] or 0,
            goal=sent["goal"],
            format=sent["format"],
            owner=sent["owner"],
            note=sent["note"],
        )


def facts_of(slot: Slot) -> dict[str, Any]:
    """Return a slot as the form takes it: on its account's clocks, with its revision."""
    local = slot.starts_at.astimezone(zone_named(slot.account.zone))
    return {
        "account": slot.account_id,
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "minutes": slot.minutes,
        "goal": slot.goal,
        "format": slot.format,
        "owner": slot.owner_id or "",
        "note": slot.note,
        "fold": local.fold,
        "seen": slot.state_version,
    }


def span_words(minutes: int) -> str:
    """Give a span in words: at that time, 2 h, 1 h 15 min."""
    if not minutes:
        return pgettext("slot", "At that time")
    hours, rest = divmod(minutes, 60)
    if not rest:
        return pgettext("slot", "%(hours)s h") % {"hours": hours}
    if not hours:
        return pgettext("slot", "%(minutes)s min") % {"minutes": rest}
    words = {"hours": hours, "minutes": rest}
    return pgettext("slot", "%(hours)s h %(minutes)s min") % words


def _readable(text: str) -> str:
    try:
        return clean_text(text).strip()
    except TextRefused as refused:
        raise forms.ValidationError(str(refused)) from None


class SlotMoveForm(forms.Form):
    """Where a slot is dragged to, by the viewer's clocks, and how long it is then."""

    day = forms.DateField(input_formats=["%Y-%m-%d"])
    time = forms.TimeField(input_formats=["%H:%M"])
    minutes = forms.IntegerField(required=False, min_value=0, max_value=MOST_MINUTES)
    seen = forms.IntegerField(min_value=0)

    def clean_day(self) -> date:
        """Refuse days nobody plans for."""
        day: date = self.cleaned_data["day"]
        if day.year not in _YEARS:
            raise forms.ValidationError("out of range")
        return day


class SpacingForm(forms.Form):
    """How far apart two posts of one account should be."""

    minutes = forms.IntegerField(
        label=_("Minutes between two posts of one account"),
        min_value=0,
        max_value=MOST_APART,
        help_text=_(
            "The calendar points at posts that are nearer. It stops nothing. 0 turns it off."
        ),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class CopyForm(forms.Form):
    """From which week to which: any day of each, by the member's clocks.

    Drafts are copied for those who ``may_write`` only.
    """

    source = forms.DateField(
        label=pgettext_lazy("copy slots", "From the week of"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    target = forms.DateField(
        label=pgettext_lazy("copy slots", "To the week of"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    posts = forms.BooleanField(
        label=_("Copy draft posts too"),
        required=False,
        help_text=_("Each becomes a new draft of yours, which goes through review by itself."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        may_write: bool = True,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["posts"].disabled = not may_write

    def clean(self) -> dict[str, Any]:
        """Make Mondays of the days. Refuse one week for both, and years nobody plans for."""
        sent = super().clean() or {}
        if self.errors:
            return sent
        for name in ("source", "target"):
            if sent[name].year not in _YEARS:
                self.add_error(name, _("Choose a year from 2006 to 2100."))
            else:
                sent[name] = monday_of(sent[name])
        if not self.errors and sent["source"] == sent["target"]:
            self.add_error("target", _("Choose another week to copy to."))
        return sent
