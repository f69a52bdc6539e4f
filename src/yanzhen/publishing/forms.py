"""What publishing's pages are asked with."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from yanzhen.publishing.actions.resolving import id_of

LONGEST_REASON = 200


def _reason() -> forms.CharField:
    return forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, strip=True)


class LinkForm(forms.Form):
    """Where the post is on X."""

    link = forms.CharField(
        label=_("Its address on X"),
        max_length=300,
        help_text=_("The address of the post, or its number. X is asked whether it is the one."),
    )

    def clean_link(self) -> str:
        """Refuse what names no post."""
        link: str = self.cleaned_data["link"]
        if not id_of(link):
            raise forms.ValidationError(_("This names no post. Copy the address from X."))
        return link


class ReasonForm(forms.Form):
    """Why a member decides so; the log keeps it."""

    reason = _reason()
