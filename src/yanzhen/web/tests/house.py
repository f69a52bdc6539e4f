"""A brand with something in every state, and everybody who might knock at its doors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client

from yanzhen.brand.actions.drafting import add_rule
from yanzhen.brand.actions.publishing import publish_framework
from yanzhen.brand.models import FrameworkVersion, Rule
from yanzhen.brand.tests.frame import rule as brand_rule
from yanzhen.channels.actions import set_developer_app
from yanzhen.channels.actions.asking import CHECK
from yanzhen.channels.models import Account, Credential, Errand
from yanzhen.channels.states import AccountState
from yanzhen.channels.tests.accounts import make_account
from yanzhen.discussion.actions.settling import resolve_thread
from yanzhen.discussion.actions.talking import open_thread
from yanzhen.ideas.actions.ideas import Wish as IdeaWish
from yanzhen.ideas.actions.ideas import add_idea, move_idea
from yanzhen.ideas.models import Idea
from yanzhen.kernel import clock
from yanzhen.library.actions import set_subtitles
from yanzhen.library.actions.assets import Change, change_assets
from yanzhen.library.actions.shelving import add_folder
from yanzhen.library.actions.texts import Wording, add_text
from yanzhen.library.models import Folder, MediaFile, SavedText, Subtitles
from yanzhen.library.models.texts import TextKind
from yanzhen.library.tests import makers
from yanzhen.notify.models import Notice
from yanzhen.people.actions.invitations import invite_member
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.actions.workspaces import create_workspace
from yanzhen.people.models import Invitation, Member, Role, User, Workspace
from yanzhen.people.roles import SEEDS
from yanzhen.people.tests.cast import NOW, hashed_password, join
from yanzhen.planning.actions.days import add_team_day
from yanzhen.planning.actions.equipping import (
    EndingWords,
    LinkRuleWords,
    keep_ending,
    keep_link_rule,
)
from yanzhen.planning.actions.keeping import keep_view
from yanzhen.planning.actions.linking import make_link
from yanzhen.planning.actions.slotting import SlotWish, add_slot, remove_slot
from yanzhen.planning.actions.timing import drop_post, time_post
from yanzhen.planning.actions.writing import create_post, cut_version
from yanzhen.planning.models import (
    BulkRun,
    CalendarLink,
    Campaign,
    Ending,
    EndingKind,
    Focus,
    LinkRule,
    Post,
    SavedView,
    Slot,
    TeamDay,
    Theme,
)
from yanzhen.planning.states import PostState
from yanzhen.publishing import guards
from yanzhen.publishing.actions.freezing import freeze, gate_for
from yanzhen.publishing.actions.scheduling import hold_post
from yanzhen.publishing.actions.thawing import ask_thaw
from yanzhen.publishing.models import Delivery, Gate, Pause
from yanzhen.publishing.states import DeliveryState, HoldReason
from yanzhen.review.actions.fast_runs import submit_fast
from yanzhen.review.actions.guests import GuestWish, invite_guest
from yanzhen.review.actions.rounds import pass_step, return_step, submit_post
from yanzhen.review.models import FastRun, GuestLink, Round, RoundStep, Step
from yanzhen.review.states import GuestRule
from yanzhen.review.tests.rounds import all_ticked, make_post, submitted, waiting_step
from yanzhen.tasks.actions.making import Wish, create_task
from yanzhen.tasks.actions.moving import archive_task
from yanzhen.tasks.actions.parts import add_item, add_need
from yanzhen.tasks.models import Task

ROLES = tuple(SEEDS)
#: The author of every post; four-eyes keeps this one out of the upper levels.
AUTHOR = "creator"
#: Holds every role of the brand, so that no door stops a request on its way to a view.
CHIEF = "chief"
#: Holds every role of another brand.
OUTSIDER = "outsider"
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
    #: The analyst's, with a brief.
    idea: Idea = field(init=False)
    feed_secret: str = field(init=False)

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


def make_person(name: str, *, zone: str = "Europe/Berlin", language: str = "en") -> User:
    return User.objects.create(
        email=f"{name.lower()}@example.com",
        password=hashed_password(),
        name=name,
        zone=zone,
        city="Berlin",
        language=language,
    )


def make_house(name: str) -> House:
    """Make a brand with people in all eight roles and everything that can stand in its tables."""
    workspace = create_workspace(name=name, slug=name.lower(), zone="Europe/Berlin", now=NOW)
    house = House(workspace)
    for slug in ROLES:
        house.people[slug] = join(workspace, make_person(f"{name}-{slug}"), slug)
    house.people[CHIEF] = join(workspace, make_person(f"{name}-chief"), *ROLES)
    leaver = join(workspace, make_person(f"{name}-leaver"), "creator")
    house.former = deactivate_member(leaver, seen=0, by=house.people["administrator"], now=NOW)
    house.account = make_account(workspace, handle=name, origin=settings.ENV.origin)
    house.arrived = make_account(
        workspace, handle=f"{name}New", origin=settings.ENV.origin, state=AccountState.UNCONFIRMED
    )
    Credential.objects.create(
        account=house.arrived, kind="oauth1", sealed=b"", check_due_at=NOW, changed_at=NOW
    )
    house.campaign = Campaign.objects.create(workspace=workspace, name="Rye", code="rye")
    Theme.objects.create(workspace=workspace, month_date="2026-03-01", name="Reisen")
    Focus.objects.create(workspace=workspace, week_date="2026-03-02", name="Aufbruch")
    house.invitation, house.token = invite_member(
        workspace,
        email=f"guest@{name.lower()}.example",
        name="Gast",
        language="en",
        role=house.role("creator"),
        by=house.people["administrator"],
        now=clock.now(),
    )
    set_developer_app(
        house.people["administrator"],
        client_id="app",
        client_secret="app-secret",
        confidential=True,
        now=NOW,
    )
    _write_posts(house)
    _fill_deliveries(house)
    house.link, house.feed_secret = make_link(
        shows="everything", account=None, titled=True, by=house.people[AUTHOR], now=NOW
    )
    _keep_things(house)
    _fill_library(house)
    _fill_tasks(house)
    _invite_guest(house)
    _plan_slots(house)
    _discuss(house)
    _write_framework(house)
    house.gate = gate_for(house.account)
    house.pause = Pause.objects.create(
        workspace=house.workspace, app=f"{name}-app", code="no_credits", since_at=NOW
    )
    frozen = freeze(house.campaign, by=house.people["analyst"], reason="Unruhe.", now=NOW)
    house.closed = frozen.gate
    house.notice = Notice.objects.visible_to(house.people[AUTHOR]).newest_first()[0]
    # From the command line, so that every member who may can be the second.
    ask_thaw(house.closed, by=None, reason="Vorbei.", plan={}, now=NOW)
    return house


def _write_posts(house: House) -> None:
    author, lead = house.people[AUTHOR], house.people["team_lead"]
    manager = house.people["brand_manager"]
    house.posts["draft"] = make_post(house.account, author, "Ein Zug.", "Noch einer.")
    cut_version(house.posts["draft"], by=author, note="Anfang", now=NOW)
    for state in PostState.values:
        if state in (PostState.DRAFT, PostState.DROPPED):
            continue
        round_ = submitted(house.account, author, f"Text {house.workspace.pk} {state}")
        post = Post.objects.get(pk=round_.post_id)
        if state == PostState.REVIEW:
            house.round, house.step = round_, waiting_step(round_)
        elif state == PostState.RETURNED:
            step = waiting_step(round_)
            return_step(step, by=lead, reason="tone", comment="Ruhiger.", now=NOW)
        else:
            if state != PostState.PASSED:
                time_post(post, by=author, wall=WALL, zone="Europe/Berlin", now=NOW)
            pass_step(waiting_step(round_), by=lead, now=NOW)
            pass_step(waiting_step(round_), by=manager, now=NOW)
        house.posts[state] = Post.objects.get(pk=post.pk)
    urgent = make_post(house.account, author, f"Sofort {house.workspace.pk}.")
    sent = submit_fast(
        urgent,
        by=author,
        ticks=all_ticked(urgent),
        reason_id=house.workspace.fast_lane.reasons.first().pk,
        line="Eilt.",
        now=NOW,
    )
    house.run = FastRun.objects.get(round=sent)
    dropped = make_post(house.account, author, "Nicht gebraucht.")
    drop_post(dropped, by=lead, now=NOW)
    house.posts["dropped"] = dropped


def _keep_things(house: House) -> None:
    author, post = house.people[AUTHOR], house.posts["draft"]
    house.view = keep_view(name="Entwürfe", query="stage=draft", shared=True, by=author, now=NOW)
    kept = {"post": post.pk, "campaign": None, "seen": None}
    analyst = house.people["analyst"]
    thought = add_idea(wish=IdeaWish(title="Ein Gedanke"), by=analyst, now=NOW)
    house.idea = move_idea(thought, move="brief", by=analyst, now=NOW)
    house.moved = BulkRun.objects.create(member=author, what="campaign", kept=[kept], made_at=NOW)


def _fill_library(house: House) -> None:
    """Add a picture and a video with subtitles; the picture's size tells the brands apart."""
    creator = house.people["creator"]
    size = (60 + house.workspace.pk % 40, 40)
    house.image = makers.upload(creator, makers.image("PNG", size=size), "geese.png")
    house.video = makers.upload(creator, makers.PLAIN_MP4, "geese.mp4")
    house.subtitles = set_subtitles(
        media=house.video, by=creator, language="de", label="Deutsch", text=SRT, now=NOW
    )
    house.folder = add_folder(name="Reise", parent=None, by=creator, now=NOW)
    house.tagged = change_assets(
        [house.image.asset], change=Change("tag", tags=["Gans"]), by=creator, now=NOW
    )
    wording = Wording(title="Verspätung", body="Es tut uns leid.", language="de", owner=creator)
    house.line = add_text(TextKind.LINE, wording=wording, by=creator, now=NOW)
    signature = EndingWords(EndingKind.SIGNATURE, "Gruß", "— Ferrow", house.account)
    house.ending = keep_ending(None, words=signature, revision=0, by=creator, now=NOW)
    tags = LinkRuleWords(["ferrow.com"], "x", "social", "{campaign}", "", house.account)
    planner = house.people["strategist"]
    house.link_rule = keep_link_rule(None, words=tags, revision=0, by=planner, now=NOW)
    hung = {"media": [{"media": house.image.pk, "sha256": "", "alt": "Gänse"}]}
    house.pictured = create_post(
        account=house.account, by=creator, texts=["Ein Bild."], extras=[hung], now=NOW
    )


