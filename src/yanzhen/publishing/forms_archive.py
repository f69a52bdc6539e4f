"""What the archive is asked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.models import Campaign
from yanzhen.publishing.queries_archive import SORTS, Wanted, leads_of, months_of

_MONTH = "%Y-%m"


class ArchiveForm(forms.Form):
    """Which of what is out is shown, and in which order. A month is one of the reader's clocks."""

    account = forms.ModelChoiceField(
        Account.objects.none(), label=_("Account"), required=False, empty_label=_("All accounts")
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=pgettext_lazy("archive", "Campaign"),
        required=False,
        empty_label=_("All campaigns"),
    )
    month = forms.ChoiceField(label=_("Month"), required=False)
    lead = forms.ModelChoiceField(
        Member.objects.none(),
        label=pgettext_lazy("archive", "Lead"),
        required=False,
        empty_label=_("Whoever had the lead"),
    )
    sort = forms.ChoiceField(
        label=pgettext_lazy("archive", "Order"),
        required=False,
        choices=[
            ("", _("Newest first")),
            ("impressions", _("Most seen")),
            ("likes", _("Most likes")),
            ("reposts", _("Most reposts")),
            ("replies", _("Most replies")),
        ],
    )

    def __init__(self, data: Mapping[str, Any], *, member: Member) -> None:
        super().__init__(data)
        accounts, campaigns, month, leads = (
            self.fields[name] for name in ("account", "campaign", "month", "lead")
        )
        assert isinstance(accounts, forms.ModelChoiceField)  # noqa: S101 -- tells the type checker
        assert isinstance(campaigns, forms.ModelChoiceField)  # noqa: S101 -- the same
        assert isinstance(leads, forms.ModelChoiceField)  # noqa: S101 -- the same
        assert isinstance(month, forms.ChoiceField)  # noqa: S101 -- the same
        leads.queryset = leads_of(member)
        accounts.queryset = Account.objects.visible_to(member).in_order()
        # Posts of campaigns that have ended are what is looked for here.
        campaigns.queryset = Campaign.objects.filter(workspace_id=member.workspace_id).order_by(
            "name", "pk"
        )
        month.choices = [("", _("All months")), *_named(months_of(member))]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def wanted(self) -> Wanted:
        """Return what was asked; what does not fit, such as a month without posts, asks nothing."""
        self.is_valid()
        asked = self.cleaned_data
        month = asked.get("month") or ""
        sort = asked.get("sort") or ""
        return Wanted(
            account=asked.get("account"),
            campaign=asked.get("campaign"),
            month=datetime.strptime(month, _MONTH).date() if month else None,  # noqa: DTZ007 -- a month has no zone
            lead=asked.get("lead"),
            sort=sort if sort in SORTS else "",
        )


def _named(months: Sequence[date]) -> list[tuple[str, str]]:
    words = pgettext("month format", "F Y")
    return [(f"{month:{_MONTH}}", formats.date_format(month, words)) for month in months]
