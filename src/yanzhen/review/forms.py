"""What review is asked with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.people.models import Role
from yanzhen.review.actions.flows import LookWish, StepWish
from yanzhen.review.models import LOOK_LONGEST, LOOK_SHORTEST, STEP_TITLES, Flow
from yanzhen.review.states import GuestRule, Reason, VerdictKind

MOST_STEPS = 6
#: Characters of what a verdict says.
LONGEST = 4000
#: Minutes before a post's time at which the last look usually opens.
LOOK_USUAL = 120
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


class LookForm(forms.Form):
    """Whether the lead looks once more before a post goes out, and from when on, in hours."""

    on = forms.BooleanField(label=_("The lead looks once more before it goes out"), required=False)
    hours = forms.DecimalField(
        label=_("Opens so many hours before its minute"),
        min_value=Decimal(LOOK_SHORTEST) / 60,
        max_value=Decimal(LOOK_LONGEST) / 60,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={**LOOK, "step": "any"}),
    )
    own = forms.BooleanField(
        label=_("The lead may also look at what they wrote themselves"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the hours where the look is on."""
        cleaned = super().clean() or {}
        if cleaned.get("on") and "hours" in cleaned and cleaned["hours"] is None:
            self.add_error("hours", _("Say how many hours before, such as 2."))
        return cleaned

    def wish(self) -> LookWish:
        """Return it as an action wants it; the form must be valid."""
        asked = self.cleaned_data
        if not asked["on"]:
            return LookWish(None)
        return LookWish(round(asked["hours"] * 60), own=asked["own"])


def look_form(flow: Flow, given: QueryDict | None = None) -> LookForm:
    """Return the form as the flow stands, or as it came in with ``given``."""
    minutes = flow.look_minutes
    # Hundredths of an hour: finer than a minute, so what is sent back unchanged changes nothing.
    shown = f"{(minutes or LOOK_USUAL) / 60:.2f}".rstrip("0").rstrip(".")
    initial = {"on": minutes is not None, "hours": shown, "own": flow.look_own}
    return LookForm(given, prefix="look", initial=initial)


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
        # An empty name keeps the standard one, in each reader's language.
        standard = STEP_TITLES.get(str(form["slug"].value() or ""), "")
        form.fields["title"].widget.attrs["placeholder"] = standard
    return made
