"""Building the brands of the street: people in every role, and everything a table can hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from yanzhen.brand.actions.drafting import add_rule
from yanzhen.brand.actions.publishing import publish_framework
from yanzhen.brand.tests.frame import rule as brand_rule
from yanzhen.channels.actions import set_developer_app
from yanzhen.channels.models import Credential
from yanzhen.channels.states import AccountState
from yanzhen.channels.tests.accounts import make_account
from yanzhen.discussion.actions.settling import resolve_thread
from yanzhen.discussion.actions.talking import open_thread
from yanzhen.handoff.actions.attaching import add_link
from yanzhen.handoff.actions.filling import Point
from yanzhen.handoff.actions.filling import add_item as add_point
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.actions.sending import send_handover
from yanzhen.handoff.models import Handover
from yanzhen.ideas.actions.ideas import Wish as IdeaWish
from yanzhen.ideas.actions.ideas import add_idea, move_idea
from yanzhen.kernel import clock
from yanzhen.library.actions import set_subtitles
from yanzhen.library.actions.assets import Change, change_assets
from yanzhen.library.actions.shelving import add_folder
from yanzhen.library.actions.texts import Wording, add_text
from yanzhen.library.models.texts import TextKind
from yanzhen.library.tests import makers
from yanzhen.notify.actions.outlets import add_outlet, try_outlet
from yanzhen.notify.actions.pushing import add_browser
from yanzhen.notify.actions.slack import connect_slack
from yanzhen.notify.models import Letter, Notice
from yanzhen.notify.states import LetterState, Level, OutletKind
from yanzhen.people.actions.delegations import delegate, lendable_of
from yanzhen.people.actions.invitations import invite_member
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.actions.roles import RoleWish, make_role, retire_role
from yanzhen.people.actions.workspaces import create_workspace, set_lead
from yanzhen.people.models import Role, User
from yanzhen.people.rights import DUTIES, Decision
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
    Campaign,
    EndingKind,
    Focus,
    Post,
    Theme,
)
from yanzhen.planning.states import PostState
from yanzhen.publishing import guards
from yanzhen.publishing.actions.freezing import freeze, gate_for
from yanzhen.publishing.actions.scheduling import hold_post
from yanzhen.publishing.actions.thawing import ask_thaw
from yanzhen.publishing.models import Delivery, Pause
from yanzhen.publishing.states import DeliveryState, HoldReason
from yanzhen.review.actions.fast_runs import submit_fast
from yanzhen.review.actions.guests import GuestWish, invite_guest
from yanzhen.review.actions.rounds import pass_step, return_step, submit_post
from yanzhen.review.models import FastRun, Step
from yanzhen.review.states import GuestRule
from yanzhen.review.tests.rounds import all_ticked, make_post, submitted, waiting_step
from yanzhen.tasks.actions.making import Wish, create_task
from yanzhen.tasks.actions.moving import archive_task
from yanzhen.tasks.actions.parts import add_item, add_need
from yanzhen.web.tests.dutied import put_on_duty
from yanzhen.web.tests.house import (
    AUTHOR,
    CHIEF,
    COPIED,
    DELEGATE,
    ELSEWHERE,
    HOMELESS,
    NARROW,
    OUTSIDER,
    ROLES,
    SRT,
    STRANGER,
    WALL,
    House,
    Street,
)


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
    _lend_rights(house)
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
    _hand_over(house)
    _invite_guest(house)
    _plan_slots(house)
    put_on_duty(house)
    _discuss(house)
    _write_framework(house)
    house.gate = gate_for(house.account)
    house.pause = Pause.objects.create(
        workspace=house.workspace, app=f"{name}-app", code="no_credits", since_at=NOW
    )
    frozen = freeze(house.campaign, by=house.people["analyst"], reason="Unruhe.", now=NOW)
    house.closed = frozen.gate
    house.notice = Notice.objects.visible_to(house.people[AUTHOR]).newest_first()[0]
    _tell_others(house)
    # From the command line, so that every member who may can be the second.
    ask_thaw(house.closed, by=None, reason="Vorbei.", plan={}, now=NOW)
    return house


def _lend_rights(house: House) -> None:
    """Make roles of the team's own, some for one account only, and a delegation."""
    by, lead = house.people["administrator"], house.role("team_lead")
    does = [Decision(slug) for slug in lead.granted]
    narrow = [decision for decision in does if DUTIES[decision].by_account]

    def make(title: str, decisions: list[Decision], **more: Any) -> Role:
        wish = RoleWish(title=title, decisions=decisions, **more)
        return make_role(house.workspace, wish=wish, by=by, now=NOW)

    here, there = [house.account.pk], [house.arrived.pk]
    made = {
        COPIED: make("Copied lead", does, counts_as=lead),
        NARROW: make("Lead here", narrow, counts_as=lead, accounts=here),
        ELSEWHERE: make("Lead there", narrow, counts_as=lead, accounts=there),
        DELEGATE: make("Onlooker", []),
    }
    for name, role in made.items():
        person = make_person(f"{house.workspace.name}-{name}")
        house.people[name] = join(house.workspace, person, role.slug)
    house.spare = make("Spare", [])
    house.put_away = retire_role(make("Put away", []), seen=0, by=by, now=NOW)
    giver = house.people["team_lead"]
    house.delegation = delegate(
        giver,
        receiver=house.people[DELEGATE],
        decisions=lendable_of(giver),
        ends_at=NOW + timedelta(days=20),
        by=giver,
        now=NOW,
    )


def _tell_others(house: House) -> None:
    admin = house.people["administrator"]
    house.outlet, _secret = add_outlet(
        admin,
        kind=OutletKind.WEBHOOK,
        name="Haken",
        address="https://hook.example/x",
        language="en",
        level=Level.ALL,
        topics=[],
        now=NOW,
    )
    house.slack = connect_slack(
        admin, bot_token="xoxb-1234567890-house", signing_secret="0123456789abcdef", now=NOW
    )
    house.browser = add_browser(
        house.people[AUTHOR],
        endpoint="https://push.example/theirs",
        p256dh="key",
        auth="secret",
        shown="Firefox",
        now=NOW,
    )
    house.letter = try_outlet(house.outlet, by=admin, now=NOW)
    Letter.objects.filter(pk=house.letter.pk).update(
        state=LetterState.DEAD, settled_at=NOW, error="HTTP 404"
    )


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


def _hand_over(house: House) -> None:
    lead, revision = house.people["team_lead"], house.workspace.revision
    # Past its hour, so that whoever decides about stuck posts is told beside the lead.
    begun, until = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    set_lead(house.workspace, member=lead, until=until, seen=revision, by=lead, now=begun)
    opened = open_handover(
        house.workspace, to=house.people["analyst"], due_at=NOW, by=lead, now=NOW
    )
    section = house.workspace.sections.get(slug="actions")
    add_point(opened, section, point=Point("Anrufen"), by=lead)
    add_link(opened, title="Notizen", url="https://notes.example/", by=lead, now=NOW)
    send_handover(opened, by=lead, now=NOW)
    house.handover = Handover.objects.get(pk=opened.pk)


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
