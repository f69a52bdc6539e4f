"""What review is asked with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.people.models import Role
from yanzhen.review.actions.flows import StepWish
from yanzhen.review.models import STEP_TITLES, Flow
from yanzhen.review.states import GuestRule, Reason, VerdictKind

MOST_STEPS = 6
#: Characters of what a verdict says.
LONGEST = 4000
#: Rows of the flow stand in a table and are drawn field by field.
LOOK = {"class": "input"}


class DecisionForm(forms.Form):
    """A verdict on one step. A return needs a reason and a note."""

    verdict = forms.ChoiceField(choices=VerdictKind.choices)
    reason = forms.ChoiceField(choices=[("", ""), *Reason.choices], required=False)
    comment = forms.CharField(max_length=LONGEST, required=False, strip=True)

    def clean(self) -> dict[str, Any]:
        """Refuse a return that does not say why."""
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == VerdictKind.RETURN:
            if not cleaned.get("reason"):
                self.add_error("reason", _("Choose a reason."))
            if not cleaned.get("comment"):
                self.add_error("comment", _("Say in a sentence what to change."))
        return cleaned


class StepForm(forms.Form):
    """One row of the flow."""

    slug = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Name"), required=False, max_length=60, widget=forms.TextInput(attrs=LOOK)
    )
    role = forms.ModelChoiceField(
        label=_("Decided by"),
        queryset=Role.objects.none(),
        required=False,
        empty_label=_("The author (self-check)"),
        widget=forms.Select(attrs=LOOK),
    )
    quorum = forms.IntegerField(
        label=_("People"),
        min_value=1,
        max_value=9,
        initial=1,
        widget=forms.NumberInput(attrs=LOOK),
    )
    hours = forms.DecimalField(
        label=pgettext_lazy("review step", "Hours"),
        min_value=Decimal("0.25"),
        max_value=Decimal(240),
        initial=6,
        widget=forms.NumberInput(attrs=LOOK),
    )
    guests = forms.ChoiceField(
        label=pgettext_lazy("review step", "Guests"),
        choices=GuestRule.choices,
        required=False,
        widget=forms.Select(attrs=LOOK),
    )
    drop = forms.BooleanField(label=_("Remove"), required=False)

    def wish(self) -> StepWish:
        """Return the row as an action wants it; the form must be valid."""
        asked = self.cleaned_data
        role: Role | None = asked["role"]
        slug = asked["slug"] if asked["slug"] in STEP_TITLES else ""
        return StepWish(
            slug=slug,
            title=asked["title"],
            role_id=role.pk if role else None,
            quorum=asked["quorum"],
            hours=asked["hours"],
            guests=asked["guests"] or GuestRule.NO,
        )


def _rows_given(given: QueryDict) -> list[StepForm]:
    """Return a form for each row that came in with anything in it."""
    forms_given = [StepForm(given, prefix=f"s{n}") for n in range(MOST_STEPS)]
    return [form for form in forms_given if form["role"].data or form["hours"].data]


def _rows_of(flow: Flow) -> list[StepForm]:
    """Return a form for each step as it stands."""
    return [
        StepForm(
            prefix=f"s{n}",
            initial={
                "slug": step.slug,
                "title": step.title,
                "role": step.role_id,
                "quorum": step.quorum,
                "hours": step.hours.normalize(),
                "guests": step.guests,
            },
        )
        for n, step in enumerate(flow.steps.order_by("position"))
    ]


def step_forms(flow: Flow, given: QueryDict | None = None) -> list[StepForm]:
    """Return one form for each step: as it stands, or as it came in with ``given``."""
    made = _rows_of(flow) if given is None else _rows_given(given)
    for form in made:
        role_field = cast("forms.ModelChoiceField[Role]", form.fields["role"])
        role_field.queryset = flow.workspace.roles.in_order()
    return made