def _invite_guest(house: House) -> None:
    """Invite a guest to a post with the picture, whose first step is open to guests."""
    steps = Step.objects.filter(flow__workspace=house.workspace, slug="lead")
    steps.update(guests=GuestRule.YES)
    creator = house.people["creator"]
    hung = {"media": [{"media": house.image.pk, "sha256": "", "alt": "Gänse"}]}
    text = f"Für Gäste von {house.workspace.name}."
    post = create_post(account=house.account, by=creator, texts=[text], extras=[hung], now=NOW)
    round_ = submit_post(post, by=creator, ticks=all_ticked(post), now=NOW)
    steps.update(guests=GuestRule.NO)
    wish = GuestWish(name="Ada Hart", step=waiting_step(round_), days=30)
    host = house.people["strategist"]
    house.guest, house.guest_secret = invite_guest(round_, wish=wish, by=host, now=clock.now())


def _plan_slots(house: House) -> None:
    by = house.people[AUTHOR]
    wish = SlotWish(account=house.account, wall=WALL + timedelta(days=9), zone="Europe/Berlin")
    house.slot = add_slot(wish, by=by, now=NOW)
    house.team_day = add_team_day(
        day=NOW.date(),
        name="Ruhetag",
        yearly=True,
        free=True,
        by=house.people["team_lead"],
        now=NOW,
    )
    house.gone_slot = remove_slot(add_slot(wish, by=by, now=NOW), by=by, now=NOW)


