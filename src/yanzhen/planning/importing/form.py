"""What the import page asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yanzhen.channels.models import Account
from yanzhen.planning.importing.dates import ORDER_NAMES, DateOrder
from yanzhen.planning.importing.plan import Source
from yanzhen.planning.importing.readers import MOST_BYTES


class PlanFile(forms.Form):
    """A file, and what a file of another tool leaves open."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx), up to 2 MB and 5000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    account = forms.ChoiceField(
        label=_("Account"),
        required=False,
        help_text=_("For files that name none, such as those of Hootsuite, Sprout and Buffer."),
    )
    order = forms.ChoiceField(
        label=_("Dates with slashes"),
        choices=[(order.value, name) for order, name in ORDER_NAMES.items()],
        initial=DateOrder.FILE.value,
    )

    def __init__(self, *args: Any, accounts: Iterable[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handles = [(account.handle, str(account)) for account in accounts]
        self.fields["account"] = forms.ChoiceField(
            label=_("Account"),
            required=False,
            help_text=self.fields["account"].help_text,
            choices=[("", _("As the file says")), *handles],
        )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse a large file before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 2 MB. Split it into several files.")
            )
        return file

    def source(self) -> Source:
        """Return the file and its options; the form must be valid."""
        asked = self.cleaned_data
        return Source(
            name=asked["file"].name or "",
            content=asked["file"].read(),
            account=asked["account"],
            order=DateOrder(asked["order"]),
        )
