"""P4: the engine under thousands of seeds, each a day of trouble and a night to come to rest.

``SEED=123 pytest -s <this file>`` prints the whole trace of one seed. ``PROVE=1`` plays as many as
fit into ten minutes.
"""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest

from tools.figures import note
from yanzhen.publishing.tests.simulation.mutants import ENGINE, MUTANTS, Mutant

HERE = "src/yanzhen/publishing/tests/simulation/test_simulation.py"
PROVE = bool(os.environ.get("PROVE"))
ONLY = os.environ.get("SEED")
SEEDS = 40
PROVE_SECONDS = 600
#: With PROVE every shard plays every n-th seed, so that two processes share the work.
SHARDS = 2 if PROVE else 1
REPLAYED = 10
MOST_SEEDS_FOR_A_MUTANT = 2000 if PROVE else 120
LEAST_MUTANTS = 8


def seeds(shard):
    """Give the seeds to play: one, a fixed number, or all that fit into the time."""
    if ONLY:
        yield int(ONLY)
        return
    until = time.monotonic() + PROVE_SECONDS
    seed = shard
    while time.monotonic() < until if PROVE else seed < SEEDS:
        yield seed
        seed += SHARDS


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_seed_breaks_a_promise(theatre, shard):
    began, played, total = time.monotonic(), 0, Counter()
    for seed in seeds(shard):
        result = theatre.play(seed)
        if ONLY:
            print("\n".join(result.trace))  # noqa: T201 -- somebody asked to see this seed
        assert not result.faults, result.story()
        total.update(result.counts)
        played += 1
    took = time.monotonic() - began
    counted = [total[what] for what in ("intents", "requests", "published", "held")]
    assert ONLY or min(counted) > 0
    note(
        "P4",
        f"{HERE}::test_no_seed_breaks_a_promise",
        f"0 violations in {played} seeds ({played / took:.1f}/s): {total['intents']} intents, "
        f"{total['requests']} requests, {total['published']} published, {total['held']} held, "
        f"{total['killed']} kills, {total['paused']} pauses",
    )


@pytest.mark.slow
@pytest.mark.skipif(bool(ONLY), reason="one seed was asked for")
def test_a_seed_replays_identically(theatre):
    for seed in range(REPLAYED):
        first, second = theatre.play(seed), theatre.play(seed)
        assert first.digest == second.digest, _where_they_part(first, second)
    note(
        "P4",
        f"{HERE}::test_a_seed_replays_identically",
        f"{REPLAYED} of {REPLAYED} seeds give the same trace twice",
    )


def _where_they_part(first, second):
    pairs = zip(first.trace, second.trace, strict=False)
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), -1)
    return f"seed {first.seed} parts at line {at}: {first.trace[at]!r} / {second.trace[at]!r}"


def first_red(theatre, mutant):
    """Return the first seed that catches ``mutant`` and what it saw, the known one tried first."""
    for seed in (mutant.seen_by, *range(MOST_SEEDS_FOR_A_MUTANT)):
        result = theatre.play(seed)
        if result.faults:
            return result
    return None


@pytest.mark.slow
@pytest.mark.skipif(bool(ONLY), reason="one seed was asked for")
def test_every_mutant_is_caught(theatre, monkeypatch):
    caught = {}
    assert len(MUTANTS) >= LEAST_MUTANTS
    for mutant in MUTANTS:
        with monkeypatch.context() as broken:
            mutant.put_in(broken)
            red = first_red(theatre, mutant)
        assert red is not None, f"{MOST_SEEDS_FOR_A_MUTANT} seeds did not catch: {mutant.name}"
        caught[mutant.name] = red.seed
        print(f"{mutant.name}: seed {red.seed}, {red.faults[0]}")  # noqa: T201 -- the figures
    note(
        "P4",
        f"{HERE}::test_every_mutant_is_caught",
        f"{len(caught)} of {len(MUTANTS)} mutants caught, the last by seed {max(caught.values())}",
    )


def test_mutant_whose_target_was_renamed_fails_loudly(monkeypatch):
    with pytest.raises(AttributeError, match="_renamed"):
        Mutant("gone", {ENGINE + "reaper._renamed": None}, seen_by=0).put_in(monkeypatch)
