"""The real web process, as `yanzhen up` starts it, cannot open what the vault sealed."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx2
import pytest
from django.conf import settings

from yanzhen.channels.opening import Opener
from yanzhen.channels.vault import Place
from yanzhen.config.management.commands.up import Command
from yanzhen.config.tests.running import SOURCES, free_port

CANARY = b"canary-9b1e-token"
HERE = Place(1, "7", "tokens", "practice")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux hides folders")

#: The site's own application with one more address, which tries to open a sealed value.
PROBE = """
import json, os, pathlib
from yanzhen.config.asgi import application as site
from yanzhen.channels.opening import Opener, opener
from yanzhen.channels.vault import Place

sealed = bytes.fromhex(os.environ["PROBE_SEALED"])
here = Place(1, "7", "tokens", "practice")
folder = pathlib.Path(os.environ["YANZHEN_DATA"]) / "keys"


def tried(way):
    try:
        return way().decode()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def by_hand():
    return Opener(folder, folder / "worker").open(sealed, here)


async def application(scope, receive, send):
    if scope.get("path") != "/probe":
        return await site(scope, receive, send)
    told = {
        "asked": tried(lambda: opener().open(sealed, here)),
        "by hand": tried(by_hand),
        "may": os.environ.get("YANZHEN_MAY_OPEN"),
    }
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})
"""

#: A child that tries every way around; it prints what it got.
PRISONER = """
import os, pathlib, subprocess, sys
folder, parent = pathlib.Path(sys.argv[1]), sys.argv[2]
def tried(way):
    try:
        return str(way())
    except Exception as error:
        return type(error).__name__
print("listed", tried(lambda: sorted(p.name for p in folder.iterdir())))
print("read", tried(lambda: (folder / "secret").read_text()))
print("past", tried(lambda: pathlib.Path(f"/proc/{parent}/root{folder}/secret").read_text()))
print("memory", tried(lambda: open(f"/proc/{parent}/mem", "rb").read(0)))
subprocess.run(["umount", str(folder)], capture_output=True)
print("lifted", tried(lambda: (folder / "secret").read_text()))
subprocess.run(["unshare", "-Urm", "umount", str(folder)], capture_output=True)
peel = f"umount {folder}; cat {folder}/secret"
inside = subprocess.run(["unshare", "-Urm", "sh", "-c", peel], capture_output=True, text=True)
print("peeled", inside.stdout.strip() or "nothing")
print("beside", (folder.parent / "other").read_text())
"""
STARTS = """
import os, sys
from pathlib import Path
from yanzhen.config.children import Child, Supervisor
folder = Path(sys.argv[1])
command = [sys.executable, "-c", sys.argv[2], str(folder), str(os.getpid())]
group = Supervisor([Child("site", command, dict(os.environ), hidden=folder)], say=print)
group.start()
sys.exit(group.wait())
"""


@pytest.fixture
def up_environment(tmp_path):
    """The environment in which `up` starts the site, and a value sealed by its vault."""
    data = tmp_path / "data"
    box = Opener(data / "keys", data / "keys" / "worker")
    box.ensure_pair()
    sealed = box.seal(CANARY, HERE)
    assert box.open(sealed, HERE) == CANARY
    environment = {
        **os.environ,
        "YANZHEN_DATA": str(data),
        "YANZHEN_X_API_BASE_URL": "http://127.0.0.1:9",
        "PYTHONPATH": f"{SOURCES}:{tmp_path}",
        "PROBE_SEALED": sealed.hex(),
    }
    environment.pop("YANZHEN_DATABASE_URL", None)
    (tmp_path / "probe.py").write_text(PROBE)
    return environment


@pytest.mark.slow
@pytest.mark.parametrize("flagged", [True, False], ids=["as up starts it", "without its flag"])
def test_web_process_cannot_open_a_sealed_value(up_environment, flagged):
    port = free_port()
    web = next(child for child in Command()._children("127.0.0.1", port) if child.name == "web")
    assert web.hidden is not None
    command = [
        "probe:application" if part.endswith(":application") else part for part in web.command
    ]
    flag = {name: web.environment[name] for name in ("YANZHEN_MAY_OPEN",) if flagged}
    process = subprocess.Popen(command, env={**up_environment, **flag})
    try:
        told = asked(f"http://127.0.0.1:{port}/probe", process)
    finally:
        process.terminate()
        process.wait(20)
    assert told["may"] == ("no" if flagged else None)
    assert told["asked"].startswith("VaultClosed: This process serves pages")
    assert CANARY.decode() not in told["asked"]


def asked(url, process):
    """Ask until the process answers."""
    for _attempt in range(300):
        assert process.poll() is None
        try:
            return json.loads(httpx2.get(url, timeout=5).content)
        except httpx2.TransportError:
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
    raise AssertionError("no answer")


def test_site_is_started_without_leave_to_open_and_with_the_keys_hidden():
    site, worker = Command()._children("127.0.0.1", 1)
    assert (site.name, site.environment["YANZHEN_MAY_OPEN"]) == ("web", "no")
    assert site.hidden == Path(settings.DATA) / "keys" / "worker"
    assert "YANZHEN_MAY_OPEN" not in worker.environment
    assert worker.hidden is None


@LINUX
@pytest.mark.parametrize("who", ["as started", "as nobody"])
def test_hidden_folder_is_out_of_reach_whatever_the_child_tries(who):
    user = {} if who == "as started" else {"user": 65534, "group": 65534, "extra_groups": []}
    # This one may lie in a home of its own, where nobody else may go.
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin") if user else sys.executable
    if user and (os.geteuid() != 0 or python is None):
        pytest.skip("needs root, to start a Python that everybody may run as somebody else")
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        folder = Path(place) / "worker"
        folder.mkdir()
        (folder / "secret").write_text("canary")
        (Path(place) / "other").write_text("mine")
        for path in (Path(place), folder, folder / "secret"):
            path.chmod(0o755)
        ran = subprocess.run(
            [python, "-c", STARTS, str(folder), PRISONER],
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            **user,
        )
        assert stat.S_ISREG((folder / "secret").stat().st_mode)
    if "does not let Yanzhen hide" in ran.stderr:
        pytest.skip("this system lets nobody have a view of the files of their own")
    told = dict(line.split(" ", 1) for line in ran.stdout.splitlines())
    assert told == {
        "listed": "[]",
        "read": "FileNotFoundError",
        "past": "PermissionError",
        "memory": "PermissionError",
        "lifted": "FileNotFoundError",
        "peeled": "nothing",
        "beside": "mine",
    }, ran.stderr
