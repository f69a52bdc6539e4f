"""What is said to whoever tried too often."""

from __future__ import annotations

import math

from allauth.core.internal.ratelimit import parse_rates
from django.conf import settings
from django.utils.translation import ngettext


def wait_words(action: str) -> str:
    """Say how long the limit on ``action`` (a key of ACCOUNT_RATE_LIMITS) lasts at most."""
    longest = max(rate.duration for rate in parse_rates(settings.ACCOUNT_RATE_LIMITS[action]))
    minutes = math.ceil(longest / 60)
    return ngettext(
        "Too many tries. Wait %(count)d minute, then try again.",
        "Too many tries. Wait %(count)d minutes, then try again.",
        minutes,
    ) % {"count": minutes}
