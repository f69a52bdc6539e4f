"""Which adapters this installation has. Imported when one is first asked for, not at start."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from yanzhen.adapters.platforms.x.platform import XPlatform
from yanzhen.adapters.platforms.x.practice import XPractice
from yanzhen.channels.ports import Platform, Practice

PLATFORMS: Mapping[str, Platform] = {
    "x": XPlatform(
        api_base=settings.ENV.x_api_base_url,
        auth_base=settings.ENV.x_auth_base_url,
        web_base=settings.ENV.x_web_base_url,
        timeout_seconds=settings.ENV.x_timeout_seconds,
        origin=settings.ENV.origin,
    ),
}

#: What makes accounts for the asking: the practice server. Beside the real X there is none.
PRACTICE: Practice | None = (
    XPractice(api_base=settings.ENV.x_api_base_url) if settings.ENV.practice else None
)
