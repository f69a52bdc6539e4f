"""What is typed in the first ten minutes. The rules are those of the rooms whose actions write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from yanzhen.brand.forms import RuleForm
from yanzhen.brand.rules import Language, RuleKind, RuleSpec, Severity
from yanzhen.duty.form_fields import HourField, zone_choices
from yanzhen.duty.forms_rota import NAME_LENGTH
from yanzhen.duty.rules.overlap import MONDAY_TO_FRIDAY
from yanzhen.onboarding.actions.steps import Guest, PlaceWish
from yanzhen.people.forms import InviteForm, ProfileForm, WorkspaceForm
from yanzhen.people.models import Member
from yanzhen.planning.forms_calendar import NameForm

LEAST_ROWS, MORE_ROWS, MOST_ROWS = 3, 3, 12
NOTE_LENGTH = 300


class HomeForm(WorkspaceForm):
    """The workspace's name and home zone, and the language its owner reads."""

    language = ProfileForm.base_fields["language"]
    field_order = ("name", "zone", "language", "seen")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["alt_required"]
        self.fields["language"].help_text = _("Yours. Every member chooses their own.")


class GuestForm(InviteForm):
    """One row of people to invite; a row without an address and a name is left out."""

    def has_changed(self) -> bool:
        """Tell whether somebody is named here; a role alone invites nobody."""
        return any(self.data.get(self.add_prefix(name), "").strip() for name in ("email", "name"))

    def guest(self) -> Guest:
        """Return what the action takes. Only for a valid form with somebody in it."""
        asked = self.cleaned_data
        return Guest(asked["email"], asked["name"], asked["role"], asked["language"])


def guest_forms(data: Mapping[str, Any] | None, *, member: Member, rows: int) -> list[GuestForm]:
    """Return a form for each row, with the role and language most will have."""
    usual = member.workspace.roles.in_order().filter(slug="creator").first()
    begin = {"language": member.user.language, "role": usual.pk if usual else None}
    return [
        GuestForm(
            data,
            member=member,
            prefix=f"p{n}",
            initial=begin,
            empty_permitted=True,
            use_required_attribute=False,
        )
        for n in range(rows)
    ]


def named(guests: Sequence[GuestForm]) -> list[GuestForm]:
    """Return the rows with somebody in them; an address that stands twice is refused there."""
    rows = [form for form in guests if form.has_changed()]
    seen: set[str] = set()
    for form in rows:
        email = form.cleaned_data.get("email", "").lower() if form.is_valid() else ""
        if email and email in seen:
            form.add_error("email", _("This address stands above already."))
        seen.add(email)
    return rows


def rows_asked(sent: Mapping[str, Any]) -> int:
    """Return how many rows the page has, with more of them where they were asked for."""
    try:
        rows = int(sent.get("rows", ""))
    except ValueError:
        rows = LEAST_ROWS
    return max(LEAST_ROWS, min(MOST_ROWS, rows + (MORE_ROWS if "more" in sent else 0)))


class PlaceForm(forms.Form):
    """One place of the team and its hours from Monday to Friday; without a name it is left out."""

    name = forms.CharField(label=pgettext_lazy("site", "Place"), max_length=NAME_LENGTH)
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    start = HourField(label=pgettext_lazy("duty hours", "From"), initial="09:00")
    end = HourField(label=pgettext_lazy("duty hours", "Until"), initial="18:00")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        zones: Sequence[str],
        prefix: str,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            data,
            prefix=prefix,
            initial={"zone": zones[0], **(initial or {})},
            empty_permitted=True,
            use_required_attribute=False,
        )
        cast("forms.ChoiceField", self.fields["zone"]).choices = zone_choices(zones)

    def has_changed(self) -> bool:
        """Tell whether a place is named here."""
        return bool(self.data.get(self.add_prefix("name"), "").strip())

    def wish(self) -> PlaceWish:
        """Return what the action takes. Only for a valid form with a name."""
        asked = self.cleaned_data
        hours = (f"{asked['start']:%H:%M}", f"{asked['end']:%H:%M}")
        return PlaceWish(asked["name"], asked["zone"], hours, sorted(MONDAY_TO_FRIDAY))


def _lines(label: Any, hint: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": 4, "spellcheck": "false"})
    return forms.CharField(label=label, help_text=hint, required=False, widget=widget)


class WordsForm(forms.Form):
    """A few words the brand does not say, and names as it writes them; one a line."""

    never = _lines(
        gettext_lazy("Words to avoid"),
        gettext_lazy("One a line, such as “cheap”. Writers are warned; nothing is forbidden yet."),
    )
    must = _lines(
        gettext_lazy("Names as you write them"),
        gettext_lazy("One a line, such as your brand. Every other spelling is pointed at."),
    )

    def clean(self) -> dict[str, Any]:
        """Read both lists as rules of the brand, which says what is wrong with them."""
        cleaned: dict[str, Any] = super().clean() or {}
        titles = {"never": _("Words to avoid"), "must": _("Names as you write them")}
        self.rules: list[RuleSpec] = []
        for name, title in titles.items():
            if (cleaned.get(name) or "").strip():
                self._read(name, title, cleaned[name])
        if not self.rules and not self.errors:
            self.add_error("never", _("Write a word, or leave this step out for now."))
        return cleaned

    def _read(self, name: str, title: str, lines: str) -> None:
        sent = {
            "title": title,
            "phrases": lines,
            "severity": Severity.WARNING.value,
            "language": Language.ANY.value,
            "inflect": "on",
        }
        form = RuleForm(sent, kind=RuleKind(name))
        if form.is_valid() and form.rule is not None:
            self.rules.append(form.rule)
        for faults in form.errors.values():
            self.add_error(name, forms.ValidationError(list(faults)))


class FirstThemeForm(NameForm):
    """What this month is about, and a line more on it."""

    note = forms.CharField(
        label=pgettext_lazy("theme", "In a line more"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
