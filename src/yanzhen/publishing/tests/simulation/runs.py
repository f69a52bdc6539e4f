"""Playing one seed: what it allows, the day, the night in which everything must come to rest."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from datetime import UTC, timedelta

from django.db import connection, transaction

from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.models import Post, texts_of
from yanzhen.publishing.tests.simulation.judge import Approved, Judge, as_time
from yanzhen.publishing.tests.simulation.remote import ANSWERS, RemoteX
from yanzhen.publishing.tests.simulation.staff import Person, work
from yanzhen.publishing.tests.simulation.team import Team
from yanzhen.publishing.tests.simulation.world import BASE, Process, Stage, Stuck, World

WORKERS = 3
DAY_MS = 40 * 60 * 1000
NIGHT_MS = 100 * 60 * 1000
DOINGS = (
    "reschedule",
    "untime",
    "drop",
    "hold",
    "hurry",
    "edit",
    "freeze",
    "freeze_all",
    "swing_gate",
    "send_again",
    "confirm",
    "ask_x",
    "give_up",
    "disconnect",
    "tamper",
)
#: When each loop has something to do, by the rows' own columns.
_INSTANTS = """
SELECT 'publish', min(CASE WHEN retry_at > due_at THEN retry_at ELSE due_at END)
  FROM publishing_delivery d WHERE state = 'scheduled' AND NOT EXISTS (
    SELECT 1 FROM publishing_delivery o
    WHERE o.account_id = d.account_id AND o.state IN ('claimed', 'sending'))
UNION ALL SELECT 'lease', min(lease_until_at) FROM publishing_delivery
  WHERE state IN ('claimed', 'sending')
UNION ALL SELECT 'late', min(due_at) FROM publishing_delivery WHERE state = 'scheduled'
UNION ALL SELECT 'frozen', min(due_at) FROM publishing_delivery
  WHERE state = 'scheduled' AND EXISTS (SELECT 1 FROM publishing_gate WHERE frozen)
