"""A brand with something in every state, and everybody who might knock at its doors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client

from yanzhen.brand.models import FrameworkVersion, Rule
from yanzhen.channels.actions.asking import CHECK
from yanzhen.channels.models import Account, Errand
from yanzhen.duty.models import DutyLink, Layer, Leave, Override, Site, Swap, Turn
from yanzhen.handoff.models import Handover
from yanzhen.ideas.models import Idea
from yanzhen.library.models import Folder, MediaFile, SavedText, Subtitles
from yanzhen.notify.models import Browser, Letter, Notice, Outlet, SlackTeam
from yanzhen.people.models import Delegation, Invitation, Member, Role, User, Workspace
from yanzhen.people.roles import SEEDS
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.models import (
    BulkRun,
    CalendarLink,
    Campaign,
    Ending,
    LinkRule,
    Post,
    SavedView,
    Slot,
    TeamDay,
)
from yanzhen.publishing.models import Delivery, Gate, Pause
from yanzhen.review.models import FastRun, GuestLink, Round, RoundStep
from yanzhen.signin.fresh import PROVED_AT
from yanzhen.tasks.models import Task

ROLES = tuple(SEEDS)
#: The author of every post; four-eyes keeps this one out of the upper levels.
AUTHOR = "creator"
#: Holds every role of the brand, so that no door stops a request on its way to a view.
CHIEF = "chief"
#: Holds every role of another brand.
OUTSIDER = "outsider"
#: Holds a role of the team's own, copied from the team lead's.
COPIED = "copied"
#: Holds one that decides what a team lead does about accounts, for the account of the table only.
NARROW = "narrow"
#: The same for another account.
ELSEWHERE = "elsewhere"
#: Has no right of their own; the team lead lent all that can be lent.
DELEGATE = "delegate"
#: Has a role of the team's own that decides nothing; tests give it what they ask about.
KNOCKER = "knocker"
STRANGER = "stranger"
HOMELESS = "homeless"
SRT = "1\n00:00:00,000 --> 00:00:01,000\nGuten Flug.\n"
WALL = NOW.replace(tzinfo=None) + timedelta(days=2)


@dataclass
class House:
    """One brand, by what the addresses of its pages need."""

    workspace: Workspace
    people: dict[str, Member] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    account: Account = field(init=False)
    arrived: Account = field(init=False)
    campaign: Campaign = field(init=False)
    round: Round = field(init=False)
    step: RoundStep = field(init=False)
    run: FastRun = field(init=False)
    #: Of the strategist, to the post with a picture: may decide its first step.
    guest: GuestLink = field(init=False)
    guest_secret: str = field(init=False)
    invitation: Invitation = field(init=False)
    token: str = field(init=False)
    gate: Gate = field(init=False)
    pause: Pause = field(init=False)
    notice: Notice = field(init=False)
    closed: Gate = field(init=False)
    former: Member = field(init=False)
    #: A role of the team's own that nobody has, and one that was put away.
    spare: Role = field(init=False)
    put_away: Role = field(init=False)
    #: From the team lead to the delegate.
    delegation: Delegation = field(init=False)
    image: MediaFile = field(init=False)
    video: MediaFile = field(init=False)
    subtitles: Subtitles = field(init=False)
    folder: Folder = field(init=False)
    line: SavedText = field(init=False)
    ending: Ending = field(init=False)
    link_rule: LinkRule = field(init=False)
    #: One change to many files, which can be undone.
    tagged: Any = field(init=False)
    #: The analyst's, so that only who directs tasks may move it; with a step, a need and a post.
    task: Task = field(init=False)
    deleted_task: Task = field(init=False)
    slot: Slot = field(init=False)
    gone_slot: Slot = field(init=False)
    team_day: TeamDay = field(init=False)
    #: The author's own words about the draft: an open discussion, and one that is resolved.
    said: Any = field(init=False)
    settled: Any = field(init=False)
    #: A draft on which the image hangs.
    pictured: Post = field(init=False)
    #: A rule of the draft of the framework, which has one version.
    rule: Rule = field(init=False)
    framework: FrameworkVersion = field(init=False)
    #: The author's, with its secret.
    link: CalendarLink = field(init=False)
    #: The author's: one change to many posts, and a view that everybody sees.
    moved: BulkRun = field(init=False)
    view: SavedView = field(init=False)
    #: From the team lead, who has the lead, to the analyst; it waits, with a point and a link.
    handover: Handover = field(init=False)
    #: The analyst's, with a brief.
    idea: Idea = field(init=False)
    feed_secret: str = field(init=False)
    #: A webhook, and a letter to it that was given up.
    outlet: Outlet = field(init=False)
    letter: Letter = field(init=False)
    slack: SlackTeam = field(init=False)
    #: The author's.
    browser: Browser = field(init=False)
    #: Author and analyst take its days in turn; the day is some days ahead.
    layer: Layer = field(init=False)
    duty_day: date = field(init=False)
    #: One of the author's turns; one of the analyst's is offered to the author.
    duty_turn: Turn = field(init=False)
    swap: Swap = field(init=False)
    override: Override = field(init=False)
    #: The analyst's.
    leave: Leave = field(init=False)
    site: Site = field(init=False)
    #: The author's, with its secret.
    duty_link: DutyLink = field(init=False)
    duty_secret: str = field(init=False)

    def role(self, slug: str) -> Role:
        return self.workspace.roles.get(slug=slug)

    def session_of(self, user: User) -> UserSession:
        """Give a session of the user that is not the one they ask with."""
        return UserSession.objects.get_or_create(
            session_key=f"other-{user.pk}",
            defaults={"user": user, "ip": "192.0.2.1", "user_agent": "Firefox"},
        )[0]

    def errand_of(self, member: Member) -> Errand:
        """Give an errand that this member waits for."""
        return Errand.objects.get_or_create(
            key=f"errand-{member.pk}",
            defaults={
                "kind": CHECK,
                "workspace": self.workspace,
                "account": self.account,
                "member": member,
                "origin": self.account.origin,
                "due_at": NOW,
                "asked_at": NOW,
                "state_since_at": NOW,
            },
        )[0]


def rows() -> dict[str, int]:
    """Count every table; sign-ins apart, which a request may touch before it is refused."""
    with connection.cursor() as cursor:
        cursor.execute(_counting())
        return dict(cursor.fetchall())


@cache
def _counting() -> str:
    # One statement: through the models it took as long as the request itself.
    models = [m for m in apps.get_models() if m not in (Session, UserSession) and m._meta.managed]
    name = connection.ops.quote_name
    return " UNION ALL ".join(
        f"SELECT '{model._meta.label}', COUNT(*) FROM {name(model._meta.db_table)}"  # noqa: S608 -- our own names
        for model in models
    )


@contextmanager
def undone() -> Iterator[None]:
    """Run the block and take back what it wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Street:
    """The brand under test, its double next door, and a client for everybody who knocks."""

    ferrow: House
    other: House
    clients: dict[str, Client] = field(default_factory=dict)
    counts: bool = False

    def send(self, actor: str, method: str, address: str, sends: Any = None, **options: Any) -> Any:
        """Send one request as ``actor``, then take back what it wrote, in the browser too.

        ``told`` is what it answered, ``rows`` how full the tables were after a refusal if the
        street ``counts``.
        """
        client = self.clients[actor]
        kept = client.cookies.output(header="", sep=";")
        with undone():
            if isinstance(sends, bytes):
                answer = client.generic(method.upper(), address, sends, **options)
            else:
                answer = getattr(client, method)(address, sends, **options)
            if answer.streaming:
                answer.told = b"".join(answer.streaming_content).decode(errors="replace")
            else:
                answer.told = answer.content.decode(errors="replace")
            refused = answer.status_code >= HTTPStatus.BAD_REQUEST
            answer.rows = rows() if self.counts and refused else {}
        client.cookies = SimpleCookie(kept)
        return answer

    def enter(self, name: str, user: User, **options: Any) -> None:
        client = Client(raise_request_exception=False, **options)
        client.force_login(user)
        # Walking the whole street takes longer than a proof is good for.
        session = client.session
        session[PROVED_AT] = int(time.time()) + 24 * 3600
        session.save()
        self.clients[name] = client
