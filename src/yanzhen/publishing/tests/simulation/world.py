"""The baton and the clock: one task runs at a time; a seed decides which, when and for how long.

Every task is a greenlet on the one connection of the test. It hands the baton back before each
statement outside a transaction, before each transaction, and at each ``crash_point``, never inside
a transaction: transactions are what the database makes whole. There its process may be killed
(the task ends as by SIGKILL) or paused (nothing of it runs, the world goes on).
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import DatabaseError, connection
from greenlet import getcurrent, greenlet

from yanzhen.kernel import clock
from yanzhen.publishing.engine import crash, prepare

BASE = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PAUSES_SECONDS = ((1, 10), (20, 45), (61, 140), (601, 1500))
#: Statements that end a transaction: what is in it is not to be interrupted.
_ENDINGS = ("RELEASE", "ROLLBACK")
_WRITES = ("INSERT", "UPDATE", "DELETE")
MOST_STEPS = 60_000


class Killed(BaseException):
    """The process this task ran in is gone."""


class Stuck(AssertionError):
    """The world does not come to rest."""


@dataclass(eq=False)
class Process:
    """A worker process or a person at a browser. ``skew`` is how wrong its own clock is."""

    name: str
    body: Callable[[Process], None]
    mortal: bool = True
    skew: timedelta = timedelta()
    life: int = 0
    paused_until: int = 0
    wakes_on_write: bool = False
    known_owners: set = field(default_factory=set)
    task: greenlet | None = None
    wake_at: int = 0
    idle: bool = False
    point: str = ""

    @property
    def owner(self) -> str:
        return f"{self.name}.{self.life}"


class World:
    """One seed's time and tasks. Times are whole milliseconds since BASE."""

    def __init__(self, seed: int, rates: dict[str, float]) -> None:
        self.dice = random.Random(f"{seed} world")
        self.rates = rates
        self.ms = 0
        self.steps = 0
        self.trace: list[str] = []
        self.counts: Counter[str] = Counter()
        self.processes: list[Process] = []
        self.current: Process | None = None
        #: Whose step it was that the judge looks at; None before the first.
        self.mover: Process | None = None
        self.dirty = True
        self.watching = False
        self.calm = False
        self.over = False
        self.after_step: Callable[[], None] = lambda: None
        self.next_instant: Callable[[], int | None] = lambda: None
        self.known_instants: dict[str, int] | None = None
        self.in_vain: dict[str, tuple[int, int]] = {}
        self.on_trouble: Callable[[Process, Exception], None] = lambda process, error: None
        self._base_depth = len(connection.atomic_blocks)

    # --- time, as the engine sees it ---

    @property
    def now(self) -> datetime:
        return BASE + timedelta(milliseconds=self.ms)

    def process_now(self) -> datetime:
        return self.now + (self.current.skew if self.current else timedelta())

    def monotonic(self) -> float:
        return self.ms / 1000

    def sleep(self, seconds: float) -> None:
        """Let the running task wait; nothing but time passes for it."""
        if self.current is None:
            self.ms += round(seconds * 1000)
            return
        self.current.wake_at = self.ms + max(1, round(seconds * 1000))
        self._hand_back("")

    # --- the baton ---

    def say(self, what: str) -> None:
        who = self.current.owner if self.current else "-"
        self.trace.append(f"{self.ms / 1000:10.3f} {who:<10} {what}")

    def start(self, process: Process) -> None:
        """Give ``process`` a first or a new life."""
        process.life += 1
        process.known_owners = set()
        process.idle, process.point, process.paused_until = False, "", 0
        process.wake_at = self.ms
        process.task = greenlet(lambda: self._live(process))
        if process not in self.processes:
            self.processes.append(process)

    def _live(self, process: Process) -> None:
        try:
            process.body(process)
        except Killed:
            return
        except Exception as error:  # noqa: BLE001 -- whatever a task lets out is judged
            self.on_trouble(process, error)

    def point(self, name: str) -> None:
        """Stand in for crash_point: a named place where anything may happen."""
        self.say(name)
        if len(connection.atomic_blocks) > self._base_depth:
            if self._bad_luck("crash", 6):
                self._die(name)
            return
        if name in self.rates["wakes_at"]:
            for process in self.processes:
                if process.wakes_on_write and process is not self.current:
                    process.wakes_on_write = False
                    process.paused_until = self.ms
        self._hand_back(name)

    def idle(self) -> None:
        """Let the running task wait until something is due or somebody writes."""
        self.current.idle = True
        self._hand_back("")

    def _hand_back(self, name: str) -> None:
        mine = self.current
        if mine is None:
            return
        mine.point = name or "between"
        getcurrent().parent.switch()
        if self._bad_luck("crash", 6 if name else 1):
            self._die(mine.point)

    def _die(self, where: str) -> None:
        self.say(f"killed at {where}")
        self.counts["killed"] += 1
        raise Killed

    def _bad_luck(self, what: str, factor: float) -> bool:
        if self.calm or self.current is None or not self.current.mortal:
            return False
        return self.dice.random() < self.rates[what] * factor

    def on_statement(self, execute, sql, params, many, context):
        """Hand the baton on before anything the database does outside a transaction."""
        if self.watching or self.current is None:
            return execute(sql, params, many, context)
        word = sql.lstrip()[:8].upper()
        outside = len(connection.atomic_blocks) == self._base_depth
        if outside and not word.startswith(_ENDINGS):
            self._hand_back("")
            if self._bad_luck("database_away", 1):
                self.say("the database is away")
                raise DatabaseError("the simulated database is away")
        if word.startswith(_WRITES):
            self.dirty = True
        return execute(sql, params, many, context)

    # --- the scheduler ---

    def run_until(self, ms: int, *, settled: Callable[[], bool] = lambda: False) -> None:
        """Play until ``ms``, until ``settled()`` while nothing is runnable, or until a fault."""
        while self.ms < ms and not self.over:
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise Stuck(f"{MOST_STEPS} steps and still going")
            ready = [p for p in self.processes if self._ready(p)]
            if ready:
                self._step(ready[self.dice.randrange(len(ready))])
            elif settled():
                return
            else:
                self._let_time_pass(ms)

    def _ready(self, process: Process) -> bool:
        if process.paused_until > self.ms:
            return False
        return not process.idle and process.wake_at <= self.ms

    def _step(self, process: Process) -> None:
        self.ms += self.dice.choice((0, 0, 1, 2, 5, 20))
        if process.task is None or process.task.dead:
            self.start(process)
        if process.point and self._pause(process):
            return
        self.current = self.mover = process
        prepare._known_owners = process.known_owners
        try:
            process.task.switch()
        finally:
            self.current = None
            # What failed outside a transaction broke none; the test's own is not the engine's.
            connection.needs_rollback = False
        if process.task.dead:
            process.wake_at = self.ms + self.dice.randint(100, 90_000)
        if self.dirty:
            self.dirty = False
            self.in_vain = {}
            self.known_instants = None
            self.after_step()

    def _pause(self, process: Process) -> bool:
        """Maybe stop the process where it stands, as SIGSTOP or a sleeping machine does."""
        self.current = process
        unlucky = self._bad_luck("pause", 1 if process.point == "between" else 5)
        if unlucky:
            self.counts["paused"] += 1
            low, high = self.dice.choice(PAUSES_SECONDS)
            process.paused_until = self.ms + self.dice.randint(low * 1000, high * 1000)
            process.wakes_on_write = self.dice.random() < self.rates["wake_on_write"]
            if self.dice.random() < 0.3:
                process.skew -= timedelta(seconds=self.dice.randint(1, 900))
            self.say(f"paused at {process.point} for {(process.paused_until - self.ms) // 1000} s")
            process.point = ""
        self.current = None
        return unlucky

    def _let_time_pass(self, end: int) -> None:
        """Jump to when the next task wakes or the next row is due."""
        waking = [
            max(p.wake_at, p.paused_until, self.ms + 1)
            for p in self.processes
            if not p.idle or p.paused_until > self.ms
        ]
        sleepers = [p for p in self.processes if p.idle and p.paused_until <= self.ms]
        instant = self.next_instant() if sleepers else None
        self.ms = max(self.ms, min(at for at in (*waking, instant, end) if at is not None))
        if instant is None or self.ms < instant:
            return
        self.dice.shuffle(sleepers)
        for n, sleeper in enumerate(sleepers):
            if n == 0 or self.dice.random() < self.rates["nudge"]:
                sleeper.idle = False
                sleeper.wake_at = self.ms + self.dice.choice((0, 0, 5, 300))

    def was_in_vain(self, kind: str) -> None:
        """Note that a loop found nothing it could do; it looks again ever less often."""
        times = self.in_vain.get(kind, (0, 0))[1] + 1
        self.in_vain[kind] = (self.ms + min(60_000, 2_500 * 2 ** min(times, 5)), times)

    def end_all(self) -> None:
        """Unwind whatever still stands somewhere."""
        for process in self.processes:
            if process.task is not None and not process.task.dead and process.task:
                self.current = None
                process.task.throw(Killed)


