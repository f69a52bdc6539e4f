"""The test database as migrations leave it: made once, then copied, for SQLite and PostgreSQL.

Running every migration takes many seconds, and each process of a run would do it again. So the
first one keeps what came out, in a file named after all that the migrations depend on, and whoever
comes next, in this run or a later one, starts from that file.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tools.postgres import Runner, find_binaries

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
KEPT = 4  # two databases, on two branches


class CannotCopy(Exception):
    """PostgreSQL’s own tools refused; the message is theirs."""


def fingerprint(src: Path = SRC, lock: Path = ROOT / "requirements.lock") -> str:
    """Name what the migrations depend on: their text, the project's modules they import, the lock.

    Models are not among it: a model without its migration fails a gate of its own.
    """
    found = hashlib.sha256(lock.read_bytes())
    migrations = sorted(src.glob("*/*/migrations/*.py"))
    for path in [*migrations, *sorted(_imported(migrations, src))]:
        found.update(f"{path.relative_to(src)}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:24]


def _imported(paths: list[Path], src: Path) -> set[Path]:
    modules: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module:
                modules |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
            elif isinstance(node, ast.Import):
                modules |= {name.name for name in node.names}
    files = (src / f"{module.replace('.', '/')}.py" for module in modules)
    return {file for file in files if file.exists()} - set(paths)


class Migrated:
    """A place for one test database. ``lay()`` before Django sets it up, ``keep()`` after."""

    def __init__(self, folder: Path, connection: BaseDatabaseWrapper) -> None:
        kind = _Sqlite if connection.vendor == "sqlite" else _Postgres
        self._database = kind(connection)
        self._file = folder / f"{connection.vendor}-{fingerprint()}"
        self._lock: IO[bytes] | None = None

    def lay(self) -> bool:
        """Put a copy where the test database belongs, if one is kept; tell whether it was.

        If none is, the caller is the one to make it: others wait here until it is kept, or until
        the caller's process has ended.
        """
        if not self._file.exists():
            self._lock = self._file.with_suffix(".lock").open("wb")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            if not self._file.exists():
                return False
            self.release()
        self._database.lay(self._file)
        return True

    def keep(self) -> None:
        """Keep the database that was just migrated, unless it came from a copy."""
        if self._lock is None:
            return
        draft = self._file.with_suffix(f".{os.getpid()}")
        self._database.keep(draft)
        draft.replace(self._file)
        self._forget_older()
        self.release()

    def release(self) -> None:
        """Let the others go on."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _forget_older(self) -> None:
        kept = [path for path in self._file.parent.iterdir() if not path.suffix]
        for path in sorted(kept, key=lambda path: path.stat().st_mtime)[:-KEPT]:
            path.unlink(missing_ok=True)
            path.with_suffix(".lock").unlink(missing_ok=True)


class _Sqlite:
    """A file."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._path = Path(connection.settings_dict["TEST"]["NAME"])

    def lay(self, file: Path) -> None:
        shutil.copyfile(file, self._path)

    def keep(self, draft: Path) -> None:
        with self._connection.cursor() as cursor:
            # Not a copy of the file: what is still in the log beside it would be missing.
            cursor.execute("VACUUM INTO %s", [str(draft)])


class _Postgres:
    """A dump."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        settings = connection.settings_dict
        self._where = ("-h", settings["HOST"], "-p", str(settings["PORT"]), "-U", settings["USER"])
        # Read now: once Django has set the test database up, NAME is the test database's.
        self._name = settings["TEST"]["NAME"] or f"test_{settings['NAME']}"

    def lay(self, file: Path) -> None:
        self._run("createdb", self._name)
        self._run("psql", "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(file), "-d", self._name)

    def keep(self, draft: Path) -> None:
        self._run("pg_dump", "-f", str(draft), "-d", self._name)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [find_binaries(Runner.for_us()) / program, *self._where, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CannotCopy(f"{program}: {done.stderr.strip()}")
