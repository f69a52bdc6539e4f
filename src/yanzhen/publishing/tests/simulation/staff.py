"""Workers that run the engine's loops, and people who use the public actions at bad moments."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, timedelta

from django.db import transaction

from yanzhen.channels.actions import CannotConnect, connect_with_tokens, disconnect_account
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.planning.actions.timing import (
    InThePast,
    drop_post,
    revise_post,
    time_post,
    untime_post,
)
from yanzhen.planning.actions.writing import DraftConflict, save_draft
from yanzhen.planning.models import Draft, Post, Segment
from yanzhen.planning.states import PostState
from yanzhen.publishing.actions import freezing, thawing
from yanzhen.publishing.actions.looking import (
    NoAnswer,
    NotFound,
    TooSoon,
    confirm_published,
    confirm_resend,
    look_now,
)
from yanzhen.publishing.actions.resolving import NeedsSecond, give_up, propose_resend, send_again
from yanzhen.publishing.actions.scheduling import hold_post, publish_now
from yanzhen.publishing.engine.claim import accounts_due
from yanzhen.publishing.engine.lane import run_lane
from yanzhen.publishing.engine.reaper import reap
from yanzhen.publishing.engine.reconcile import reconcile
from yanzhen.publishing.engine.waiting import signature, waiting_behind
from yanzhen.publishing.models import Delivery, Gate, Resend, Thaw
from yanzhen.publishing.states import NEEDS_PERSON, DeliveryState
from yanzhen.publishing.tests.simulation.judge import Approved, Judge
from yanzhen.publishing.tests.simulation.team import Team, approve, keys_of
from yanzhen.publishing.tests.simulation.world import Process, World

MOST_DOINGS = 8
#: What an action may answer instead of doing it.
ANSWERS = (
    MoveRefused,
    NotAllowed,
    InThePast,
    DraftConflict,
    NoAnswer,
    NotFound,
    TooSoon,
    CannotConnect,
    thawing.Refused,
    thawing.NotFrozen,
)


LOOPS = {"publish": "publish", "look": "look", "lease": "reap", "late": "reap", "frozen": "reap"}


def work(world: World, process: Process, instants: Callable[[], dict[str, int]]) -> None:
    """Run the loops of one worker process until it is killed.

    A real worker asks each loop all the time; here only those run for which some row is due, and
    now and then one that has nothing to do.
    """

    def publish(now) -> int:
        return sum(run_lane(pk, owner=process.owner) for pk in accounts_due(now))

    run = {"publish": publish, "reap": reap, "look": reconcile}
    while True:
        due = [kind for kind, ms in instants().items() if ms <= world.ms]
        if world.dice.random() < 0.02:
            due.append(world.dice.choice(sorted(LOOPS)))
        if not due:
            world.idle()
            continue
        for kind in world.dice.sample(due, len(due)):
            if not run[LOOPS[kind]](clock.database_now()):
                world.was_in_vain(kind)
        world.sleep(world.dice.uniform(0.01, 0.4))


class Person:
    """Somebody who acts now and then. ``doings`` are the names of what this seed lets happen."""

    def __init__(
        self, world: World, judge: Judge, team: Team, seed: str, doings: list[str]
    ) -> None:
        self.world = world
        self.judge = judge
        self.team = team
        self.cast = team.cast
        self.dice = random.Random(seed)
        self.doings = doings
        self.drafts = 0

    def act(self, process: Process) -> None:
        """Do one thing after the other, with pauses between."""
        for _ in range(self.dice.randint(1, MOST_DOINGS)):
            self.world.sleep(self.dice.choice((2, 20, 60, 200, 600)) * self.dice.random() + 0.01)
            if self.world.calm:
                break
            name = self.dice.choice(self.doings)
            if "send_again" in self.doings and self.dice.random() < 0.3:
                name = "send_again"
            doing: Callable[[], str | None] = getattr(self, name)
            self.world.say(f"{name} ...")
            try:
                answer = doing()
            except ANSWERS as refused:
                answer = f"refused: {type(refused).__name__}"
            self.world.say(f"{name}: {answer or 'done'}")
            self.judge.count(name if answer is None else f"{name}, not done")
        self.world.sleep(10**7)

    # --- what they look at ---

    def _post(self, *states: str) -> Post | None:
        rows = Post.objects.filter(pk__in=self.judge.names).order_by("pk")
        found = list(rows.filter(state__in=states) if states else rows)
        if not found:
            return None
        post = self.dice.choice(found)
        self.judge.touched.add(post.pk)
        return post

    def _stopped(self) -> Delivery | None:
        rows = Delivery.objects.select_related("account", "post__author")
        found = list(rows.filter(state__in=NEEDS_PERSON).order_by("pk"))
        return self.dice.choice(found) if found else None

    def _target(self):
        return self.dice.choice((self.cast.workspace, *self.team.accounts, self.team.campaign))

    @property
    def now(self):
        return clock.database_now()

    # --- the plan ---

    def reschedule(self) -> str | None:
        post = self._post()
        if post is None:
            return "nothing there"
        self.world.sleep(self.dice.choice((0.001, 1, 30)))
        wall = (self.now + timedelta(minutes=self.dice.randint(0, 12))).astimezone(UTC)
        time_post(post, by=self.cast.lin, wall=wall.replace(tzinfo=None), zone="UTC", now=self.now)
        return None

    def untime(self) -> str | None:
        post = self._post("scheduled", "held", "missed")
        if post is None:
            return "nothing there"
        untime_post(post, by=self.cast.lin, now=self.now)
        return None

    def drop(self) -> str | None:
        post = self._post("scheduled", "held", "missed", "failed")
        if post is None:
            return "nothing there"
        self.world.sleep(self.dice.choice((0.001, 1)))
        drop_post(post, by=self.cast.lin, now=self.now)
        self.judge.approved[post.pk].valid = False
        return None

    def hold(self) -> str | None:
        post = self._post("scheduled")
        if post is None:
            return "nothing there"
        hold_post(post, by=self.cast.lin, reason="Wait", now=self.now)
        return None

    def hurry(self) -> str | None:
        post = self._post("passed", "scheduled", "held", "missed", "failed")
        if post is None:
            return "nothing there"
        publish_now(post, by=self.cast.lena, now=self.now)
        return None

    def edit(self) -> str | None:
        """Revise, write other words (or the same), and let it be passed again, step by step."""
        post = self._post("passed", "scheduled", "held", "missed", "failed", "draft")
        if post is None or post.kind == "repost":
            return "nothing there"
        noted = self.judge.approved[post.pk]
        if post.state != PostState.DRAFT:
            post = revise_post(post, by=self.cast.zhou, now=self.now)
            noted.valid = False
        draft = Draft.objects.get(post=post)
        self.drafts += 1
        texts = list(draft.texts)
        if self.dice.random() < 0.8:
            texts[-1] = f"{noted.texts[-1].split(' |')[0]} | {self.drafts} {self.dice.random():.6f}"
        save_draft(post, by=self.cast.zhou, texts=texts, revision=draft.revision, now=self.now)
        self.world.sleep(self.dice.choice((0.001, 5)))
        with transaction.atomic():
            post = Post.objects.get(pk=post.pk)
            approve(post, self.cast, now=self.now)
        self._note_approval(post, tuple(texts))
        return None

    def _note_approval(self, post: Post, texts: tuple[str, ...]) -> None:
        people = {self.cast.lin.pk, self.cast.lena.pk}
        self.judge.approved[post.pk] = Approved(texts, people)

    # --- the freeze ---

    def freeze(self) -> str | None:
        freezing.freeze(self._target(), by=self.cast.zhou, reason="Storm", now=self.now)
        return None

    def freeze_all(self) -> str | None:
        freezing.freeze_from_shell(None, reason="Storm", now=self.now)
        return None

    def unfreeze(self) -> str | None:
        """One person asks with a choice for each post, another one confirms what is listed then."""
        gate = Gate.objects.filter(frozen=True).order_by("key").first()
        if gate is None:
            return "nothing frozen"
        if gate.workspace_id is None:
            thawing.hand_down(reason="Each its own", now=self.now)
            return None
        if gate.workspace_id != self.cast.workspace.pk:
            Gate.objects.filter(pk=gate.pk).update(frozen=False)
            return None
        wish = Thaw.objects.filter(gate=gate, closed_at=None).first()
        if wish is None:
            plan = {w.delivery.pk: self._choice() for w in waiting_behind(gate, now=self.now)}
            wish = thawing.ask_thaw(gate, by=self.cast.lin, reason="Over", plan=plan, now=self.now)
            self.world.sleep(self.dice.choice((0.001, 2, 30)))
        seen = signature(waiting_behind(gate, now=self.now), wish.plan)
        thawing.confirm_thaw(wish, by=self.cast.lena, seen=seen, now=self.now)
        return None

    def _choice(self) -> str:
        later = self.now + timedelta(minutes=self.dice.randint(1, 10))
        return self.dice.choice(("drop", "hold", "hold", later.isoformat()))

    def swing_gate(self) -> str | None:
        """Move a gate's row by hand, as an operator at the database would."""
        gate = Gate.objects.order_by("key").first()
        if gate is None:
            return "nothing there"
        Gate.objects.filter(pk=gate.pk).update(frozen=True)
        return None

    # --- what the engine left to a person ---

    def send_again(self) -> str | None:
        """One person is enough where nothing can be on X, two where it may be."""
        delivery = self._stopped()
        if delivery is None:
            return "nothing there"
        self.judge.touched.add(delivery.post_id)
        self.world.sleep(self.dice.choice((0.001, 3)))
        try:
            send_again(delivery, reason="Not there.", by=self.cast.lena, now=self.now)
        except NeedsSecond:
            open_ones = Resend.objects.select_related("delivery__account", "delivery__post")
            resend = open_ones.filter(delivery=delivery, closed_at=None).first()
            if resend is None:
                resend = propose_resend(delivery, reason="Look", by=self.cast.lin, now=self.now)
                self.world.sleep(self.dice.choice((0.001, 3, 60)))
                resend = open_ones.get(pk=resend.pk)
            confirm_resend(resend, by=self.cast.lena, now=self.now)
        self.judge.missed_while_frozen.pop(delivery.pk, None)
        return None

    def ask_x(self) -> str | None:
        delivery = self._stopped()
        if delivery is None:
            return "nothing there"
        look_now(delivery, by=self.cast.lin, now=self.now)
        return None

    def confirm(self) -> str | None:
        delivery = self._stopped()
        if delivery is None:
            return "nothing there"
        seen = self.judge.x.visible(delivery.account.remote_id)
        mine = [p for p in seen if p.text == delivery.text] or seen
        if not mine:
            return "nothing on X"
        confirm_published(delivery, link=mine[0].id, by=self.cast.lin, now=self.now)
        return None

    def give_up(self) -> str | None:
        delivery = self._stopped()
        if delivery is None:
            return "nothing there"
        give_up(delivery, reason="Enough", by=self.cast.lin, now=self.now)
        return None

    # --- the account ---

    def disconnect(self) -> str | None:
        account = self.dice.choice(self.team.accounts)
        account.refresh_from_db()
        disconnect_account(account, by=self.cast.admin, now=self.now)
        return None

    def reconnect(self) -> str | None:
        account = self.dice.choice(self.team.accounts)
        account.refresh_from_db()
        if account.is_connected:
            return "connected"
        keys = keys_of(account.remote_id)
        connect_with_tokens(self.cast.admin, account, **keys, now=self.now)
        return None

    # --- what nobody should do ---

    def tamper(self) -> str | None:
        """Change rows past every action: the words, or whose they are."""
        found = list(
            Delivery.objects.filter(state=DeliveryState.SCHEDULED)
            .select_related("post", "version")
            .order_by("pk")
        )
        if not found:
            return "nothing there"
        delivery = self.dice.choice(found)
        self.judge.touched.add(delivery.post_id)
        how = self.dice.randrange(3)
        if how == 0:
            part = Segment.objects.filter(version=delivery.version, position=delivery.position)
            part.update(text="Not what was passed.")
        elif how == 1:
            Delivery.objects.filter(pk=delivery.pk).update(text="Not what was passed.")
        else:
            delivery.post.writers.add(self.cast.lena)
            self.judge.approved[delivery.post_id].by.discard(self.cast.lena.pk)
        return None