UNION ALL SELECT 'look', min(check_at) FROM publishing_delivery WHERE state = 'ambiguous'
"""
_DONE_AND_DENIED = ("403_after", "403_after", "500_after", "hang_after", "created_late")
_LATER_MS = {"late": 15 * 60 * 1000 + 1, "lease": 5_001}


def instants(world: World) -> dict[str, int]:
    """Return when each kind of work is to be looked for next; past times mean now."""
    if world.known_instants is None:
        world.known_instants = _read_instants(world)
    known = world.known_instants
    return {kind: max(ms, world.in_vain.get(kind, (ms, 0))[0]) for kind, ms in known.items()}


def _read_instants(world: World) -> dict[str, int]:
    world.watching = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(_INSTANTS)
            found = {kind: as_time(at) for kind, at in cursor.fetchall() if at is not None}
    finally:
        world.watching = False
    return {
        kind: round((at - BASE) / timedelta(milliseconds=1)) + _LATER_MS.get(kind, 0)
        for kind, at in found.items()
    }


def rates_of(dice: random.Random) -> dict:
    """Draw what this seed is about: each seed knows some kinds of trouble and not others."""
    fates = [f for f in ANSWERS if f != "ok"]
    rates = {
        "crash": dice.choice((0, 0.002, 0.01)),
        "pause": dice.choice((0, 0.005, 0.02)),
        "wake_on_write": dice.choice((0, 0.5, 1)),
        "database_away": dice.choice((0, 0, 0, 0.001)),
        "nudge": dice.choice((0, 0.4, 0.9)),
        "trouble": dice.choice((0.1, 0.4, 0.8, 1)),
        "fates": dice.sample(fates, dice.choice((1, 2, 4, len(fates)))),
        "lag": dice.choice((0, 0.5, 1)),
        "lookup_fails": dice.choice((0, 0, 0.2, 0.8)),
        "wakes_at": dice.choice((("written", "looked"), ("claimed",), ("claimed", "written"))),
    }
    theme = dice.choice((_mixed, _mixed, _lying, _sleepy))
    return rates | theme(dice)


def _mixed(dice: random.Random) -> dict:
    return {}


def _lying(dice: random.Random) -> dict:
    """X does what it is asked, says that it did not, and shows it late or not at all."""
    return {
        "crash": 0,
        "pause": 0,
        "trouble": 1,
        "fates": dice.sample(_DONE_AND_DENIED, dice.choice((1, 1, 2))),
        "lag": 1,
        "lookup_fails": dice.choice((0, 0.5, 0.97)),
    }


def _sleepy(dice: random.Random) -> dict:
    """Workers stop in the middle of a claim and wake while another has it in hand."""
    return {
        "crash": 0.002,
        "pause": 0.06,
        "wake_on_write": 1,
        "nudge": 0.9,
        "fates": ["429", "401", "unreachable"],
    }


@dataclass
class Result:
    """One seed as it went."""

    seed: int
    faults: list[str]
    trace: list[str]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()

    def story(self) -> str:
        """Return what a person needs to see of a red seed."""
        again = f"SEED={self.seed} .venv/bin/pytest -q -s {__package__.replace('.', '/')}"
        return "\n".join((*self.trace[-250:], "", *self.faults, f"replay: {again}"))


class Theatre:
    """Plays seeds one after the other on the team's posts; each ends where it began."""

    def __init__(self, stage: Stage, x: RemoteX, team: Team) -> None:
        self.stage = stage
        self.x = x
        self.team = team

    def play(self, seed: int) -> Result:
        """Play one seed and undo it."""
        saved = transaction.savepoint()
        dice = random.Random(f"{seed} day")
        rates = rates_of(dice)
        world = self.stage.world = World(seed, rates)
        self.x.open_for(world, seed, rates)
        judge = self._seat(world)
        try:
            self._day(world, judge, dice, seed)
        except Stuck as stuck:
            judge.fault("stuck", str(stuck))
        finally:
            world.end_all()
            transaction.savepoint_rollback(saved)
            self.stage.world = World(0, {"crash": 0, "pause": 0, "wakes_at": ()})
        return Result(seed, judge.faults, world.trace, {**world.counts, **judge.counts})

    def _seat(self, world: World) -> Judge:
        posts = Post.objects.select_related("version").in_bulk(self.team.posts)
        people = {self.team.cast.lin.pk, self.team.cast.lena.pk}
        judge = Judge(
            world,
            self.x,
            approved={
                pk: Approved(tuple(texts_of(post.version)), set(people))
                for pk, post in posts.items()
            },
            names={pk: chr(ord("A") + n) for n, pk in enumerate(self.team.posts)},
        )
        world.after_step = judge.look
        world.next_instant = lambda: _next_instant(world)
        world.on_trouble = lambda process, error: _judge_trouble(judge, process, error)
        self.x.on_bytes = judge.bytes_arrived
        self.x.on_early_call = judge.called_early
        return judge

    def _day(self, world: World, judge: Judge, dice: random.Random, seed: int) -> None:
        self._plan(world, dice)
        judge.look()
        for n in range(WORKERS):
            process = Process(f"w{n}", lambda p: work(world, p, lambda: instants(world)))
            process.skew = timedelta(seconds=dice.choice((0, 600, -600)))
            world.start(process)
        doings = dice.sample(DOINGS, dice.randint(1, len(DOINGS)))
        doings += ["reconnect"] if "disconnect" in doings else []
        doings += ["unfreeze"] if {"freeze", "freeze_all", "swing_gate"} & set(doings) else []
        for n in range(2):
            person = Person(world, judge, self.team, f"{seed} person {n}", doings)
            world.start(Process(f"p{n}", person.act, mortal=False))
        world.run_until(DAY_MS)
        if not world.over:
            self._night(world, judge)

    def _plan(self, world: World, dice: random.Random) -> None:
        for pk in sorted(dice.sample(self.team.posts, dice.randint(2, 4))):
            minutes = dice.choice((0, 0, 1, 3, 8, 15))
            wall = (BASE + timedelta(minutes=minutes)).astimezone(UTC).replace(tzinfo=None)
            post = Post.objects.get(pk=pk)
            time_post(post, by=self.team.cast.lin, wall=wall, zone="UTC", now=world.now)

    def _night(self, world: World, judge: Judge) -> None:
        """X is well, nobody is killed, everybody wakes: now all must come to rest."""
        world.say("--- night ---")
        world.calm = self.x.healthy = True
        for process in world.processes:
            process.paused_until, process.idle = world.ms, False
        world.run_until(world.ms + NIGHT_MS, settled=lambda: _next_instant(world) is None)
        if not world.over:
            judge.conclude([self.team.cast.workspace.pk])


def _judge_trouble(judge: Judge, process: Process, error: Exception) -> None:
    if "simulated database" in str(error):
        return
    judge.fault("raised", f"{process.owner}: {type(error).__name__}: {error}")


def _next_instant(world: World) -> int | None:
    return min(instants(world).values(), default=None)
