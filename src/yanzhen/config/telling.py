"""How news leaves this installation, and who is on duty. Imported when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from yanzhen.adapters.tools.push.encryption import BadKeys, BrowserKeys, new_key
from yanzhen.adapters.tools.push.messenger import PushMessenger
from yanzhen.adapters.tools.slack.messenger import SlackMessenger
from yanzhen.adapters.tools.teams.messenger import TeamsMessenger
from yanzhen.adapters.tools.webhook.messenger import WebhookMessenger
from yanzhen.duty import queries
from yanzhen.notify.ports import Messenger
from yanzhen.people.models import Workspace

#: Whom a push service writes to when something is wrong.
_SUBJECT = f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
MESSENGERS: Mapping[str, Messenger] = {
    "slack": SlackMessenger(api_base=settings.ENV.slack_api_base_url),
    "teams": TeamsMessenger(public_only=not settings.ENV.private_webhooks),
    "push": PushMessenger(_SUBJECT, public_only=not settings.ENV.private_webhooks),
    "webhook": WebhookMessenger(public_only=not settings.ENV.private_webhooks),
}


def new_push_key() -> tuple[str, str]:
    """Return a new key pair for pushing to browsers: the private half as PEM, the public one."""
    return new_key()


def has_keys(p256dh: str, auth: str) -> bool:
    """Tell whether these are the keys of a browser."""
    try:
        BrowserKeys.read(p256dh, auth)
    except BadKeys:
        return False
    return True


def on_duty(workspace: Workspace, at: datetime) -> frozenset[int]:
    """Return the numbers of the members the rota has on duty at ``at`` (aware)."""
    now = queries.on_duty(workspace, at=at)
    return frozenset({now.primary.pk} if now.primary is not None else ())
