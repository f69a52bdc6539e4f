"""A channel of the fake Slack that is told news, with members who are linked to its users."""

from __future__ import annotations

import secrets
from contextlib import contextmanager

from yanzhen.adapters.tools.slack.tests.fake import SECRET, TOKEN, fake_slack
from yanzhen.kernel import clock
from yanzhen.notify.actions.outlets import add_outlet
from yanzhen.notify.actions.slack import connect_slack
from yanzhen.notify.models import SlackLink
from yanzhen.notify.states import Level, OutletKind
from yanzhen.notify.tests.wiring import wire
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW


@contextmanager
def slack_channel(settings, monkeypatch, live_server, cast, *, name, topics, people):
    """Yield the fake server; ``people`` are pairs of a member and the Slack user that is theirs."""
    with fake_slack() as server:
        wire(settings, monkeypatch, slack=server)
        settings.BASE_URL = live_server.url
        with clock.set_to(NOW):
            team = connect_slack(cast.admin, bot_token=TOKEN, signing_secret=SECRET, now=NOW)
            add_outlet(
                cast.admin,
                kind=OutletKind.SLACK,
                name=name,
                address="C0000001",
                language="en",
                level=Level.ALL,
                topics=topics,
                now=NOW,
            )
        for member, user in people:
            link_slack_user(member, user)
        server.calls_to = f"{live_server.url}/slack/{team.key}/"
        yield server


def link_slack_user(member: Member, user: str) -> SlackLink:
    """Make a Slack user the member's, as opening the link that Slack brought them does."""
    return SlackLink.objects.create(
        workspace=member.workspace,
        member=member,
        slack_user=user,
        nonce=secrets.token_hex(8),
        linked_at=NOW,
    )
