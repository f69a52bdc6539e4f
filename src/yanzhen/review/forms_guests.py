"""What an invitation of a guest asks for, and what a guest is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from yanzhen.discussion.models import BODY_LENGTH
from yanzhen.review.actions.guests import DAYS, GuestWish
from yanzhen.review.models import NAME_LENGTH, RoundStep
from yanzhen.review.states import Reason, VerdictKind

_SPANS = (1, 3, DAYS, 14, 30)


def _name(label: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "name"})
    return forms.CharField(label=label, max_length=NAME_LENGTH, widget=widget)


class InviteGuestForm(forms.Form):
    """Whom to let read a post, for how long, and what they may decide."""

    name = forms.CharField(
        label=_("Guest’s name"),
        max_length=NAME_LENGTH,
        help_text=_("As the log shall name them, such as “Ada Hart, Hart & Co”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-key": "i"}),
    )
    step = forms.TypedChoiceField(
        label=pgettext_lazy("guest", "May decide"), required=False, coerce=int, empty_value=None
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        initial=DAYS,
    )
    language = forms.ChoiceField(
        label=_("Language of their page"), help_text=_("They can switch it.")
    )
    past_embargo = forms.BooleanField(
        label=_("They may read it before the embargo lifts"), required=False
    )

    def __init__(
        self,
        *args: Any,
        steps: Sequence[RoundStep],
        embargoed: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.steps = {step.pk: step for step in steps}
        reading = (("", _("Nothing: they read and comment")),)
        titles = [(step.pk, step.shown_title) for step in steps]
        self._choices("step", [*reading, *titles])
        self._choices("days", [(days, _days(days)) for days in _SPANS])
        names = {"en": "English", "zh-hans": "简体中文"}
        languages = [(code, names.get(code, word)) for code, word in settings.LANGUAGES]
        self._choices("language", languages)
        if not embargoed:
            del self.fields["past_embargo"]

    def _choices(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def wish(self) -> GuestWish:
        """Return what was asked as the action wants it; the form must be valid."""
        asked = self.cleaned_data
        return GuestWish(
            name=asked["name"],
            language=asked["language"],
            step=self.steps.get(asked["step"]) if asked["step"] else None,
            days=asked["days"],
            past_embargo=asked.get("past_embargo", False),
        )


def _days(count: int) -> Any:
    return ngettext_lazy("%(count)d day", "%(count)d days", count) % {"count": count}


class GuestDecisionForm(forms.Form):
    """A guest's verdict, signed with a name. A return needs a reason and a note."""

    seen = forms.CharField(max_length=64)
    name = _name(_("Your name"))
    verdict = forms.ChoiceField(choices=VerdictKind.choices)
    reason = forms.ChoiceField(choices=[("", ""), *Reason.choices], required=False)
    comment = forms.CharField(label=_("Note to the team"), max_length=BODY_LENGTH, required=False)
    sure = forms.BooleanField(
        error_messages={"required": _("Tick that you have read this version.")}
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a return that does not say why."""
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == VerdictKind.RETURN:
            if not cleaned.get("reason"):
                self.add_error("reason", _("Choose a reason."))
            if not cleaned.get("comment"):
                self.add_error("comment", _("Say in a sentence what to change."))
        return cleaned


class GuestRemarkForm(forms.Form):
    """What a guest says, signed with a name."""

    seen = forms.CharField(max_length=64)
    name = _name(_("Your name"))
    body = forms.CharField(
        label=_("Comment"), max_length=BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
