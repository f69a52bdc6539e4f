"""What people type to prove themselves, and who has to. Forms clean; actions write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.people.forms import RoleChoice, RoleChoices, SeenForm
from yanzhen.people.models import Member, Role
from yanzhen.signin.actions.factors import NAME_LENGTH


def _code(label: Any) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs=attrs))


class Answered(forms.JSONField):
    """What the browser says, as JSON; nested without end is as unreadable as anything else."""

    def to_python(self, value: Any) -> Any:
        """Return the parsed value. Raises ValidationError."""
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = _code(pgettext_lazy("second step", "Code"))


class NewAppForm(forms.Form):
    """The first code of a new app."""

    code = _code(_("Code shown by the app"))


class PasskeyForm(forms.Form):
    """A new passkey: its name, and what the browser made (JSON)."""

    name = forms.CharField(
        label=pgettext_lazy("passkey", "Name"),
        max_length=NAME_LENGTH,
        help_text=_("So that you know it again: “Work laptop”, “Phone”."),
    )
    credential = Answered(widget=forms.HiddenInput)


class UsedPasskeyForm(forms.Form):
    """What the browser says to prove a passkey (JSON)."""

    credential = Answered(widget=forms.HiddenInput)


class RulesForm(SeenForm):
    """Who must sign in with more than a password."""

    everybody = forms.BooleanField(
        label=_("Everybody in this workspace"),
        required=False,
        help_text=_("Whoever has no second step yet sets one up before anything else."),
    )
    roles = RoleChoices(
        label=_("Whoever holds one of these roles"),
        queryset=Role.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].queryset = Role.objects.visible_to(member).in_order()  # type: ignore[attr-defined]  # a model choice field has one


class GroupForm(forms.Form):
    """A group elsewhere, and the role of whoever is in it."""

    source = forms.ChoiceField(label=pgettext_lazy("of groups", "Kept in"))
    group = forms.CharField(
        label=pgettext_lazy("field", "Group"),
        max_length=255,
        help_text=_("The name as it is there; capitals do not matter."),
    )
    role = RoleChoice(label=_("Role"), queryset=Role.objects.none(), empty_label=None)

    def __init__(
        self, *args: Any, member: Member, sources: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]  # a choice field has them
        self.fields["role"].queryset = Role.objects.visible_to(member).in_order()  # type: ignore[attr-defined]  # a model choice field has one


class NewcomersForm(forms.Form):
    """What members made from outside start as."""

    newcomers = RoleChoice(
        label=_("Newcomers are"),
        queryset=Role.objects.none(),
        required=False,
        empty_label=_("The role that decides least"),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["newcomers"].queryset = Role.objects.visible_to(member).in_order()  # type: ignore[attr-defined]  # a model choice field has one
