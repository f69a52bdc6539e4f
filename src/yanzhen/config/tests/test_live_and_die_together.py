"""The supervisor: children start together, end together, and never outlive their parent.

It takes over the signals of its process, so each test runs it in a process of its own.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from yanzhen.config.children import Supervisor

SECONDS = 15
SLEEPS = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
#: Each child writes its number to a file, then does what its last argument says.
CHILD = "import os, sys; open(sys.argv[1], 'w').write(str(os.getpid())); exec(sys.argv[2])"
PARENT = """
import os, sys
from yanzhen.config import children

children.STOP_SECONDS = 1.0
child, folder, *programs = sys.argv[1:]
parts = [
    children.Child(f"part {n}", [sys.executable, "-c", child, f"{folder}/{n}", it], {**os.environ})
    for n, it in enumerate(programs)
]
group = children.Supervisor(parts, say=lambda line: print(line, flush=True))
group.start()
try:
    code = group.wait()
finally:
    group.stop()
sys.exit(code)
"""


def is_alive(pid: int) -> bool:
    """Tell whether the process runs; a zombie nobody has waited for yet does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def ignores(pid: int, number: signal.Signals) -> bool:
    """Tell whether the process has asked to be spared the signal."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    mask = int(status.partition("SigIgn:")[2].split()[0], 16)
    return bool(mask >> (number - 1) & 1)


def wait_until(true, what):
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, f"not within {SECONDS} s: {what}"
        time.sleep(0.02)


class Group:
    """A supervisor in a process of its own, and the numbers of its children."""

    def __init__(self, folder, programs):
        self.files = [folder / str(n) for n in range(len(programs))]
        self.parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, CHILD, str(folder), *programs],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pids = []

    def started(self):
        wait_until(lambda: all(f.exists() and f.read_text() for f in self.files), "all started")
        self.pids = [int(f.read_text()) for f in self.files]
        return self

    def ended(self):
        """Return the supervisor's exit code and what it said; no child may be left."""
        said, _nothing = self.parent.communicate(timeout=SECONDS)
        assert [pid for pid in self.pids if is_alive(pid)] == []
        return self.parent.returncode, said.strip()

    def clean_up(self):
        for pid in (self.parent.pid, *self.pids):
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)
        self.parent.communicate()


@pytest.fixture
def group(tmp_path):
    made = []

    def start(*programs):
        made.append(Group(tmp_path, programs))
        return made[-1].started()

    yield start
    for each in made:
        each.clean_up()


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")


def test_start_runs_every_child(group):
    running = group(SLEEPS, SLEEPS, SLEEPS)
    assert all(is_alive(pid) for pid in running.pids)
    assert len(set(running.pids)) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_all_within_seconds(group, number):
    running = group(SLEEPS, SLEEPS)
    began = time.monotonic()
    running.parent.send_signal(number)
    assert running.ended() == (0, "")
    assert time.monotonic() - began < 5


def test_child_that_dies_ends_all_and_is_named(group):
    running = group(SLEEPS, SLEEPS)
    os.kill(running.pids[1], signal.SIGKILL)
    assert running.ended() == (9, "part 1 stopped with code -9")


def test_child_that_fails_hands_on_its_code(group):
    assert group(SLEEPS, "import time; time.sleep(.3); raise SystemExit(3)").ended() == (
        3,
        "part 1 stopped with code 3",
    )


def test_stubborn_child_is_ended_when_time_is_up(group):
    running = group(SLEEPS, STUBBORN)
    wait_until(lambda: ignores(running.pids[1], signal.SIGTERM), "it ignores the signal")
    running.parent.terminate()
    assert running.ended() == (0, "part 1 does not stop; ending it")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_killed_parent_takes_its_children_along(group):
    running = group(SLEEPS, SLEEPS)
    running.parent.kill()
    wait_until(lambda: not any(map(is_alive, running.pids)), "children ended")


def test_wait_until_open_returns_when_somebody_listens():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        began = time.monotonic()
        Supervisor([], say=print).wait_until_open(*door.getsockname(), timeout_seconds=SECONDS)
    assert time.monotonic() - began < 5


def test_wait_until_open_gives_up_when_time_is_up():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))  # taken, but nobody listens
        began = time.monotonic()
        Supervisor([], say=print).wait_until_open(*door.getsockname(), timeout_seconds=0.3)
    assert 0.3 <= time.monotonic() - began < 5