def _fill_tasks(house: House) -> None:
    analyst = house.people["analyst"]
    wish = Wish(title="Zahlen holen", assignee=analyst)
    house.task = create_task(analyst, wish=wish, post=house.posts["draft"], now=NOW)
    add_item(house.task, by=analyst, text="Fragen", now=NOW)
    other = create_task(analyst, wish=wish, now=NOW)
    add_need(house.task, by=analyst, on=other, now=NOW)
    house.deleted_task = archive_task(create_task(analyst, wish=wish, now=NOW), by=analyst, now=NOW)


def _discuss(house: House) -> None:
    post, author = house.posts["draft"], house.people[AUTHOR]
    house.said = open_thread(post, by=author, body="Passt das?", now=NOW)
    house.settled = open_thread(post, by=author, body="Passt.", now=NOW).thread
    resolve_thread(house.settled, by=author, now=NOW)


def _write_framework(house: House) -> None:
    """Publish one rule and write another into the draft; the names tell the brands apart."""
    by = house.people["brand_manager"]
    name = house.workspace.name
    add_rule(brand_rule("never", f"{name} words", "Zauberei"), by=by, now=NOW)
    house.framework = publish_framework(note=f"{name} begins", seen=1, by=by, now=NOW)
    house.rule = add_rule(brand_rule("never", f"{name} more", "Hexerei"), by=by, now=NOW)


