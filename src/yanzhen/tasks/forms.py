"""What people type about tasks. Forms clean; actions write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.wall_time import every_zone
from yanzhen.people.models import Member
from yanzhen.people.zones import city_words
from yanzhen.tasks.actions.making import MOST_LABELS, Wish
from yanzhen.tasks.due import Due, read_due
from yanzhen.tasks.models import (
    LABEL_LENGTH,
    MOST_EVERY,
    NOTES_LENGTH,
    TITLE_LENGTH,
    Column,
    Task,
)
from yanzhen.tasks.states import COLUMN_STATES

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class TaskForm(forms.Form):
    """A task as a whole. ``column`` only counts for a new one."""

    title = forms.CharField(
        label=pgettext_lazy("task form", "What is to be done"), max_length=TITLE_LENGTH
    )
    notes = forms.CharField(
        label=_("Notes"),
        max_length=NOTES_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    assignee = forms.ModelChoiceField(
        label=pgettext_lazy("task form", "Who does it"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=pgettext_lazy("tasks", "Nobody yet"),
    )
    column = forms.ModelChoiceField(
        label=pgettext_lazy("task form", "Column"),
        queryset=Column.objects.none(),
        required=False,
        empty_label=None,
    )
    labels = forms.CharField(
        label=pgettext_lazy("task form", "Labels"),
        required=False,
        max_length=(LABEL_LENGTH + 2) * MOST_LABELS,
        help_text=_("Put commas between them."),
        widget=forms.TextInput({"list": "task-labels", "autocomplete": "off"}),
    )
    date = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    time = forms.TimeField(
        label=_("Due at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    zone = forms.ChoiceField(label=pgettext_lazy("task form", "Time zone"))
    fold = forms.TypedChoiceField(
        choices=[("0", "0"), ("1", "1")], coerce=int, required=False, empty_value=None
    )
    repeat_step = forms.ChoiceField(
        label=pgettext_lazy("task form", "Repeats"), choices=Task.Step.choices, required=False
    )
    repeat_every = forms.IntegerField(
        label=_("Every how many"),
        min_value=1,
        max_value=MOST_EVERY,
        initial=1,
        required=False,
        help_text=_("2 with “Every week” is every second week."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        task: Task | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        start = {"zone": member.zone, **(_said(task) if task else {}), **(initial or {})}
        super().__init__(data, initial=start)
        team = Member.objects.visible_to(member).active().select_related("user")
        who = cast("forms.ModelChoiceField[Member]", self.fields["assignee"])
        who.queryset = team.order_by("user__name", "pk")
        columns = cast("forms.ModelChoiceField[Column]", self.fields["column"])
        columns.queryset = Column.objects.visible_to(member).in_order()
        if task is not None:
            del self.fields["column"]
        asked = str((data or {}).get("zone", start["zone"]))
        zones = dict.fromkeys([asked, str(start["zone"]), member.zone, member.workspace.zone])
        cast("forms.ChoiceField", self.fields["zone"]).choices = [
            (zone, city_words(zone)) for zone in zones if zone in every_zone()
        ]

    def clean_date(self) -> Any:
        """Refuse days nobody plans for."""
        day = self.cleaned_data["date"]
        if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise forms.ValidationError(_("Choose a year from 2000 to 2100."))
        return day

    def clean_labels(self) -> list[str]:
        """Return the words between the commas, Western or Chinese."""
        sent = self.cleaned_data["labels"].replace("，", ",").replace("、", ",")
        words = [word.strip() for word in sent.split(",") if word.strip()]
        if any(len(word) > LABEL_LENGTH for word in words):
            raise forms.ValidationError(
                _("A label has %(most)d characters at most.") % {"most": LABEL_LENGTH}
            )
        if len(words) > MOST_LABELS:
            raise forms.ValidationError(
                _("A task has %(most)d labels at most.") % {"most": MOST_LABELS}
            )
        return words

    def clean(self) -> dict[str, Any]:
        """Want a day where there is an hour or a rhythm."""
        cleaned = super().clean() or {}
        day = cleaned.get("date")
        if day is None and "date" not in self.errors:
            if cleaned.get("time"):
                self.add_error("date", _("Choose the day as well."))
            elif cleaned.get("repeat_step"):
                self.add_error("date", _("Choose the day it is due first; it repeats from there."))
        return cleaned

    def wish(self) -> Wish:
        """Return what the action takes. Only for a valid form."""
        asked = self.cleaned_data
        due = None
        if asked["date"]:
            due = Due(asked["date"], asked["time"], asked["zone"], asked["fold"])
        return Wish(
            title=asked["title"],
            notes=asked["notes"],
            assignee=asked["assignee"],
            due=due,
            labels=asked["labels"],
            repeat_step=asked["repeat_step"],
            repeat_every=asked["repeat_every"] or 1,
        )


def _said(task: Task) -> dict[str, Any]:
    due = read_due(task.due_wall, task.due_zone, task.due_fold)
    said: dict[str, Any] = {
        "title": task.title,
        "notes": task.notes,
        "assignee": task.assignee_id,
        "labels": ", ".join(sorted(label.name for label in task.labels.all())),
        "repeat_step": task.repeat_step,
        "repeat_every": task.repeat_every,
    }
    if due is not None:
        said |= {"date": due.day, "time": due.hour, "zone": due.zone}
    return said


class MoveForm(forms.Form):
    """Where a task shall go. ``seen`` is the state_version the page showed."""

    column = forms.ModelChoiceField(queryset=Column.objects.none())
    before = forms.IntegerField(required=False)
    end = forms.BooleanField(required=False)
    seen = forms.IntegerField()

    def __init__(self, data: Mapping[str, Any], *, member: Member) -> None:
        super().__init__(data)
        columns = cast("forms.ModelChoiceField[Column]", self.fields["column"])
        columns.queryset = Column.objects.visible_to(member)


class ItemForm(forms.Form):
    """A line of the checklist."""

    text = forms.CharField(label=_("A further step"), max_length=200)


class RuleForm(forms.Form):
    """Where a post's way takes a task."""

    _CHOICES = [("", _("stays")), *[(each.value, each.label) for each in COLUMN_STATES]]
    when_submitted = forms.ChoiceField(
        label=_("When it goes to review"), choices=_CHOICES, required=False
    )
    when_passed = forms.ChoiceField(label=_("When it passes"), choices=_CHOICES, required=False)
    when_published = forms.ChoiceField(label=_("When it is out"), choices=_CHOICES, required=False)


class ColumnForm(forms.Form):
    """One row of the columns."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=pgettext_lazy("task column", "Name"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"class": "input"}),
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("task column", "A task in it is"),
        choices=[(each.value, each.label) for each in COLUMN_STATES],
        required=False,
        widget=forms.Select({"class": "input"}),
    )
    most = forms.IntegerField(
        label=pgettext_lazy("task column", "Limit"),
        min_value=1,
        max_value=999,
        required=False,
        widget=forms.NumberInput({"class": "input"}),
    )
    strict = forms.BooleanField(label=_("Refuse more"), required=False)
    place = forms.IntegerField(
        label=pgettext_lazy("task column", "Position"),
        min_value=1,
        max_value=99,
        widget=forms.NumberInput({"class": "input"}),
    )
    drop = forms.BooleanField(label=pgettext_lazy("task column", "Remove"), required=False)

    def clean(self) -> dict[str, Any]:
        """Want to know what a new column means."""
        cleaned = super().clean() or {}
        if cleaned.get("pk") is None and not cleaned.get("state"):
            self.add_error("state", _("Say what a task in this column is."))
        return cleaned
