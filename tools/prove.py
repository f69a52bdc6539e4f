"""``make prove``: run the proofs in their release sizes, one promise after the other.

``python -m tools.prove [P7 ...] [--db=pg]`` runs all of them or those named, keeps what each put
down, and writes docs/promises.md. What was measured before stays for promises that are not run, so
a long evening can be taken up where it was broken off.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from tools.figures import ASKED
from tools.promises import (
    PAGE,
    PROMISES,
    ROOT,
    Measured,
    Promise,
    function_of,
    number_of,
    remember,
    remembered,
)


def prove(promise: Promise, options: Sequence[str]) -> list[Measured] | None:
    """Run one promise's tests in release size; None when one of them failed."""
    with tempfile.TemporaryDirectory(prefix="yz-prove-") as folder:
        figures, report = Path(folder) / "figures.jsonl", Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-s", "--tb=short"]
        command += ["-p", "no:cacheprovider", f"--junitxml={report}", *options, *promise.tests]
        if promise.processes > 1:
            command += ["-n", str(promise.processes)]
        # What a run around this one says of itself is not true of the run begun here.
        around = {name for name in os.environ if name.startswith("PYTEST_")}
        env = {name: value for name, value in os.environ.items() if name not in around}
        env |= {"PROVE": "1", ASKED: str(figures)}
        done = subprocess.run(command, env=env, cwd=ROOT, check=False)
        if done.returncode:
            return None
        return [*_noted(figures), *_passed(promise, report, figures)]


def _lines(figures: Path) -> list[dict[str, str]]:
    if not figures.exists():
        return []
    return [json.loads(line) for line in figures.read_text(encoding="utf-8").splitlines()]


def _noted(figures: Path) -> list[Measured]:
    return [
        Measured(line["promise"], line["test"], line["figure"], line["at"][:10])
        for line in _lines(figures)
    ]


def _passed(promise: Promise, report: Path, figures: Path) -> list[Measured]:
    """Return how many cases passed for each test that put down no figure of its own."""
    told = {function_of(line["test"]).partition("::")[2] for line in _lines(figures)}
    passed: Counter[str] = Counter()
    # Our own pytest wrote it a moment ago.
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 -- see the line above
        if case.find("skipped") is None:
            passed[function_of(case.get("name", ""))] += 1
    today = datetime.now(UTC).date().isoformat()
    names = {node: node.partition("::")[2] for node in promise.tests}
    return [
        Measured(promise.number, node, f"{passed[name]} of {passed[name]} cases pass", today)
        for node, name in names.items()
        if name not in told and passed[name]
    ]


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; the number of promises that do not hold is the exit code."""
    options = [one for one in arguments if one.startswith("-")]
    try:
        wanted = {number_of(one) for one in arguments if not one.startswith("-")}
    except KeyError as unknown:
        known = ", ".join(promise.number for promise in PROMISES)
        print(f"There is no promise {unknown}. Known ones: {known}.")
        return 2
    began, broken = time.monotonic(), []
    for promise in PROMISES:
        if not promise.tests or (wanted and promise.number not in wanted):
            continue
        print(f"== {promise.number}: {promise.says}", flush=True)
        at = time.monotonic()
        measured = prove(promise, options)
        print(f"== {promise.number} took {time.monotonic() - at:.0f} s", flush=True)
        if measured is None:
            broken.append(promise.number)
            continue
        # Written after each, so that a run that is broken off loses nothing.
        others = [one for one in remembered() if one.promise != promise.number]
        remember([*others, *measured])
    print(f"{PAGE.relative_to(ROOT)} is written; all of it took {time.monotonic() - began:.0f} s.")
    if broken:
        print(f"NOT HELD: {', '.join(broken)}")
    return len(broken)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
