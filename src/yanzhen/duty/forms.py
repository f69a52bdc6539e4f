"""What people type about being on duty: leave, swaps, turns out of order. Forms clean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from yanzhen.duty.form_fields import (
    DayField,
    HourField,
    MindingForm,
    SpanForm,
    TeamField,
    WallField,
    moment_of,
)
from yanzhen.duty.models import DutyLink, Place, Turn
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.walls import ONE_DAY
from yanzhen.duty.words import span_words
from yanzhen.people.models import Member

NOTE_LENGTH = 120
REASON_LENGTH = 200
#: A calendar of leave is small; a larger file is something else.
MOST_BYTES = 512 * 1024


class OverrideForm(MindingForm, SpanForm):
    """Somebody on duty out of turn; hours in the zone of who says so."""

    member = TeamField(label=pgettext_lazy("override", "Who"), empty_label=None)
    place = forms.ChoiceField(label=pgettext_lazy("override", "As"), choices=Place.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("Everybody reads it beside the turn."),
    )
    field_order = ("member", "start", "end", "place", "reason")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        keeps: bool,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, zone=member.zone, initial={"member": member.pk, **(initial or {})})
        if keeps:
            cast("TeamField", self.fields["member"]).offer(member)
        else:
            # Everybody may cover what nobody has, for themselves.
            del self.fields["member"], self.fields["place"]


class LeaveForm(MindingForm):
    """Days somebody cannot be on duty, in that member's own zone; with hours, part of them."""

    member = TeamField(label=pgettext_lazy("leave", "Who"), empty_label=None, required=False)
    first = DayField(label=gettext_lazy("First day away"))
    last = DayField(label=gettext_lazy("Last day away"), required=False)
    start_time = HourField(label=gettext_lazy("From this hour"), required=False)
    end_time = HourField(label=gettext_lazy("Until this hour"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=gettext_lazy("The team reads it. Leave out what is private."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, member: Member, keeps: bool
    ) -> None:
        super().__init__(data, initial={"member": member.pk})
        self.own = member
        if keeps:
            cast("TeamField", self.fields["member"]).offer(member)
            self.fields["member"].required = True
        else:
            del self.fields["member"]

    def clean(self) -> dict[str, Any]:
        """Read days and hours as moments of the member's zone."""
        cleaned = super().clean() or {}
        cleaned["member"] = cleaned.get("member") or self.own
        cleaned["span"] = None
        first, last = cleaned.get("first"), cleaned.get("last") or cleaned.get("first")
        if first is None or last is None:
            return cleaned
        if last < first:
            self.add_error("last", _("This is before the first day. Choose a later one."))
            return cleaned
        opens, closes = cleaned.get("start_time"), cleaned.get("end_time")
        start = datetime.combine(first, opens or time(0))
        end = (
            datetime.combine(last, closes) if closes else datetime.combine(last + ONE_DAY, time(0))
        )
        zone = cleaned["member"].zone
        try:
            span = (moment_of(start, zone), moment_of(end, zone, closing=True))
        except forms.ValidationError as error:
            self.add_error("start_time" if opens else None, error)
            return cleaned
        if span[1] <= span[0]:
            self.add_error("end_time", _("This is not after the start. Choose a later time."))
        else:
            cleaned["span"] = Span(*span)
        return cleaned


class LeaveFileForm(MindingForm):
    """A calendar with leave in it: a file, or its text."""

    member = TeamField(label=pgettext_lazy("leave", "Who"), empty_label=None, required=False)
    file = forms.FileField(
        label=gettext_lazy("Calendar file (.ics)"),
        required=False,
        widget=forms.FileInput({"accept": ".ics,text/calendar"}),
        help_text=gettext_lazy("At most 512 KB and 2000 events."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 5, "spellcheck": "false"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        member: Member,
        keeps: bool,
    ) -> None:
        super().__init__(data, files, initial={"member": member.pk})
        self.own = member
        if keeps:
            cast("TeamField", self.fields["member"]).offer(member)
            self.fields["member"].required = True
        else:
            del self.fields["member"]

    def clean(self) -> dict[str, Any]:
        """Read the file, or the text where there is none, as UTF-8 of bounded size."""
        cleaned = super().clean() or {}
        cleaned["member"] = cleaned.get("member") or self.own
        sent, text = cleaned.get("file"), cleaned.get("text") or ""
        too_large = _("This is too large for a calendar of leave. Export fewer days.")
        if sent:
            if sent.size > MOST_BYTES:
                self.add_error("file", too_large)
                return cleaned
            try:
                text = sent.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This is not a calendar file: it is not UTF-8 text."))
                return cleaned
        elif len(text.encode()) > MOST_BYTES:
            self.add_error("text", too_large)
        elif not text.strip() and not self.errors:
            self.add_error("file", _("Choose a calendar file, or paste its text below."))
        cleaned["calendar"] = text
        return cleaned


def turn_words(turn: Turn, zone: str, *, name: bool = False) -> str:
    """Say when a turn is in ``zone``, and whose it is."""
    said = span_words(turn.span, zone)
    if turn.place == Place.BACKUP:
        words = {"hours": said, "place": turn.get_place_display()}
        said = pgettext("hours of a turn", "%(hours)s (%(place)s)") % words
    return f"{turn.member.name}, {said}" if name else said


class SwapForm(MindingForm):
    """A turn offered, whole or in part, to one member or to everybody, maybe for another turn."""

    turn = forms.ChoiceField(
        label=gettext_lazy("Your turn"),
        error_messages={
            "invalid_choice": gettext_lazy("This turn is not yours any more. Choose another one.")
        },
    )
    start = WallField(
        label=gettext_lazy("Only from"),
        required=False,
        help_text=gettext_lazy("Leave both empty to give the whole turn."),
    )
    end = WallField(label=gettext_lazy("Only until"), required=False)
    back = forms.ChoiceField(
        label=gettext_lazy("In return for"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("This turn is another’s now. Choose another one.")
        },
        help_text=gettext_lazy("Whose turn this is, is asked."),
    )
    asked = TeamField(
        label=gettext_lazy("Ask"),
        required=False,
        empty_label=pgettext_lazy("swap", "Everybody: whoever takes it first"),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=REASON_LENGTH, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        own: Sequence[Turn],
        others: Sequence[Turn],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.member, self.turns = member, {turn.key: turn for turn in (*own, *others)}
        cast("TeamField", self.fields["asked"]).offer(member, others=True)
        cast("forms.ChoiceField", self.fields["turn"]).choices = [
            (turn.key, turn_words(turn, member.zone)) for turn in own
        ]
        cast("forms.ChoiceField", self.fields["back"]).choices = [
            ("", pgettext("swap", "Nothing")),
            *((turn.key, turn_words(turn, member.zone, name=True)) for turn in others),
        ]

    def clean(self) -> dict[str, Any]:
        """Return what is given and what is wanted back as spans, and who is asked."""
        cleaned = super().clean() or {}
        turn = self.turns.get(cleaned.get("turn", ""))
        cleaned["given"] = self._part(turn, cleaned) if turn else None
        back = self.turns.get(cleaned.get("back", ""))
        cleaned["back_span"] = back.span if back else None
        cleaned["place"] = turn.place if turn else Place.PRIMARY
        if turn and back:
            if back.place != turn.place:
                self.add_error("back", _("Swap a turn on duty for one on duty, backup for backup."))
            asked = cleaned.get("asked")
            if asked and asked.pk != back.member_id:
                self.add_error("asked", _("Ask whose turn you want in return, or leave this."))
            cleaned["asked"] = back.member
        return cleaned

    def _part(self, turn: Turn, cleaned: Mapping[str, Any]) -> Span | None:
        ends = {}
        for name, whole in (("start", turn.start_at), ("end", turn.end_at)):
            wall = cleaned.get(name)
            try:
                ends[name] = (
                    moment_of(wall, self.member.zone, closing=name == "end") if wall else whole
                )
            except forms.ValidationError as error:
                self.add_error(name, error)
                return None
        if not turn.start_at <= ends["start"] < ends["end"] <= turn.end_at:
            self.add_error("start", _("These hours are not inside your turn."))
            return None
        return Span(ends["start"], ends["end"])


class LinkForm(forms.Form):
    """What a calendar link shows."""

    shows = forms.ChoiceField(
        label=pgettext_lazy("duty link", "Shows"), choices=DutyLink.Shows.choices
    )
