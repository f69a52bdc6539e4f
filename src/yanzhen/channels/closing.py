"""Whether this process may open stored secrets. One that serves pages may not, and never again."""

from __future__ import annotations

from django.conf import settings

_closed = False


def close_for_good() -> None:
    """Forbid this process to open anything from now on. There is no way back."""
    global _closed  # noqa: PLW0603 -- a fact about the process, and it changes once
    _closed = True


def is_closed() -> bool:
    """Tell whether opening is forbidden here, by what the process does or by its settings."""
    return _closed or not settings.ENV.may_open
