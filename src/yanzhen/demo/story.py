"""Telling the script as if it had happened: every step through its action, in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings

from yanzhen.brand.actions.drafting import import_rules
from yanzhen.brand.actions.publishing import publish_framework
from yanzhen.brand.models import BrandFramework
from yanzhen.channels.actions.connecting import connect_with_tokens
from yanzhen.channels.actions.settings import change_account, set_developer_app
from yanzhen.channels.models import Account
from yanzhen.channels.ports import Tokens
from yanzhen.demo import fake_x
from yanzhen.demo.cast import CHANNELS, PASSWORD, PEOPLE, Person
from yanzhen.demo.duty import live_with_rota, open_demo_rota
from yanzhen.demo.framework import NOTE, RULES
from yanzhen.demo.guests import VISITS
from yanzhen.demo.handoffs import handing_over
from yanzhen.demo.ideas import have_ideas
from yanzhen.demo.outlets import hang_screen
from yanzhen.demo.rights import share_rights
from yanzhen.demo.scene import (
    DRAFT,
    FINAL,
    HELD,
    LEAD,
    PUBLISHED,
    RETURNED,
    Scene,
)
from yanzhen.demo.script import CAMPAIGNS, FOCUSES, SCENES, THEMES
from yanzhen.demo.shelves import Shelves
from yanzhen.demo.slots import plan_slots
from yanzhen.demo.tasks import give_tasks
from yanzhen.demo.writing import keep_writing_kit
from yanzhen.discussion.actions.settling import resolve_thread
from yanzhen.discussion.actions.talking import answer_thread, open_thread
from yanzhen.kernel import clock
from yanzhen.people.actions.workspaces import add_member, create_workspace
from yanzhen.people.models import Member, User, Workspace
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.actions.framing import add_campaign, set_focus, set_theme
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.actions.writing import create_post, save_draft
from yanzhen.planning.models import Campaign, Draft, Post
from yanzhen.publishing.actions.scheduling import hold_post
from yanzhen.publishing.engine.lane import run_lane
from yanzhen.review.actions.rounds import pass_step, return_step, submit_post
from yanzhen.review.models import CheckPoint, RoundStep
from yanzhen.review.states import StepState

Step = Callable[[datetime], None]
BEFORE_FIRST = timedelta(days=2)
FRAMEWORK_AGE = timedelta(minutes=90)


@dataclass
class Stage:
    """Everything on stage, by the script's names."""

    workspace: Workspace
    members: dict[str, Member] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)


@dataclass
class Timeline:
    """Steps that happen at moments; run() tells them in order, with both clocks set to each."""

    steps: list[tuple[datetime, int, Step]] = field(default_factory=list)

    def at(self, moment: datetime, step: Step) -> None:
        """Add a step; equal moments keep the order in which they were added."""
        heapq.heappush(self.steps, (moment, len(self.steps), step))

    def run(self) -> None:
        """Tell everything."""
        while self.steps:
            moment, _order, step = heapq.heappop(self.steps)
            with clock.set_to(moment):
                step(moment)


def _user(person: Person) -> User:
    start, end = (time.fromisoformat(hour) for hour in person.day)
    return User.objects.create_user(
        person.email,
        PASSWORD,
        name=person.name,
        city=person.city,
        zone=person.zone,
        language=person.language,
        day_start=start,
        day_end=end,
        # Somebody is at work every day of the demo, so that no page looks deserted at a weekend.
        workdays=[1, 2, 3, 4, 5, 6, 7],
    )


def _member(stage: Stage, key: str) -> Member:
    """Return the member as the actions want it: with roles and workspace loaded, fresh."""
    members = Member.objects.with_roles().select_related("workspace")
    return members.get(pk=stage.members[key].pk)


def _open_workspace(now: datetime) -> Stage:
    """Make the workspace, its people, accounts, campaigns, theme and focuses."""
    stage = Stage(create_workspace(name="Ferrow", slug="ferrow", zone="Europe/Berlin", now=now))
    for person in PEOPLE:
        stage.members[person.key] = add_member(
            stage.workspace, _user(person), role=person.role, further=person.further, now=now
        )
    _connect_accounts(stage, now)
    for name, code in CAMPAIGNS:
        stage.campaigns[code] = add_campaign(
            name=name, code=code, by=_member(stage, "lin"), now=now
        )
    return stage


def _connect_accounts(stage: Stage, now: datetime) -> None:
    """Make the four accounts at the fake X and connect them with OAuth 1.0a keys."""
    for channel in CHANNELS:
        fake_x.make_user(channel.handle, channel.name)
    handles = [channel.handle for channel in CHANNELS]
    issued = fake_x.make_app(handles, f"{settings.BASE_URL}/accounts/connected")
    app = fake_x.app_keys(issued)
    by = _member(stage, "ada")
    for channel in CHANNELS:
        keys = issued["tokens"][channel.handle]["oauth1"]
        tokens = Tokens("oauth1", keys["access_token"], secret=keys["access_token_secret"])
        account = connect_with_tokens(by, None, app=app, tokens=tokens, now=now)
        stage.accounts[channel.key] = change_account(
            account,
            by=by,
            zone=channel.zone,
            language=channel.language,
            colour=channel.key,
            premium=False,
            now=now,
        )
    set_developer_app(
        by, client_id=app.client_id, client_secret=app.client_secret, confidential=True, now=now
    )