class Stage:
    """Who plays now. The engine is wired to the stage once; every seed brings its own world."""

    world: World

    def _of_the_world(self, name: str) -> Callable[..., Any]:
        """Return a function that calls ``name`` of whichever world plays at that moment."""

        def now_playing(*values: Any) -> Any:
            return getattr(self.world, name)(*values)

        return now_playing

    def on_statement(self, *call: Any) -> Any:
        """Pass on what the database is about to do; see World.on_statement."""
        return self.world.on_statement(*call)

    def wire(self, monkeypatch) -> None:
        """Give the stage the clocks and the crash points of this process."""
        monkeypatch.setattr(clock, "database_now", lambda: self.world.now)
        monkeypatch.setattr(clock, "now", self._of_the_world("process_now"))
        times = SimpleNamespace(
            monotonic=self._of_the_world("monotonic"), sleep=self._of_the_world("sleep")
        )
        point = self._of_the_world("point")
        real_point, real_time = crash.crash_point, sys.modules["time"]
        wired = []
        for name, module in sorted(sys.modules.items()):
            ours = name.startswith(("yanzhen.publishing.", "yanzhen.channels."))
            if not ours or ".tests" in name:
                continue
            if getattr(module, "crash_point", None) is real_point:
                monkeypatch.setattr(module, "crash_point", point)
                wired.append(name)
            if getattr(module, "time", None) is real_time:
                monkeypatch.setattr(module, "time", times)
        needed = ("claim", "intent", "lane", "outcome", "reconcile", "send")
        lost = {f"yanzhen.publishing.engine.{name}" for name in needed} - set(wired)
        assert not lost, f"no crash points any more in {lost}: the simulation lost its hold"
