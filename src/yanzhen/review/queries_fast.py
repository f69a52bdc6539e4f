"""What is shown of the fast lane: the clock of one run, and the report on its use."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Prefetch

from yanzhen.people.models import Member
from yanzhen.planning.models import Post
from yanzhen.review.actions.fast_runs import week_of
from yanzhen.review.models import FastLane, FastRun, Round, Verdict
from yanzhen.review.states import FastOutcome, StepKind

#: From how many decided runs on it is said that they were always decided by the same people.
SAME_PEOPLE_FROM = 3
MOST_SHOWN = 100


@dataclass(frozen=True)
class Clock:
    """One run as the post and the desk show it; ``sla`` draws it from the two times."""

    run: FastRun

    @property
    def started_at(self) -> datetime:
        """When it was sent."""
        return self.run.started_at

    @property
    def due_at(self) -> datetime:
        """When it must be decided."""
        return self.run.due_at

    @property
    def running(self) -> bool:
        """Nobody has decided yet, in time or not."""
        ended = (FastOutcome.OPEN, FastOutcome.BREACHED)
        return self.run.state in ended and self.run.decided_at is None


def clock_of(round_: Round | None) -> Clock | None:
    """Return the clock of a round, None when it is not in the fast lane; then without a query."""
    if round_ is None or round_.due_at is None:
        return None
    run = FastRun.objects.select_related("reason", "member__user").filter(round=round_).first()
    return Clock(run) if run else None


def clock_on(post: Post) -> Clock | None:
    """Return the clock of the post's open round, if that is in the fast lane."""
    return clock_of(Round.objects.open().filter(post=post).first())


@dataclass(frozen=True)
class RunRow:
    """One run of the report. ``took`` is whole minutes, None while nobody has decided."""

    run: FastRun
    deciders: Sequence[Member]

    @property
    def took(self) -> int | None:
        """How long it took from submit to decision."""
        if self.run.decided_at is None:
            return None
        return round((self.run.decided_at - self.run.started_at).total_seconds() / 60)


@dataclass
class Tally:
    """The numbers of a week, a person, an account or all. ``name`` is a Member, Account or date."""

    name: object
    runs: int = 0
    met: int = 0
    breached: int = 0
    regretted: int = 0
    minutes: list[int] = field(default_factory=list)

    @property
    def median(self) -> int | None:
        """The median of the minutes to a decision; None when nothing was decided."""
        return round(median(self.minutes)) if self.minutes else None

    def add(self, row: RunRow) -> None:
        """Count one run."""
        self.runs += 1
        self.met += row.run.state == FastOutcome.MET
        self.breached += row.run.state == FastOutcome.BREACHED
        self.regretted += row.run.regretted_at is not None
        if row.took is not None:
            self.minutes.append(row.took)


@dataclass(frozen=True)
class Misuse:
    """What may be misuse, with its numbers.

    ``kind`` is reason (not in the list any more), account (the limit of a week is used up), person
    (more uses in a week than one account has) or people (always decided by the same).
    ``count`` of ``of``; ``names`` who or what; ``week`` is the Monday, where there is one.
    """

    kind: str
    count: int
    of: int
    names: str
    week: date | None = None


@dataclass(frozen=True)
class Report:
    """The use of the lane since ``since``, newest first. ``undone`` runs are in no other number."""

    since: datetime
    rows: Sequence[RunRow]
    total: Tally
    undone: int
    weeks: Sequence[Tally]
    members: Sequence[Tally]
    accounts: Sequence[Tally]
    misuse: Sequence[Misuse]

    @property
    def shown(self) -> Sequence[RunRow]:
        """The newest runs, MOST_SHOWN at most."""
        return self.rows[:MOST_SHOWN]


def _rows(member: Member, *, since: datetime) -> list[RunRow]:
    """Return the runs with who decided them, in a fixed number of queries."""
    by_others = Verdict.objects.filter(step__kind=StepKind.ROLE).order_by("at", "pk")
    verdicts = by_others.select_related("member__user")
    runs = (
        FastRun.objects.visible_to(member)
        .filter(started_at__gte=since)
        .select_related("account", "member__user", "reason", "round__post", "regretted_by__user")
        .prefetch_related(Prefetch("round__verdicts", queryset=verdicts))
        .order_by("-started_at", "-pk")
    )
    return [RunRow(run, [each.member for each in run.round.verdicts.all()]) for run in runs]


def _tallies(rows: Iterable[RunRow], key: Callable[[RunRow], object]) -> list[Tally]:
    found: dict[object, Tally] = {}
    for row in rows:
        name = key(row)
        found.setdefault(name, Tally(name)).add(row)
    return list(found.values())


def _too_often(
    rows: Sequence[RunRow], week: Callable[[RunRow], date], *, most: int
) -> Iterable[Misuse]:
    accounts: Counter[tuple[date, str]] = Counter()
    people: Counter[tuple[date, str]] = Counter()
    for row in rows:
        accounts[week(row), f"@{row.run.account.handle}"] += 1
        people[week(row), str(row.run.member)] += 1
    for (monday, name), count in accounts.items():
        if count >= most:
            yield Misuse("account", count, most, name, monday)
    for (monday, name), count in people.items():
        if count > most:
            yield Misuse("person", count, most, name, monday)


def _same_people(rows: Sequence[RunRow]) -> Iterable[Misuse]:
    """Of each author: the same deciders in more than half of three or more decided runs."""
    by_author: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in rows:
        if row.took is not None:
            names = tuple(sorted(str(each) for each in row.deciders))
            by_author[str(row.run.member)].append(names)
    for author, decided in by_author.items():
        names, count = Counter(decided).most_common(1)[0]
        if count >= SAME_PEOPLE_FROM and count * 2 > len(decided):
            yield Misuse("people", count, len(decided), " + ".join([author, *names]))


def report(member: Member, lane: FastLane, *, weeks: int, now: datetime) -> Report:
    """Read the use of the lane in the last ``weeks`` weeks, this one included."""
    since = week_of(lane.workspace, now - timedelta(weeks=weeks - 1))
    everything = _rows(member, since=since)
    rows = [row for row in everything if row.run.state != FastOutcome.UNDONE]

    def week(row: RunRow) -> date:
        return week_of(lane.workspace, row.run.started_at).date()

    total = Tally("")
    for row in rows:
        total.add(row)
    gone = Counter(row.run.reason.shown_text for row in rows if not row.run.reason.active)
    return Report(
        since=since,
        rows=rows,
        total=total,
        undone=len(everything) - len(rows),
        weeks=_tallies(rows, week),
        members=sorted(_tallies(rows, lambda row: row.run.member), key=lambda t: -t.runs),
        accounts=sorted(_tallies(rows, lambda row: row.run.account), key=lambda t: -t.runs),
        misuse=[
            *(Misuse("reason", count, len(rows), text) for text, count in gone.items()),
            *_too_often(rows, week, most=lane.weekly_most),
            *_same_people(rows),
        ],
    )
