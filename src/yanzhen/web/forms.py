"""What the pages of the frame are asked with."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.spine import KINDS

ROOMS = (
    ("", _("Everything")),
    ("planning", pgettext_lazy("room", "Plan")),
    ("review", pgettext_lazy("room", "Review")),
    ("publishing", pgettext_lazy("room", "Publishing")),
    ("channels", pgettext_lazy("room", "Accounts")),
    ("people", pgettext_lazy("room", "People")),
)
LOOK = {"class": "input"}
#: Days that clocks of every zone can name; further out, sums with them fail.
FIRST_DAY, LAST_DAY = date(2006, 1, 1), date(2100, 12, 31)


def _day(label: Any) -> forms.DateField:
    attrs = {**LOOK, "type": "date", "min": f"{FIRST_DAY}", "max": f"{LAST_DAY}"}
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs=attrs),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )


class LogFilter(forms.Form):
    """Which events to show. Days are in the reader's zone; an empty field filters nothing."""

    room = forms.ChoiceField(
        label=_("Where"), choices=ROOMS, required=False, widget=forms.Select(attrs=LOOK)
    )
    actor = forms.CharField(
        label=_("Who"), max_length=80, required=False, widget=forms.TextInput(attrs=LOOK)
    )
    subject = forms.CharField(
        label=_("What"), max_length=80, required=False, widget=forms.TextInput(attrs=LOOK)
    )
    since = _day(_("From"))
    until = _day(_("To"))

    def narrow(self, events: Any) -> Any:
        """Return ``events`` (an Event queryset) filtered by what was asked; form must be valid."""
        asked = self.cleaned_data
        if asked["room"]:
            slugs = [slug for slug in KINDS if slug.startswith(f"{asked['room']}.")]
            events = events.filter(kind__in=slugs)
        if asked["actor"]:
            events = events.filter(actor_label__icontains=asked["actor"])
        if asked["subject"]:
            events = events.filter(subject_label__icontains=asked["subject"])
        if asked["since"]:
            events = events.filter(at__gte=make_aware(datetime.combine(asked["since"], time.min)))
        if asked["until"]:
            end = datetime.combine(asked["until"] + timedelta(days=1), time.min)
            events = events.filter(at__lt=make_aware(end))
        return events
