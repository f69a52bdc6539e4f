"""Finding a platform's adapter by its slug, without this room knowing any adapter."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import cast

from django.conf import settings

from yanzhen.channels.ports import Platform, Practice


def platform(slug: str) -> Platform:
    """Return the adapter listed under ``slug``. Raises KeyError for one this build lacks."""
    return cast(Platform, _listed().PLATFORMS[slug])


def practice_server() -> Practice | None:
    """Return what makes practice accounts, None where X is the real X."""
    return cast("Practice | None", getattr(_listed(), "PRACTICE", None))


def _listed() -> ModuleType:
    return import_module(settings.YANZHEN_ADAPTERS)