def _frame(stage: Stage, today: date, now: datetime) -> None:
    """Give this month, the last and the next a theme, and the weeks around today a focus."""
    by = _member(stage, "maya")
    months = [today.replace(day=1) - timedelta(days=1), today, today.replace(day=28)]
    months[2] += timedelta(days=7)
    for month, name in zip(months, (THEMES[2], THEMES[0], THEMES[1]), strict=True):
        set_theme(month=month, name=name, by=by, now=now)
    for offset, name in enumerate(FOCUSES, start=-2):
        set_focus(week=today + timedelta(weeks=offset), name=name, by=by, now=now)


def _publish_framework(stage: Stage, now: datetime) -> None:
    """Write the brand framework and let it count."""
    by = _member(stage, "lena")
    import_rules(RULES, replacing=True, by=by, now=now)
    seen = BrandFramework.objects.get(workspace=stage.workspace).revision
    publish_framework(note=NOTE, seen=seen, by=by, now=now)


def _due(scene: Scene, account: Account, now: datetime) -> datetime | None:
    """Return when the scene goes out, aware in the account's zone; None without an hour."""
    zone = ZoneInfo(account.zone)
    if not scene.hour:
        return None
    if scene.hour.startswith("+"):
        hours, minutes = scene.hour[1:].split(":")
        later = now + timedelta(hours=int(hours), minutes=int(minutes))
        return later.astimezone(zone).replace(second=0, microsecond=0)
    day = now.astimezone(zone).date() + timedelta(days=scene.day)
    due = datetime.combine(day, time.fromisoformat(scene.hour), zone)
    if scene.stage == PUBLISHED and due > now - timedelta(minutes=20):
        due -= timedelta(days=1)
    return due


def _waiting(post: Post) -> RoundStep:
    steps = RoundStep.objects.select_related("round__post")
    return steps.get(round__post=post, state=StepState.NOW)


@dataclass
class Player:
    """Plays one scene: holds its post once it is written."""

    stage: Stage
    scene: Scene
    due: datetime | None
    post_id: int = 0

    def post(self) -> Post:
        """Return the post as it stands."""
        return Post.objects.select_related("account", "author__user").get(pk=self.post_id)

    def write(self, now: datetime) -> None:
        """Start the post and put it on the calendar."""
        author = _member(self.stage, self.scene.author)
        post = create_post(
            account=self.stage.accounts[self.scene.account],
            by=author,
            texts=self.scene.before or self.scene.texts,
            title=self.scene.title,
            campaign=self.stage.campaigns[self.scene.campaign],
            source="demo",
            now=now,
        )
        self.post_id = post.pk
        if self.due is not None:
            wall = self.due.replace(tzinfo=None)
            time_post(post, by=author, wall=wall, zone=post.account.zone, fold=0, now=now)

    def rewrite(self, now: datetime) -> None:
        """Replace the returned text."""
        draft = Draft.objects.get(post_id=self.post_id)
        author = _member(self.stage, self.scene.author)
        save_draft(self.post(), by=author, texts=self.scene.texts, revision=draft.revision, now=now)

    def submit(self, now: datetime) -> None:
        """Sign the self-check."""
        points = CheckPoint.objects.filter(flow__workspace=self.stage.workspace)
        submit_post(
            self.post(),
            by=_member(self.stage, self.scene.author),
            ticks={point.pk: True for point in points},
            now=now,
        )

    def lead_passes(self, now: datetime) -> None:
        """Pass level two: Lin for Shanghai's posts, Priya for the others."""
        key = "lin" if self.scene.author == "zhou" else "priya"
        pass_step(_waiting(self.post()), by=_member(self.stage, key), now=now)

    def lead_returns(self, now: datetime) -> None:
        """Return it with the scene's note."""
        step = _waiting(self.post())
        by = _member(self.stage, "lin")
        return_step(step, by=by, reason="tone", comment=self.scene.note, now=now)

    def lena_returns(self, now: datetime) -> None:
        """Return the first version."""
        step = _waiting(self.post())
        by = _member(self.stage, "lena")
        return_step(step, by=by, reason="tone", comment=self.scene.asked, now=now)

    def lena_passes(self, now: datetime) -> None:
        """Pass level three."""
        pass_step(_waiting(self.post()), by=_member(self.stage, "lena"), now=now)

    def publish(self, now: datetime) -> None:
        """Let the engine send it, at its minute, to a fake X that believes it is then."""
        fake_x.set_clock(now)
        run_lane(self.stage.accounts[self.scene.account].pk, owner="demo")

    def hold(self, now: datetime) -> None:
        """Hold it with the scene's note."""
        hold_post(self.post(), by=_member(self.stage, "jonas"), reason=self.scene.note, now=now)

    def steps(self, now: datetime) -> Iterator[tuple[datetime, Step]]:
        """Yield what happens to the post, and when."""
        scene, hours = self.scene, timedelta(hours=1)
        waits = scene.hours_waiting * hours
        settled = min(self.due or now, now) - 12 * hours
        if scene.stage == DRAFT:
            yield now - 5 * hours, self.write
            return
        decided = {LEAD: now, FINAL: now - waits, RETURNED: now - 2 * hours}
        lead_at = decided.get(scene.stage, settled - 6 * hours)
        sent_at = now - waits if scene.stage == LEAD else lead_at - 3 * hours
        yield sent_at - 20 * hours, self.write
        if scene.before:
            yield sent_at - 19 * hours, self.submit
            yield sent_at - 16 * hours, self.lead_passes
            yield sent_at - 8 * hours, self.lena_returns
            yield sent_at - 1 * hours, self.rewrite
        yield sent_at, self.submit
        if scene.stage == LEAD:
            return
        if scene.stage == RETURNED:
            yield lead_at, self.lead_returns
            return
        yield lead_at, self.lead_passes
        if scene.stage == FINAL:
            return
        yield settled, self.lena_passes
        if scene.stage == HELD:
            yield now - hours / 2, self.hold
        if scene.stage == PUBLISHED and self.due is not None:
            yield self.due, self.publish


