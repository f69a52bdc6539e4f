"""How a post goes out again, as a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.planning.recurrence import LEAST_TIMES, MOST_EVERY, MOST_TIMES, Rule
from yanzhen.planning.rule_words import WEEKDAYS

STEPS = (
    ("day", pgettext_lazy("goes out again every", "days")),
    ("week", pgettext_lazy("goes out again every", "weeks")),
    ("month", pgettext_lazy("goes out again every", "months")),
)


class RecurrenceForm(forms.Form):
    """Every so many days, weeks or months, so many times in all."""

    every = forms.IntegerField(
        label=pgettext_lazy("goes out again", "Every"), min_value=1, max_value=MOST_EVERY, initial=1
    )
    step = forms.ChoiceField(
        label=pgettext_lazy("goes out again", "Step"), choices=STEPS, initial="week"
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days, for weeks"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    times = forms.IntegerField(
        label=_("Times in all"),
        min_value=LEAST_TIMES,
        max_value=MOST_TIMES,
        initial=4,
        help_text=_("The first one counts."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, rule: Rule | None = None) -> None:
        start = (
            {}
            if rule is None
            else {
                "every": rule.every,
                "step": rule.step,
                "weekdays": list(rule.weekdays),
                "times": rule.times,
            }
        )
        super().__init__(data, initial=start)

    def rule(self) -> Rule:
        """Return what the valid form asks for; days of the week count for weeks alone."""
        asked = self.cleaned_data
        weekly = asked["step"] == "week"
        return Rule(
            step=asked["step"],
            every=asked["every"],
            times=asked["times"],
            weekdays=tuple(sorted(asked["weekdays"])) if weekly else (),
        )
