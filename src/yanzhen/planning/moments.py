"""Wall times in the reader's words."""

from __future__ import annotations

from datetime import datetime

from django.utils import formats
from django.utils.translation import pgettext


def moment_words(local: datetime) -> str:
    """Name a wall time with its day: Wed 10 June 10:00."""
    day = formats.date_format(local, pgettext("date format", "D j F"))
    return f"{day} {local:%H:%M}"