#: What publishing would have left behind, by the post's stage.
OUTCOMES: dict[str, dict[str, Any]] = {
    "held": {"state": DeliveryState.HELD, "hold_reason": HoldReason.FROZEN},
    "missed": {"state": DeliveryState.MISSED},
    "failed": {"state": DeliveryState.FAILED},
    "published": {
        "state": DeliveryState.PUBLISHED,
        "remote_id": "1",
        "published_at": NOW,
    },
    "partial": {"state": DeliveryState.HELD, "hold_reason": HoldReason.BEFORE},
}


def _fill_deliveries(house: House) -> None:
    """Leave deliveries in every state a person meets, as the engine would."""
    hold_post(house.posts["held"], by=house.people["analyst"], reason="Warten.", now=NOW)
    # The rows are put where the engine takes minutes to bring them, past what the database allows.
    guards.remove(connection)
    for state, values in OUTCOMES.items():
        deliveries = Delivery.objects.filter(post=house.posts[state])
        deliveries.update(**values)
        if state == PostState.PUBLISHED:
            deliveries.update(remote_id=f"190000000000000000{house.workspace.pk}")
        Post.objects.filter(pk=house.posts[state].pk).update(state=state)
        house.posts[state].refresh_from_db()
    guards.install(connection)
    for delivery in Delivery.objects.filter(workspace=house.workspace):
        house.deliveries[delivery.post.state] = delivery


def rows() -> dict[str, int]:
    """Count every table; sign-ins apart, which a request may touch before it is refused."""
    models = [m for m in apps.get_models() if m not in (Session, UserSession) and m._meta.managed]
    return {model._meta.label: model._base_manager.count() for model in models}


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
        self.clients[name] = client


def make_street() -> Street:
    """Make both brands and sign everybody in; each has been seen once already."""
    street = Street(make_house("Ferrow"), make_house("Quandt"))
    street.clients[STRANGER] = Client(raise_request_exception=False)
    homeless = make_person("Homeless")
    street.ferrow.users[HOMELESS] = homeless
    street.enter(HOMELESS, homeless)
    for name, member in street.ferrow.people.items():
        street.enter(name, member.user)
    street.enter(OUTSIDER, street.other.people[CHIEF].user)
    street.enter("former", street.ferrow.former.user)
    for client in street.clients.values():
        client.get("/health")  # the first request of a session notes where it is
    return street
