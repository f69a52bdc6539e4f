"""Fields of planning's forms that Django's own do not make safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from yanzhen.kernel.ids import parse_id

if TYPE_CHECKING:
    _Field = forms.ModelMultipleChoiceField[Any]
else:
    _Field = forms.ModelMultipleChoiceField


class ManyRowsField(_Field):
    """Several rows of a list. A number no row can have is refused like one that no row has.

    Django looks for all of them at once, and SQLite fails on a number of more than 64 bits.
    """

    def clean(self, value: Any) -> Any:
        """Return the rows as a query. Raises ValidationError."""
        for pk in value if isinstance(value, list | tuple) else ():
            if not isinstance(pk, Model) and parse_id(str(pk)) is None:
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": pk})
        return super().clean(value)
