"""What is sent to this room."""

from __future__ import annotations

from django import forms

from yanzhen.discussion.models import BODY_LENGTH, QUOTE_LENGTH

MOST_SEGMENTS = 25


class CommentForm(forms.Form):
    """Words, and the passage they are about; ``segment`` counts from 1."""

    body = forms.CharField(max_length=BODY_LENGTH, required=False)
    # A longer passage is cut where it is kept: its beginning finds it again.
    quote = forms.CharField(max_length=QUOTE_LENGTH * 20, required=False)
    segment = forms.IntegerField(min_value=1, max_value=MOST_SEGMENTS, required=False)

    @property
    def position(self) -> int | None:
        """The segment meant, from 0; None when none is."""
        number: int | None = self.cleaned_data.get("segment")
        return number - 1 if number else None
