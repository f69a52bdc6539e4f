"""How people are told, and where news goes besides: who may do what there."""

from __future__ import annotations

from typing import Any

from django.core import signing

from yanzhen.adapters.tools.push.tests.test_encrypt import AUTH, PUBLIC
from yanzhen.notify.composing import SALT
from yanzhen.notify.news import TOPICS
from yanzhen.notify.states import PERSONAL
from yanzhen.web.tests.house import House
from yanzhen.web.tests.policy.ways import (
    ADMINS,
    AUTHOR,
    EVERYBODY,
    RESOLVERS,
    Page,
    Way,
    about,
    anyone,
    no,
    row,
    says,
    way,
)

_TOLD = {"name": "Kanal", "language": "en", "level": "all"}


def _deed(house: House) -> tuple[Any, ...]:
    """Acknowledging is anybody's, so only the workspace keeps others out."""
    event = house.notice.event
    told = {"w": house.workspace.pk, "e": event, "d": "notify.acknowledge", "t": str(event)}
    return (signing.dumps(told, salt=SALT, compress=True),)


def _browser(house: House) -> dict[str, Any]:
    """The keys of the example of RFC 8291."""
    return {"endpoint": "https://push.example/x", "p256dh": PUBLIC, "auth": AUTH}


PAGES: dict[str, Page] = {
    "telling": Page(
        get=way(EVERYBODY, 200),
        post=way(
            EVERYBODY,
            302,
            lambda house: {
                "quiet_from": "22:00",
                "quiet_until": "07:00",
                **{f"{t}-{way}": "all" for t in TOPICS for way in PERSONAL},
            },
        ),
    ),
    "slack-ask": Page(get=no(EVERYBODY), post=way(EVERYBODY, 302, says(slack="U0123456789"))),
    "slack-unlink": Page(get=no(EVERYBODY), post=way(EVERYBODY, 302)),
    "slack-link": Page(
        args=lambda house: ("made-up",), get=way(EVERYBODY, 410), post=way(EVERYBODY, 410)
    ),
    "browser-add": Page(get=no(EVERYBODY), post=way(EVERYBODY, 204, _browser)),
    # Everybody's browsers are their own.
    "browser-remove": Page(
        args=about("browser"), get=no(EVERYBODY), post=Way(AUTHOR, 302, 404, refused=404)
    ),
    "push-worker": Page(get=anyone(200), post=anyone(405)),
    "outlets": Page(get=way(EVERYBODY, 200), post=no(EVERYBODY)),
    "outlets-slack": Page(
        get=way(ADMINS, 200),
        post=way(ADMINS, 302, says(bot_token="xoxb-1234567890", signing_secret="0123456789abcdef")),
    ),
    "slack-disconnect": Page(get=no(ADMINS), post=way(ADMINS, 302)),
    "outlet-new": Page(
        args=lambda house: ("teams",),
        get=way(ADMINS, 200),
        post=way(ADMINS, 302, says(**_TOLD, address="https://flow.example/secret")),
    ),
    "outlet": Page(
        args=about("outlet"), get=row(EVERYBODY, 200), post=row(ADMINS, 302, says(**_TOLD, seen=0))
    ),
    "outlet-test": Page(args=about("outlet"), get=no(ADMINS), post=row(ADMINS, 302)),
    "outlet-secret": Page(args=about("outlet"), get=no(ADMINS), post=row(ADMINS, 200)),
    "outlet-remove": Page(args=about("outlet"), get=no(ADMINS), post=row(ADMINS, 302)),
    "letters": Page(get=way(RESOLVERS, 200), post=no(RESOLVERS)),
    "letters-again": Page(get=no(RESOLVERS), post=way(RESOLVERS, 302)),
    "letter-again": Page(args=about("letter"), get=no(RESOLVERS), post=row(RESOLVERS, 302)),
    "deed": Page(args=_deed, get=row(EVERYBODY, 200), post=row(EVERYBODY, 302)),
    # Whoever knows the address is believed only with Slack's signature.
    "slack-calls": Page(args=lambda house: (house.slack.key,), get=anyone(405), post=anyone(401)),
}
