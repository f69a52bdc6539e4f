"""What the assembly gives this room: messengers, and who is on duty. See config/telling.py."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import cast

from django.conf import settings

from yanzhen.notify.ports import Conversing, Messenger
from yanzhen.people.models import Workspace


def messenger(slug: str) -> Messenger:
    """Return the messenger of an outlet's kind. Raises KeyError for one this build lacks."""
    return cast(Messenger, import_module(settings.YANZHEN_TELLING).MESSENGERS[slug])


def slack() -> Conversing:
    """Return the messenger that can be answered."""
    return cast(Conversing, import_module(settings.YANZHEN_TELLING).MESSENGERS["slack"])


def new_push_key() -> tuple[str, str]:
    """Return a new key pair for pushing to browsers: the private half as PEM, the public one."""
    pair: tuple[str, str] = import_module(settings.YANZHEN_TELLING).new_push_key()
    return pair


def has_keys(p256dh: str, auth: str) -> bool:
    """Tell whether these are the keys of a browser."""
    return bool(import_module(settings.YANZHEN_TELLING).has_keys(p256dh, auth))


def on_duty(workspace: Workspace, *, at: datetime) -> frozenset[int]:
    """Return the numbers of the members who are on duty at ``at`` (aware), the lead among them."""
    found: frozenset[int] = import_module(settings.YANZHEN_TELLING).on_duty(workspace, at)
    return found if workspace.lead_id is None else found | {workspace.lead_id}
