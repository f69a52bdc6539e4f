"""What publishing's pages are asked with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanzhen.channels.models import Account
from yanzhen.channels.prices import MICROS
from yanzhen.people.models import Member
from yanzhen.planning.forms import TimeForm
from yanzhen.planning.models import Post
from yanzhen.publishing.actions.resolving import id_of
from yanzhen.publishing.models import Budget

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


class BudgetForm(forms.Form):
    """What an account may spend at X in a month; an empty amount means no limit of ours."""

    monthly = forms.IntegerField(
        label=_("US dollars a month"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Empty: no limit."),
    )
    reserve = forms.IntegerField(
        label=_("Kept for crises, in percent"),
        min_value=0,
        max_value=90,
        initial=20,
        help_text=_("Only what is published at once may use it."),
    )

    @classmethod
    def about(cls, account: Account, budget: Budget | None) -> BudgetForm:
        """Return the form with what stands now."""
        initial = {}
        if budget is not None:
            initial = {
                "monthly": budget.monthly_micros // MICROS,
                "reserve": budget.reserve_percent,
            }
        return cls(initial=initial, auto_id=f"a{account.pk}-%s")


class ReasonForm(forms.Form):
    """Why a member decides so; the log keeps it."""

    reason = _reason()


class AgainForm(ReasonForm):
    """Why to send it again, and whether what waits behind it follows."""

    alone = forms.BooleanField(label=_("Only this one; what waits behind it stays"), required=False)


class RemoveForm(ReasonForm):
    """Why a post is deleted on X, and whether its whole thread is meant."""

    whole = forms.ChoiceField(
        choices=[("one", "one"), ("thread", "thread")], required=False, initial="one"
    )


class FirstTimeForm(TimeForm):
    """When the first of several posts goes out; see planning's TimeForm."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, member: Member, account: Account
    ) -> None:
        super().__init__(data, member=member, post=Post(account=account))
