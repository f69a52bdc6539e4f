"""How often something may be asked for, and what is said to whoever asked too often."""

from __future__ import annotations

import math

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import ngettext


def within(request: HttpRequest, action: str, *, key: str = "") -> bool:
    """Count a request, reading like writing, and tell whether it is within the limit.

    ``action`` is a key of ACCOUNT_RATE_LIMITS, ``key`` whose requests are counted together where
    that limit counts by key.
    """
    usage = ratelimit.consume(
        request, app="allauth.account", action=action, key=key or None, limit_get=True
    )
    return usage is not None


def wait_seconds(action: str) -> int:
    """Return how long the limit on ``action`` lasts at most."""
    rates = ratelimit.parse_rates(settings.ACCOUNT_RATE_LIMITS[action])
    longest: float = max(rate.duration for rate in rates)
    return math.ceil(longest)


def wait_words(action: str) -> str:
    """Say how long the limit on ``action`` lasts at most."""
    minutes = math.ceil(wait_seconds(action) / 60)
    return ngettext(
        "Too many tries. Wait %(count)d minute, then try again.",
        "Too many tries. Wait %(count)d minutes, then try again.",
        minutes,
    ) % {"count": minutes}
