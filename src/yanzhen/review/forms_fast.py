"""What the settings of the fast lane are asked with."""

from __future__ import annotations

from typing import Self, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from yanzhen.kernel.ids import parse_id
from yanzhen.people.models import Role
from yanzhen.review.actions.fast_lane import FastStepWish
from yanzhen.review.forms import LOOK, MOST_STEPS
from yanzhen.review.models import STEP_TITLES, FastLane

MOST_REASONS = 12


class LaneForm(forms.Form):
    """How the lane runs, but for its steps and reasons."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    active = forms.BooleanField(label=_("The fast lane is open"), required=False)
    minutes = forms.IntegerField(
        label=_("Minutes from submit to decision"), min_value=10, max_value=240
    )
    weekly_most = forms.IntegerField(
        label=_("Uses per account and week"), min_value=1, max_value=99
    )
    parallel = forms.BooleanField(
        label=_("All steps at the same time"),
        help_text=_("Otherwise one after the other, within the same minutes."),
        required=False,
    )

    @classmethod
    def of(cls, lane: FastLane) -> Self:
        """Return the form as the lane stands."""
        return cls(
            initial={
                "seen": lane.revision,
                "active": lane.active,
                "minutes": lane.minutes,
                "weekly_most": lane.weekly_most,
                "parallel": lane.parallel,
            }
        )


class FastStepForm(forms.Form):
    """One step of the lane."""

    slug = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Name"), required=False, max_length=60, widget=forms.TextInput(attrs=LOOK)
    )
    role = forms.ModelChoiceField(
        label=_("Decided by"), queryset=Role.objects.none(), widget=forms.Select(attrs=LOOK)
    )
    quorum = forms.IntegerField(
        label=_("People"),
        min_value=1,
        max_value=9,
        initial=1,
        widget=forms.NumberInput(attrs=LOOK),
    )
    drop = forms.BooleanField(label=_("Remove"), required=False)

    def wish(self) -> FastStepWish:
        """Return the row as an action wants it; the form must be valid."""
        asked = self.cleaned_data
        slug = asked["slug"] if asked["slug"] in STEP_TITLES else ""
        return FastStepWish(slug, asked["title"], asked["role"].pk, asked["quorum"])


def _show_name(form: FastStepForm) -> None:
    """Let an empty name show the one that the step bears then."""
    seeded = STEP_TITLES.get(form["slug"].value() or "", "")
    form.fields["title"].widget.attrs["placeholder"] = str(seeded)


def fast_step_forms(lane: FastLane, given: QueryDict | None = None) -> list[FastStepForm]:
    """Return one form for each step: as it stands, or as it came in with ``given``."""
    if given is None:
        rows = enumerate(lane.steps.order_by("position"))
        made = [
            FastStepForm(
                prefix=f"s{n}",
                initial={
                    "slug": step.slug,
                    "title": step.title,
                    "role": step.role_id,
                    "quorum": step.quorum,
                },
            )
            for n, step in rows
        ]
    else:
        forms_given = [FastStepForm(given, prefix=f"s{n}") for n in range(MOST_STEPS)]
        made = [form for form in forms_given if form["role"].data or form["title"].data]
    for form in made:
        _show_name(form)
        role_field = cast("forms.ModelChoiceField[Role]", form.fields["role"])
        role_field.queryset = lane.workspace.roles.in_order()
    return made


def reasons_given(given: QueryDict) -> list[tuple[int | None, str]]:
    """Return the reasons that came in with words, each with its number if it had one."""
    pairs = zip(given.getlist("reason_pk"), given.getlist("reason_text"), strict=False)
    return [(parse_id(pk), text) for pk, text in list(pairs)[:MOST_REASONS] if text.strip()]
