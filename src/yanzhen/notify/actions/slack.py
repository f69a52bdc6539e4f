"""Slack: connecting a workspace, and saying which Slack user is which member."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.channels.vault import Place, vault
from yanzhen.notify.actions.outlets import new_key
from yanzhen.notify.events import (
    SLACK_CONNECTED,
    SLACK_DISCONNECTED,
    SLACK_LINKED,
    SLACK_UNLINKED,
    SlackChanged,
    SlackLinked,
)
from yanzhen.notify.locking import lock, unlock
from yanzhen.notify.models import LINKING, Letter, Outlet, SlackLink, SlackTeam
from yanzhen.notify.states import LetterState, OutletKind, Way
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require

#: Signs the one-time links that arrive in Slack.
SALT = "yanzhen.notify.slack-link"
LINK_LASTS = timedelta(minutes=30)
#: Within an hour.
MOST_LINKS = 5


class NoSlack(Exception):
    """The workspace has no Slack."""


class TooOften(Exception):
    """The member asked for links again and again; each is a message to somebody in Slack."""


class LinkDead(Exception):
    """The link was used, is too old, or is for somebody else. ``code``: used, old, another."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def signing_secret(team: SlackTeam) -> str:
    """Return what Slack signs its requests with. Raises LockedElsewhere."""
    return unlock(team.locked_secret, where=_where(team.key))


def _where(key: str) -> str:
    return f"slack {key}"


@transaction.atomic
def connect_slack(by: Member, *, bot_token: str, signing_secret: str, now: datetime) -> SlackTeam:
    """Connect the workspace's Slack app, or give it other secrets; return the connection.

    The address that Slack calls stays the same. Whoever knows the signing secret can act as every
    linked member, so it also takes the right to say what members may do, which nobody can borrow.
    Raises NotAllowed and VaultClosed.
    """
    require(by, Decision.WORKSPACE_EDIT, workspace_id=by.workspace_id)
    require(by, Decision.MEMBER_ROLES, workspace_id=by.workspace_id)
    known = SlackTeam.objects.select_for_update().filter(workspace_id=by.workspace_id).first()
    key = known.key if known else new_key()
    place = Place(by.workspace_id, key, "bot_token", "slack")
    team, _new = SlackTeam.objects.update_or_create(
        workspace_id=by.workspace_id,
        defaults={
            "key": key,
            "sealed_token": vault().seal(bot_token.encode(), place),
            "locked_secret": lock(signing_secret, where=_where(key)),
            "connected_by": by,
            "connected_at": now,
        },
    )
    _tell(SLACK_CONNECTED, by=by, now=now)
    return team


@transaction.atomic
def disconnect_slack(by: Member, *, now: datetime) -> None:
    """Forget the Slack app, its outlets, and who is who there. Raises NotAllowed and NoSlack."""
    require(by, Decision.WORKSPACE_EDIT, workspace_id=by.workspace_id)
    gone, _rows = SlackTeam.objects.filter(workspace_id=by.workspace_id).delete()
    if not gone:
        raise NoSlack
    SlackLink.objects.standing().filter(workspace_id=by.workspace_id).update(ended_at=now)
    Outlet.objects.filter(workspace_id=by.workspace_id, kind=OutletKind.SLACK).delete()
    waiting = Letter.objects.filter(workspace_id=by.workspace_id, way=Way.SLACK)
    waiting.filter(state=LetterState.DUE).update(state=LetterState.DROPPED, settled_at=now)
    _tell(SLACK_DISCONNECTED, by=by, now=now)


def _tell(kind: Kind, *, by: Member, now: datetime) -> None:
    record(
        kind,
        SlackChanged(),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )


@transaction.atomic
def ask_link(by: Member, *, slack_user: str, now: datetime) -> Letter:
    """Owe a one-time link to that Slack user, by which ``by`` can say: this is me.

    Whoever opens it must be signed in as the member who asked: so both are proven, who reads the
    messages there and who is signed in here. Raises NoSlack and TooOften.
    """
    if not SlackTeam.objects.filter(workspace_id=by.workspace_id).exists():
        raise NoSlack
    mine = Letter.objects.filter(member=by, kind=LINKING)
    if mine.filter(owed_at__gt=now - timedelta(hours=1)).count() >= MOST_LINKS:
        raise TooOften
    mine.filter(state=LetterState.DUE).update(state=LetterState.DROPPED, settled_at=now)
    return Letter.objects.create(
        workspace_id=by.workspace_id,
        way=Way.SLACK,
        member=by,
        kind=LINKING,
        owed_at=now,
        due_at=now,
        extra={"user": slack_user, "nonce": secrets.token_urlsafe(18)},
    )


def link_token(letter: Letter) -> str:
    """Return the secret of a one-time link; for the worker, so that no row keeps it."""
    return signing.dumps(
        {"m": letter.member_id, "s": letter.extra["user"], "n": letter.extra["nonce"]}, salt=SALT
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """What a good link says: this Slack user is that member."""

    slack_user: str
    nonce: str


def read_link(token: str, *, by: Member) -> Offered:
    """Return what a link offers the member. Raises LinkDead."""
    try:
        told = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except signing.SignatureExpired:
        raise LinkDead("old") from None
    except signing.BadSignature:
        raise LinkDead("another") from None
    if told["m"] != by.pk:
        raise LinkDead("another")
    if SlackLink.objects.filter(nonce=told["n"]).exists():
        raise LinkDead("used")
    return Offered(told["s"], told["n"])


@transaction.atomic
def link_slack(token: str, *, by: Member, now: datetime) -> SlackLink:
    """Link the Slack user of a one-time link to the member, in place of links before.

    Raises LinkDead and NoSlack.
    """
    if not SlackTeam.objects.filter(workspace_id=by.workspace_id).exists():
        raise NoSlack
    offered = read_link(token, by=by)
    standing = SlackLink.objects.standing().filter(workspace_id=by.workspace_id)
    for old in (standing.filter(member=by), standing.filter(slack_user=offered.slack_user)):
        for each in old:
            _end(each, by=by.ref, now=now)
    try:
        with transaction.atomic():
            link = SlackLink.objects.create(
                workspace_id=by.workspace_id,
                member=by,
                slack_user=offered.slack_user,
                nonce=offered.nonce,
                linked_at=now,
            )
    except IntegrityError:
        raise LinkDead("used") from None
    _tell_link(SLACK_LINKED, link, by=by.ref, now=now)
    return link


@transaction.atomic
def unlink_slack(by: Member, *, now: datetime) -> bool:
    """End the member's own link, and tell whether there was one."""
    return end_links_of(by.pk, by=by.ref, now=now)


@transaction.atomic
def end_links_of(member_id: int, *, by: Ref, now: datetime) -> bool:
    """End a member's link, for ``by``, and tell whether there was one."""
    links = list(SlackLink.objects.standing().filter(member=member_id))
    for link in links:
        _end(link, by=by, now=now)
    return bool(links)


def _end(link: SlackLink, *, by: Ref, now: datetime) -> None:
    ended = SlackLink.objects.standing().filter(pk=link.pk).update(ended_at=now)
    if ended:
        _tell_link(SLACK_UNLINKED, link, by=by, now=now)


def _tell_link(kind: Kind, link: SlackLink, *, by: Ref, now: datetime) -> None:
    member = Member.objects.select_related("user").get(pk=link.member_id)
    record(
        kind,
        SlackLinked(slack_user=link.slack_user),
        actor=by,
        subject=member.ref,
        workspace_id=link.workspace_id,
        at=now,
    )
