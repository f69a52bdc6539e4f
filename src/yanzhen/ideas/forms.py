"""What is said of ideas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.channels.models import Account
from yanzhen.ideas.actions.ideas import Wish
from yanzhen.ideas.models import LINE_LENGTH, NOTE_LENGTH, TITLE_LENGTH, Idea
from yanzhen.kernel.text import TextRefused, clean_text
from yanzhen.people.models import Member
from yanzhen.planning.models import Campaign
from yanzhen.planning.queries import campaigns_of

_is_address = URLValidator(schemes=["http", "https"])


def _line(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=LINE_LENGTH, help_text=help_text)


class IdeaForm(forms.Form):
    """An idea and its brief; only the title is needed."""

    title = forms.CharField(label=_("Idea"), max_length=TITLE_LENGTH)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 4}),
    )
    links = forms.CharField(
        label=_("Links"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=_("One address on each line."),
        widget=forms.Textarea({"rows": 2}),
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=pgettext_lazy("idea", "Campaign"),
        required=False,
        empty_label=_("No campaign"),
    )
    goal = _line(_("Goal"), _("What is different once people have read it."))
    audience = _line(_("Audience"))
    message = _line(_("Key message"), _("In one sentence."))
    deadline_date = forms.DateField(
        label=_("Drafts due"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(date(2006, 1, 1)), MaxValueValidator(date(2100, 12, 31))],
    )
    owner = forms.ModelChoiceField(
        Member.objects.none(), label=_("Owner"), required=False, empty_label=_("Nobody yet")
    )
    accounts = forms.ModelMultipleChoiceField(
        Account.objects.none(),
        label=_("Accounts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    revision = forms.IntegerField(
        required=False, widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        member: Member,
        idea: Idea | None = None,
    ) -> None:
        start: dict[str, Any] = {}
        if idea is not None:
            names = [name for name in self.base_fields if name != "accounts"]
            start = {name: getattr(idea, name) for name in names}
            start["accounts"] = [account.pk for account in idea.accounts.all()]
        super().__init__(data, initial=start)
        chosen = Campaign.objects.none()
        if idea is not None:
            chosen = Campaign.objects.filter(ideas=idea)
        # An owner who has left stays the owner until somebody chooses another.
        owning = Q(active=True) | Q(pk=idea.owner_id if idea else None)
        team = Member.objects.visible_to(member).filter(owning).select_related("user")
        self._offer("campaign", (campaigns_of(member) | chosen).distinct().order_by("name", "pk"))
        self._offer("owner", team.order_by("user__name", "pk"))
        self._offer("accounts", Account.objects.visible_to(member).in_order())

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        field.queryset = rows

    def clean_links(self) -> str:
        """Want addresses of the web, and nothing that runs."""
        links = self.cleaned_data["links"].split()
        for link in links:
            try:
                _is_address(link)
            except ValidationError:
                text = _("“%(link)s” is no address. It begins with https://.")
                raise forms.ValidationError(text, params={"link": link[:60]}) from None
        return "\n".join(links)

    def clean(self) -> dict[str, Any]:
        """Refuse what no text may hold."""
        asked = super().clean() or {}
        for name in ("title", "note", "goal", "audience", "message"):
            try:
                asked[name] = clean_text(asked.get(name) or "").strip()
            except TextRefused as refused:
                self.add_error(name, str(refused))
        return asked

    def wish(self) -> Wish:
        """Return what was said. Only for a valid form."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        return Wish(**{**said, "accounts": list(said["accounts"])})


class LookForm(forms.Form):
    """Which ideas are looked at."""

    q = forms.CharField(label=_("Words in the idea"), required=False, max_length=200)
    state = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["q"].widget.attrs.update(
            {"class": "input", "type": "search", "placeholder": _("Words in the idea")}
        )
