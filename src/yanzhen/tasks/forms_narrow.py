"""Narrowing the tasks, from the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.tasks import asked as ask
from yanzhen.tasks.asked import Asked
from yanzhen.tasks.models import Column, Label

_VIEWS = [(view, view) for view in (ask.BOARD, ask.LIST, ask.MINE)]
_LANES = [
    (ask.NO_LANES, pgettext_lazy("tasks", "No lanes")),
    (ask.BY_ASSIGNEE, _("Lanes by member")),
    (ask.BY_LABEL, _("Lanes by label")),
    (ask.BY_ACCOUNT, _("Lanes by account")),
]
_DUE = [
    ("", _("Whenever due")),
    (ask.LATE, pgettext_lazy("tasks", "Late")),
    (ask.TODAY, _("Due today")),
    (ask.WEEK, _("Due within a week")),
    (ask.NO_DAY, _("No day yet")),
]


class NarrowForm(forms.Form):
    """Which tasks, and how they are laid out. Numbers of another workspace are no choice."""

    view = forms.ChoiceField(choices=_VIEWS, required=False, widget=forms.HiddenInput)
    column = forms.ChoiceField(label=pgettext_lazy("tasks", "Column"), required=False)
    q = forms.CharField(
        label=_("Words in a task"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "class": "input"}),
    )
    assignee = forms.ChoiceField(label=pgettext_lazy("tasks", "Who does it"), required=False)
    label = forms.ChoiceField(label=pgettext_lazy("tasks", "Label"), required=False)
    due = forms.ChoiceField(label=pgettext_lazy("tasks", "Due"), choices=_DUE, required=False)
    account = forms.ChoiceField(label=pgettext_lazy("tasks", "Account"), required=False)
    lanes = forms.ChoiceField(label=_("Lanes"), choices=_LANES, required=False)

    def __init__(self, data: Mapping[str, Any], *, member: Member) -> None:
        super().__init__(data)
        team = Member.objects.visible_to(member).active().select_related("user")
        people = [(str(each.pk), str(each)) for each in team.order_by("user__name", "pk")]
        self._offer(
            "assignee",
            [
                ("", _("Everybody")),
                (ask.ME, pgettext_lazy("tasks", "Mine")),
                (ask.NOBODY, pgettext_lazy("tasks", "Nobody yet")),
                *people,
            ],
        )
        labels = Label.objects.visible_to(member).values_list("pk", "name")
        self._offer("label", [("", _("Every label")), *((str(pk), name) for pk, name in labels)])
        accounts = Account.objects.visible_to(member).in_order()
        self._offer(
            "account",
            [("", _("Every account")), *((str(each.pk), f"@{each.handle}") for each in accounts)],
        )
        columns = Column.objects.visible_to(member).in_order()
        self._offer(
            "column",
            [("", _("Every column")), *((str(each.pk), each.shown_title) for each in columns)],
        )
        for name in ("assignee", "label", "due", "account", "lanes", "column"):
            self.fields[name].widget.attrs["class"] = "input"
        self.fields["q"].widget.attrs["placeholder"] = self.fields["q"].label

    def _offer(self, name: str, choices: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    @property
    def always(self) -> list[forms.BoundField]:
        """The filters in sight: those that make sense in the view asked for."""
        view = self.data.get("view") or ask.BOARD
        names = {ask.LIST: ("q", "assignee", "column"), ask.MINE: ("q", "column")}
        return [self[name] for name in names.get(view, ("q", "assignee", "lanes"))]

    @property
    def sometimes(self) -> list[forms.BoundField]:
        """The filters that are folded away."""
        return [self[name] for name in ("label", "due", "account")]

    def asked(self) -> Asked:
        """Return what is asked; the board when the address makes no sense."""
        if not self.is_valid():
            return Asked()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        asked = Asked(**found)
        return Asked(**{**found, "column": ""}) if asked.view == ask.BOARD else asked
