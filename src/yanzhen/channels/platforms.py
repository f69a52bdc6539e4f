"""Finding a platform's adapter by its slug, without this room knowing any adapter."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from django.conf import settings

from yanzhen.channels.ports import Platform


def platform(slug: str) -> Platform:
    """Return the adapter listed under ``slug``. Raises KeyError for one this build lacks."""
    listed = import_module(settings.YANZHEN_ADAPTERS).PLATFORMS
    return cast(Platform, listed[slug])
