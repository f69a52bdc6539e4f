"""What people type about handoffs. Forms clean; actions write."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.handoff.actions.filling import Point, Words
from yanzhen.handoff.models import (
    CAPTIONS_LENGTH,
    NOTE_LENGTH,
    READ_BACK_LENGTH,
    SECTION_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Handover,
    Item,
    Section,
)
from yanzhen.handoff.states import Light, SectionKind
from yanzhen.people.forms import MemberChoice
from yanzhen.people.models import Member

_MOST_AHEAD = timedelta(days=31)
_MOST_ACTION_AHEAD = timedelta(days=365)


def _moment(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, required=required, widget=widget, help_text=help_text)


class HoursForm(forms.Form):
    """To whom, from when, until when; hours are in the reader's own zone."""

    receiver = MemberChoice(
        label=pgettext_lazy("handoff", "Hand over to"),
        queryset=Member.objects.none(),
        empty_label=_("Choose a member"),
    )
    due_at = _moment(pgettext_lazy("handoff", "At"), help_text=_("In your time."))
    until_at = _moment(
        pgettext_lazy("handoff", "They lead until"),
        required=False,
        help_text=_("Empty: until they hand it on."),
    )

    def __init__(self, data: Any = None, *, member: Member, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.now = now
        self.member = member
        team = Member.objects.visible_to(member).active().select_related("user")
        team = team.exclude(pk=member.workspace.lead_id or 0).order_by("user__name", "pk")
        who = cast("forms.ModelChoiceField[Member]", self.fields["receiver"])
        who.queryset = team

    @property
    def nobody(self) -> bool:
        """Tell whether there is no one to hand over to but whoever looks."""
        if self.member.workspace.lead_id not in (None, self.member.pk):
            return False
        who = cast("forms.ModelChoiceField[Member]", self.fields["receiver"])
        others = who.queryset.exclude(pk=self.member.pk) if who.queryset is not None else None
        return others is None or not others.exists()

    def clean_due_at(self) -> datetime:
        """Refuse hours nobody hands over at."""
        at: datetime = self.cleaned_data["due_at"]
        if not self.now - _MOST_AHEAD <= at <= self.now + _MOST_AHEAD:
            raise ValidationError(_("Choose an hour within a month from now."))
        return at

    def clean(self) -> dict[str, Any]:
        """Want the end after the beginning."""
        cleaned = super().clean() or {}
        due, until = cleaned.get("due_at"), cleaned.get("until_at")
        if due and until and not due < until <= due + _MOST_AHEAD:
            self.add_error("until_at", _("Choose an end after the beginning, within a month."))
        return cleaned


class WordsForm(HoursForm):
    """The top of a log."""

    light = forms.ChoiceField(
        label=pgettext_lazy("handoff", "How the shift is"),
        choices=Light.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=pgettext_lazy("handoff", "The shift in a sentence or two"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 2, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, handover: Handover, **kwargs: Any) -> None:
        initial = {
            name: getattr(handover, name) for name in ("due_at", "until_at", "light", "note")
        }
        initial |= {"receiver": handover.receiver_id, "seen": handover.revision}
        super().__init__(data, initial=initial, **kwargs)

    def words(self) -> Words:
        """Return what was typed."""
        given = self.cleaned_data
        return Words(
            light=Light(given["light"]),
            note=given["note"],
            receiver=given["receiver"],
            due_at=given["due_at"],
            until_at=given["until_at"],
        )


class ItemForm(forms.Form):
    """One point; which fields it has follows from the section."""

    text = forms.CharField(label=pgettext_lazy("handoff", "Point"), max_length=TEXT_LENGTH)
    then = forms.CharField(label=pgettext_lazy("handoff", "then"), max_length=TEXT_LENGTH)
    owner = MemberChoice(
        label=pgettext_lazy("handoff", "Who"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=pgettext_lazy("handoff", "Whoever leads"),
    )
    due_at = _moment(pgettext_lazy("handoff", "By when"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        section: Section,
        member: Member,
        now: datetime,
        item: Item | None = None,
    ) -> None:
        initial: dict[str, Any] = {}
        if item is not None:
            initial = {"text": item.text, "then": item.then, "owner": item.owner_id}
            initial["due_at"] = item.due_at
        place = f"item-{item.pk}" if item else f"new-{section.pk}"
        super().__init__(data, initial=initial, auto_id=f"{place}-%s")
        self.section, self.now = section, now
        if section.kind != SectionKind.IF_THEN:
            del self.fields["then"]
        else:
            self.fields["text"].label = pgettext_lazy("handoff", "If")
        if section.kind != SectionKind.ACTIONS:
            del self.fields["owner"], self.fields["due_at"]
        else:
            team = Member.objects.visible_to(member).active().select_related("user")
            who = cast("forms.ModelChoiceField[Member]", self.fields["owner"])
            who.queryset = team.order_by("user__name", "pk")
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean_due_at(self) -> datetime | None:
        """Refuse hours nobody plans for."""
        at: datetime | None = self.cleaned_data["due_at"]
        if at is not None and abs(at - self.now) > _MOST_ACTION_AHEAD:
            raise ValidationError(_("Choose an hour within a year from now."))
        return at

    def point(self) -> Point:
        """Return what was typed."""
        given = self.cleaned_data
        return Point(given["text"], given.get("then", ""), given.get("owner"), given.get("due_at"))


class GiveForm(forms.Form):
    """Who does a point instead of a member who has left."""

    owner = MemberChoice(
        label=pgettext_lazy("handoff", "Who"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=pgettext_lazy("handoff", "Whoever leads"),
        widget=forms.Select({"class": "input"}),
    )

    def __init__(self, data: Any = None, *, member: Member) -> None:
        super().__init__(data, auto_id=False)
        team = Member.objects.visible_to(member).active().select_related("user")
        who = cast("forms.ModelChoiceField[Member]", self.fields["owner"])
        who.queryset = team.order_by("user__name", "pk")


class AcceptForm(forms.Form):
    """The receiver's line. Which points are ticked comes beside it."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 2, widget=forms.HiddenInput)
    read_back = forms.CharField(
        label=_("Read it back in a line"),
        max_length=READ_BACK_LENGTH,
        help_text=_("What you take over, in your own words."),
    )


class RefuseForm(forms.Form):
    """Why the lead is not taken."""

    reason = forms.CharField(
        label=_("What is missing"),
        max_length=READ_BACK_LENGTH,
        help_text=_("Whoever hands over keeps the lead and mends the log."),
    )


class LinkForm(forms.Form):
    """A document somewhere else, by a title of one's own or by that of its page."""

    title = forms.CharField(
        label=pgettext_lazy("handoff link", "Title"),
        max_length=TITLE_LENGTH,
        required=False,
        help_text=_("Empty: what the page calls itself."),
    )
    url = forms.URLField(
        label=pgettext_lazy("handoff link", "Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Loom, Notion, a document: it opens in the reader’s own browser."),
    )

    def clean_url(self) -> str:
        """Take pages of the web only."""
        url: str = self.cleaned_data["url"]
        if not url.startswith(("https://", "http://")):
            raise ValidationError(_("Paste an address that starts with https://."))
        return url


class VideoForm(forms.Form):
    """The title of a recording, and what it says."""

    title = forms.CharField(
        label=pgettext_lazy("handoff video", "Title"), max_length=TITLE_LENGTH, required=False
    )
    captions = forms.CharField(max_length=CAPTIONS_LENGTH, required=False)


class CaptionsForm(forms.Form):
    """What a video says, in words."""

    captions = forms.CharField(
        label=_("What is said, in words"),
        max_length=CAPTIONS_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Lines that begin with a time, such as 0:05, become captions in the video."),
    )


class SectionForm(forms.Form):
    """One section of the form; ``kind`` counts for a new one only."""

    title = forms.CharField(
        label=pgettext_lazy("handoff section", "Title"), max_length=SECTION_LENGTH, required=False
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("handoff section", "Holds"),
        choices=SectionKind.choices,
        required=False,
        widget=forms.Select({"class": "input"}),
    )
    required = forms.BooleanField(
        label=pgettext_lazy("handoff section", "Required"), required=False
    )
    used = forms.BooleanField(label=pgettext_lazy("handoff section", "Used"), required=False)
    place = forms.IntegerField(
        label=pgettext_lazy("handoff section", "Position"), min_value=1, max_value=99
    )
