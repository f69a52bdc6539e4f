"""What somebody answered in a form, in one line, so that a later yes can name what it is about."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms


def answers_of(form: forms.Form) -> str:
    """Return what a bound form was sent, field by field, as one line; "" without fields.

    A page that sums up a change carries the line beside its yes. Where the fields say something
    else by then, the yes was given to something that was never shown.
    """
    return urlencode([(bound.name, bound.data or "") for bound in form])
