"""What people type when they choose a way of working."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.forms import MemberChoice
from yanzhen.people.models import Member, Role
from yanzhen.review.actions.fast_lane import BadLane
from yanzhen.review.actions.flows import BadFlow
from yanzhen.review.ways import BY_SLUG, WAYS, Way

#: What choosing a way may refuse with, all of which the form can say.
WAY_REFUSALS = (BadLane, BadFlow, ChangedMeanwhile, LastHolder)


def chosen_words(way: Way) -> str:
    """Say that it works like this from now on."""
    return _("Now it works like this: %(way)s.") % {"way": way.title}


def _named(way: Way) -> str:
    """Return the way's name and what it means, as two lines of HTML."""
    return format_html('<b>{}</b> <span class="tick__says">{}</span>', way.title, way.says)


class WayForm(forms.Form):
    """One preset, who wears the hats its steps ask for, and why nobody else looks."""

    way = forms.ChoiceField(
        label=gettext_lazy("Way of working"),
        choices=lambda: [(way.slug, _named(way)) for way in WAYS],
        widget=forms.RadioSelect,
    )
    lead = MemberChoice(
        label=gettext_lazy("Also team lead"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody new"),
        help_text=gettext_lazy("A further role, besides what the member does already."),
    )
    manager = MemberChoice(
        label=gettext_lazy("Also brand manager"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody new"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why nobody else looks"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For one person only. It goes into the log."),
    )

    def __init__(self, *args: Any, member: Member, may_hat: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = Member.objects.visible_to(member).active().with_roles()
        for name in ("lead", "manager"):
            if may_hat:
                self.fields[name].queryset = team.order_by("user__name", "pk")  # type: ignore[attr-defined]  # a model choice field has one
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where four eyes become two."""
        cleaned: dict[str, Any] = super().clean() or {}
        way = BY_SLUG.get(cleaned.get("way", ""))
        if way is not None and way.alone and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why nobody else looks before a post goes out."))
        return cleaned

    def chosen(self) -> Way:
        """Return the preset."""
        return BY_SLUG[self.cleaned_data["way"]]

    def refuse(self, error: Exception) -> None:
        """Say why the way could not be chosen; ``error`` is one of WAY_REFUSALS."""
        if isinstance(error, BadLane):
            said = _("The fast lane cannot open like this. Look at its settings first.")
        elif isinstance(error, BadFlow):
            words = {
                "quorum": _("Nobody has a role that this way asks for. Name somebody below."),
                "alone": _("Say why nobody else looks before a post goes out."),
            }
            said = words.get(error.why, _("This way cannot be set up. Look and try again."))
        else:
            said = _("Somebody changed the team meanwhile. Look and try again.")
        self.add_error(None, said)

    def hats(self, roles: dict[str, Role]) -> list[tuple[Member, Role]]:
        """Return who gets which further role; ``roles`` are the workspace's, by slug."""
        worn = (("lead", "team_lead"), ("manager", "brand_manager"))
        said = self.cleaned_data
        return [(said[name], roles[slug]) for name, slug in worn if said.get(name)]
