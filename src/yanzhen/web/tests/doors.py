"""The URLconf, walked: what the site serves, whatever anybody believes it serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Yield every address of the site, however deeply included."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


def served() -> dict[str, Callable[..., Any]]:
    """Return every view by its address's name."""
    return {str(each.name): each.callback for each in patterns()}
