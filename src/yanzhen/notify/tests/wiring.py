"""The messengers of these tests: the real adapters, leading to servers of this machine."""

from __future__ import annotations

import sys
import types

from yanzhen.adapters.tools.push.encryption import new_key
from yanzhen.adapters.tools.push.messenger import PushMessenger
from yanzhen.adapters.tools.slack.messenger import SlackMessenger
from yanzhen.adapters.tools.teams.messenger import TeamsMessenger
from yanzhen.adapters.tools.webhook.messenger import WebhookMessenger


def wire(settings, monkeypatch, *, slack=None):
    """Put the adapters in place of the installation's; ``slack`` is the fake one."""
    module = types.ModuleType("telling_of_tests")
    base = f"{slack.url}/api/" if slack else "http://127.0.0.1:9/api/"
    module.MESSENGERS = {
        "slack": SlackMessenger(api_base=base, timeout_seconds=5),
        "teams": TeamsMessenger(public_only=False),
        "push": PushMessenger("mailto:a@example.com", public_only=False),
        "webhook": WebhookMessenger(public_only=False),
    }
    module.new_push_key, module.has_keys = new_key, lambda p256dh, auth: True
    module.on_duty = lambda workspace, at: frozenset()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.YANZHEN_TELLING = module.__name__