def _talk(stage: Stage, players: dict[str, Player], now: datetime) -> None:
    """A few words under the posts people work on, the first of them answered and settled."""
    seat = players["Seat 7A, part two: the window seat"].post()
    aylin, zhou = _member(stage, "aylin"), _member(stage, "zhou")
    asked = open_thread(seat, by=aylin, body="Crop the wing tighter on phone?", now=now)
    body = f"Done, and the counts are checked twice, @{aylin}."
    answer_thread(asked.thread, by=zhou, body=body, now=now)
    resolve_thread(asked.thread, by=aylin, now=now)
    lines = (
        ("Repair day: Ana swaps a battery", "jonas", "Two people asked for this on Tuesday."),
        ("全世界最安静", "lin", "用 29 分贝这个数字，比“最”有力。"),
    )
    for title, who, body in lines:
        open_thread(players[title].post(), by=_member(stage, who), body=body, now=now)


def _embargo(stage: Stage, players: dict[str, Player], now: datetime) -> None:
    """A price list that nobody else shall see before its hour."""
    post = players["Repair, don’t replace"].post()
    readers = [_member(stage, who) for who in ("lin", "lena", "priya")]
    terms = Terms(
        wall=datetime.fromisoformat(post.due_wall),
        zone=post.due_zone,
        fold=0,
        readers=readers,
        reason="Prices are agreed with the repair shops until then.",
    )
    set_embargo(post, by=post.author, terms=terms, now=now)


def tell(now: datetime) -> Workspace:
    """Make the demo brand as it would stand at ``now`` (aware UTC).

    Needs the fake X running, and empties it first. Not one transaction: sending commits for itself.
    Raises NotPractice.
    """
    fake_x.forget()
    now = now.replace(microsecond=0)
    first = now + timedelta(days=min(scene.day for scene in SCENES)) - BEFORE_FIRST
    with clock.set_to(first):
        stage = _open_workspace(first)
        _frame(stage, now.astimezone(stage.workspace.tz).date(), first)
        open_demo_rota({key: _member(stage, key) for key in stage.members}, now=first)
    timeline, players = Timeline(), {}
    # After the posts that were returned for what the framework now forbids: it came of them.
    timeline.at(now - FRAMEWORK_AGE, lambda moment: _publish_framework(stage, moment))
    for scene in SCENES:
        player = Player(stage, scene, _due(scene, stage.accounts[scene.account], now))
        players[scene.title] = player
        for moment, step in player.steps(now):
            timeline.at(max(moment, first), step)
    for visit in VISITS:
        for moment, step in visit.steps(players[visit.title].post, partial(_member, stage), now):
            timeline.at(moment, step)
    for moment, happens in handing_over(stage.workspace, stage.members, now=now):
        timeline.at(max(moment, first), happens)
    fake_x.lift_limits(lifted=True)
    try:
        timeline.run()
    finally:
        fake_x.follow_real_clock()
        fake_x.lift_limits(lifted=False)
    _talk(stage, players, now)
    Shelves(_member(stage, "maya"), _member(stage, "lin"), now).fill()
    members = {key: _member(stage, key) for key in stage.members}
    give_tasks(members, {title: player.post() for title, player in players.items()}, now=now)
    plan_slots(stage.accounts, by=members["maya"], now=now)
    have_ideas(members, stage.accounts, stage.campaigns, now=now)
    live_with_rota(members, now=now)
    keep_writing_kit(stage.accounts, by=members["maya"], now=now)
    _embargo(stage, players, now)
    share_rights(members, stage.accounts, now=now)
    hang_screen(members["ada"], now=now)
    return Workspace.objects.get(pk=stage.workspace.pk)
